"""Starts `akiya worker` again and again: what it loads is loaded once, and each is a fork in a session of its own.

A line on the standard input starts one, and its process number is answered.
"""

import os
import signal
import sys

import akiya.commands.site  # noqa: F401  (all that a worker loads)
from akiya.commands.main import main

if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    for _line in sys.stdin:
        if not (number := os.fork()):
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            os.close(0)
            main(["worker"])
        print(number, flush=True)

"""Start many `akiya worker` processes: modules are loaded once, and each worker is a fork in its own session.

Each line on standard input starts one; its process id is printed.
"""

import os
import signal
import sys

import akiya.commands.site  # noqa: F401  (loads all modules of a worker)
from akiya.commands.main import main

if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for killed workers
    for _line in sys.stdin:
        if not (number := os.fork()):
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            os.close(0)
            main(["worker"])
        print(number, flush=True)

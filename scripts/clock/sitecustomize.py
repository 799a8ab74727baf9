"""Shift the wall clock of every Python process of a test run: `scripts/test --at` adds this folder to PYTHONPATH.

libfaketime 0.9.10 would shift the clock of every program. But with it time.sleep of Python 3.11 fails, or, if the
monotonic clock is shifted too, a lock with a timeout never returns.
"""

import os
import time

import time_machine

time_machine.travel(time.time() + float(os.environ["AKIYA_TEST_CLOCK_SHIFT_S"]), tick=True).start()

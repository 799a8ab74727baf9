"""Shift the wall clock of every Python process of a test run: `scripts/test --at` puts this folder into PYTHONPATH.

libfaketime 0.9.10 would shift every program's, but under it time.sleep of Python 3.11 fails, or, where the monotonic clock is
shifted too, a lock with a timeout never returns.
"""

import os
import time

import time_machine

time_machine.travel(time.time() + float(os.environ["AKIYA_TEST_CLOCK_SHIFT_S"]), tick=True).start()

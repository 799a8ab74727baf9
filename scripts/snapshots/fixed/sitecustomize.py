"""Make random values the same in each run, and sleep not at all: loaded by every Python process of a snapshot."""

import hashlib
import itertools
import os
import time
from collections import defaultdict

# One sequence for each length, so that one salt more or less does not change every later token.
_drawn: defaultdict[int, "itertools.count[int]"] = defaultdict(itertools.count)
_step = os.environ.get("SNAPSHOT_STEP", "")


def _urandom(size: int, /) -> bytes:
    """Return `size` bytes, the same at the n-th call with this size in every process of the same step."""
    return hashlib.shake_256(f"{_step} {size} {next(_drawn[size])}".encode()).digest(size)


os.urandom = _urandom
time.sleep = lambda _seconds: None  # with a stopped clock no wait would end

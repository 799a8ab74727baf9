"""Folders for work in progress: it is known of each whether the process that made it still lives."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def workplace(root: Path) -> Iterator[Path]:
    """A new folder below `root`, gone afterwards. A process that is killed leaves it behind, and `abandoned` finds it."""
    root.mkdir(parents=True, exist_ok=True)
    folder = root / secrets.token_hex(10)
    with _alone(root):
        folder.mkdir(mode=0o700)
        held = os.open(folder, os.O_RDONLY)
        # The kernel gives the lock back when the process ends, however it ends; a number of a process may be used again.
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def abandoned(root: Path) -> list[Path]:
    """The folders below `root` whose processes of this machine have ended."""
    if not root.is_dir():
        return []
    with _alone(root):
        return [folder for folder in sorted(root.iterdir()) if folder.is_dir() and not _is_held(folder)]


def _is_held(folder: Path) -> bool:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return True  # its process has just done its work
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Nobody makes a folder or looks at them meanwhile: between making one and locking it, it would seem abandoned."""
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

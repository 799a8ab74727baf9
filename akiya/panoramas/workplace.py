"""Folders for work in progress, of which other processes can see whether the process that made them still runs."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def workplace(root: Path) -> Iterator[Path]:
    """Create a folder below `root` for the block, and delete it afterwards.

    A process that is killed leaves its folder behind, which `abandoned` then finds.
    """
    root.mkdir(parents=True, exist_ok=True)
    folder = root / secrets.token_hex(10)
    with _alone(root):
        folder.mkdir(mode=0o700)
        held = os.open(folder, os.O_RDONLY)
        # A lock and no process id: the kernel releases the lock however the process ends, but an id may be used again.
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def abandoned(root: Path) -> list[Path]:
    """Return the folders below `root` whose processes on this machine have ended."""
    if not root.is_dir():
        return []
    with _alone(root):
        return [folder for folder in sorted(root.iterdir()) if folder.is_dir() and not _is_held(folder)]


def _is_held(folder: Path) -> bool:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return True  # its process has just finished and deleted it
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Lock `root` against other processes: between its creation and its lock, a folder would seem abandoned."""
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

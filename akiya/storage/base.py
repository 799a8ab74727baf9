"""Files beside the database: local folders or an S3 bucket, with the same behaviour.

A key is `public/…` (served as it is, immutable) or `private/…` (never served). Keys are made by services, never by users.
"""

import mimetypes
import re
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

TOPS = ("public", "private")
"""The folders of which every key is in one."""
_FOLDER = re.compile(r"(public|private)(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
PART = ".part"
"""What a file is called while it is being written. No key ends so."""
IMMUTABLE = "public, max-age=31536000, immutable"
mimetypes.add_type("image/webp", ".webp")
mimetypes.add_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")

_AT_ONCE = 8  # a boto3 client keeps ten connections


def shaped(key: str) -> str:
    """`key`, which is one or the name of an unfinished file. Raises ValueError."""
    if "/" not in key or not _FOLDER.fullmatch(key) or ".." in key:
        raise ValueError(f"not a storage key: {key!r}")
    return key


def checked(key: str) -> str:
    """`key`, which is one. Raises ValueError."""
    if key.endswith(PART):
        raise ValueError(f"not a storage key: {key!r}")
    return shaped(key)


def is_ours(name: str) -> bool:
    """Whether what is kept under that name is a file of ours."""
    return bool(_FOLDER.fullmatch(name)) and ".." not in name and not name.endswith(PART)


def folder_of_keys(prefix: str) -> str:
    """`prefix`, which is a key or one of TOPS. Raises ValueError."""
    return prefix if prefix in TOPS else checked(prefix)


@dataclass(frozen=True)
class Stored:
    """A file that is kept: its key, its bytes and when it was saved."""

    key: str
    size: int
    saved_at: datetime


class Storage(ABC):
    """Keeps whole files under keys. Every method raises StorageFailed when the files cannot be reached."""

    @abstractmethod
    def save(self, key: str, source: Path) -> None:
        """The bytes of `source` are kept under `key`, replacing what was there, wholly or not at all.

        When this returns they outlast a power cut.
        """

    @abstractmethod
    def fetch(self, key: str, target: Path) -> None:
        """The bytes under `key` are written to `target`. Raises NotFound."""

    @abstractmethod
    def delete(self, prefix: str) -> None:
        """Nothing remains under `prefix` (a key or a folder of keys)."""

    @abstractmethod
    def remove(self, keys: Iterable[str]) -> None:
        """None of these files remains, be it named by its key or one of those that `unfinished` finds."""

    @abstractmethod
    def files(self, prefix: str) -> Iterator[Stored]:
        """Every file under the folder `prefix` (one of TOPS is one), in the order of the keys."""

    @abstractmethod
    def unfinished(self) -> Iterator[Stored]:
        """What saving and deleting left behind when they were killed. None of it is under a key."""

    @abstractmethod
    def sha256(self, key: str) -> str:
        """The SHA-256 of the bytes under `key`, in hexadecimal. Raises NotFound."""

    @abstractmethod
    def url(self, key: str) -> str:
        """The address a browser loads the public `key` (or folder) from."""

    @abstractmethod
    def origin(self) -> str:
        """Return the origin (scheme://host) of every `url`, as a page's policy names it; "" when it is the site's own."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key under the folder `prefix`, in order."""
        return (file.key for file in self.files(prefix))

    def save_tree(self, prefix: str, folder: Path, progress: Callable[[int, int], None] | None = None) -> None:
        """Every file below `folder` is kept under `prefix`, several saved at once; `progress` is told how many of how many.

        When one fails, the error is raised after the others have ended; those that were saved are left to the caller.
        """
        paths = sorted(path for path in folder.rglob("*") if path.is_file())

        def save(path: Path) -> None:
            self.save(f"{prefix}/{path.relative_to(folder).as_posix()}", path)

        for done, _ in enumerate(at_once(save, paths), 1):
            if progress:
                progress(done, len(paths))


def at_once(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """What `work` makes of each item, in order, several at once.

    After a failure nothing new is begun, and it is raised when what was begun has ended.
    """
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > 2 * _AT_ONCE:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

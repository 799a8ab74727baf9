"""Files next to the database, in a local folder or an S3 bucket, with the same behaviour.

A key is `public/…` (served as it is, immutable) or `private/…` (never served). Keys are made by services, never by
users.
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
"""The two top folders; every key is in one of them."""
_FOLDER = re.compile(r"(public|private)(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
PART = ".part"
"""The ending of a file's name while it is being written. No key has it."""
IMMUTABLE = "public, max-age=31536000, immutable"
mimetypes.add_type("image/webp", ".webp")
mimetypes.add_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")

_AT_ONCE = 8  # a boto3 client keeps ten connections


def shaped(key: str) -> str:
    """Return `key` if it has the form of a key or of an unfinished file's name. Raise ValueError otherwise."""
    if "/" not in key or not _FOLDER.fullmatch(key) or ".." in key:
        raise ValueError(f"not a storage key: {key!r}")
    return key


def checked(key: str) -> str:
    """Return `key` if it has the form of a key. Raise ValueError otherwise."""
    if key.endswith(PART):
        raise ValueError(f"not a storage key: {key!r}")
    return shaped(key)


def is_ours(name: str) -> bool:
    """Return whether the name has the form of a key; a folder or bucket may also hold files of others."""
    return bool(_FOLDER.fullmatch(name)) and ".." not in name and not name.endswith(PART)


def folder_of_keys(prefix: str) -> str:
    """Return `prefix` if it is one of TOPS or has the form of a key. Raise ValueError otherwise."""
    return prefix if prefix in TOPS else checked(prefix)


@dataclass(frozen=True)
class Stored:
    """A stored file: its key, its size in bytes and when it was saved."""

    key: str
    size: int
    saved_at: datetime


class Storage(ABC):
    """Stores whole files under keys. Every method raises StorageFailed when the storage cannot be reached."""

    @abstractmethod
    def save(self, key: str, source: Path) -> None:
        """Store the bytes of `source` under `key`, replacing the file there, completely or not at all.

        When this returns, the file survives a power cut.
        """

    @abstractmethod
    def fetch(self, key: str, target: Path) -> None:
        """Write the bytes under `key` to the file `target`. Raise NotFound if there are none."""

    @abstractmethod
    def delete(self, prefix: str) -> None:
        """Delete everything under `prefix`, which is a key or a folder of keys."""

    @abstractmethod
    def remove(self, keys: Iterable[str]) -> None:
        """Delete these files; each name is a key or the name of a file that `unfinished` yields."""

    @abstractmethod
    def files(self, prefix: str) -> Iterator[Stored]:
        """Yield every file in the folder `prefix`, such as one of TOPS, in the order of the keys."""

    @abstractmethod
    def unfinished(self) -> Iterator[Stored]:
        """Yield what saves and deletions left behind when their process was killed. None of it is under a key."""

    @abstractmethod
    def sha256(self, key: str) -> str:
        """Return the SHA-256 of the bytes under `key` in hexadecimal. Raise NotFound if there are none."""

    @abstractmethod
    def url(self, key: str) -> str:
        """Return the address from which a browser loads the public `key`, or the files of a public folder."""

    @abstractmethod
    def origin(self) -> str:
        """Return the origin (scheme://host) of every `url` for a page's policy; "" for the site's own origin."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield every key in the folder `prefix`, in order."""
        return (file.key for file in self.files(prefix))

    def save_tree(self, prefix: str, folder: Path, progress: Callable[[int, int], None] | None = None) -> None:
        """Store every file below `folder` under `prefix`, several at once; call `progress` with (stored, all).

        When one fails, the error is raised after the others have ended; the caller deletes what was stored.
        """
        paths = sorted(path for path in folder.rglob("*") if path.is_file())

        def save(path: Path) -> None:
            self.save(f"{prefix}/{path.relative_to(folder).as_posix()}", path)

        for done, _ in enumerate(at_once(save, paths), 1):
            if progress:
                progress(done, len(paths))


def at_once(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Yield the result of `work` for each item, in order, running several at once in threads.

    After a failure no new item is started, and the error is raised when those that were started have ended.
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

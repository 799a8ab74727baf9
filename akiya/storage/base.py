"""Files beside the database: local folders or an S3 bucket, with the same behaviour.

A key is `public/…` (served as it is, immutable) or `private/…` (never served). Keys are made by services, never by users.
"""

import errno
import hashlib
import mimetypes
import os
import re
import secrets
import shutil
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypeVar
from urllib.parse import urlsplit

from akiya.config import Config
from akiya.errors import NotFound, StorageFailed

T = TypeVar("T")
R = TypeVar("R")

TOPS = ("public", "private")
"""The folders of which every key is in one."""
_FOLDER = re.compile(r"(public|private)(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_PART = ".part"
"""What a file is called while it is being written. No key ends so."""
IMMUTABLE = "public, max-age=31536000, immutable"
mimetypes.add_type("image/webp", ".webp")
mimetypes.add_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")

_AT_ONCE = 8  # a boto3 client keeps ten connections
_TRIES = 5
_FULL = {errno.ENOSPC, errno.EDQUOT}


def shaped(key: str) -> str:
    """`key`, which is one or the name of an unfinished file. Raises ValueError."""
    if "/" not in key or not _FOLDER.fullmatch(key) or ".." in key:
        raise ValueError(f"not a storage key: {key!r}")
    return key


def checked(key: str) -> str:
    """`key`, which is one. Raises ValueError."""
    if key.endswith(_PART):
        raise ValueError(f"not a storage key: {key!r}")
    return shaped(key)


def is_ours(name: str) -> bool:
    """Whether what is kept under that name is a file of ours."""
    return bool(_FOLDER.fullmatch(name)) and ".." not in name and not name.endswith(_PART)


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


class LocalStorage(Storage):
    """Files below a folder; panorama tiles lie there like everything else."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def save(self, key: str, source: Path) -> None:
        target = self.root / checked(key)
        part = target.with_name(f"{target.name}.{secrets.token_hex(6)}{_PART}")
        with disk():
            try:
                with source.open("rb") as given, self._open(part) as file:
                    shutil.copyfileobj(given, file, 1 << 20)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(target)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            for folder in target.relative_to(self.root.parent).parents:
                _sync(self.root.parent / folder)

    def _open(self, part: Path) -> BinaryIO:
        for _ in range(_TRIES):
            part.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # the folder was empty, and somebody tidied it away
                return part.open("xb")
        return part.open("xb")

    def fetch(self, key: str, target: Path) -> None:
        with disk(key):
            shutil.copyfile(self.root / checked(key), target)

    def delete(self, prefix: str) -> None:
        target = self.root / checked(prefix)
        with disk():
            while target.is_dir():
                with suppress(FileNotFoundError):  # somebody deletes the same
                    shutil.rmtree(target)
            target.unlink(missing_ok=True)
            self._tidy(target.parent)

    def remove(self, keys: Iterable[str]) -> None:
        with disk():
            for key in keys:
                target = self.root / shaped(key)
                if target.is_dir():
                    self._tidy(target)
                else:
                    target.unlink(missing_ok=True)
                    self._tidy(target.parent)

    def _tidy(self, folder: Path) -> None:
        """The folder is gone if it is empty, and so are those around it, up to the first two levels."""
        while len(folder.relative_to(self.root).parts) > 2:
            try:
                folder.rmdir()
            except FileNotFoundError:
                pass
            except OSError:  # not empty
                return
            folder = folder.parent

    def files(self, prefix: str) -> Iterator[Stored]:
        with disk():
            yield from self._walk(self.root / folder_of_keys(prefix), folder_of_keys(prefix))

    def _walk(self, folder: Path, key: str) -> Iterator[Stored]:
        with suppress(FileNotFoundError, NotADirectoryError):
            with os.scandir(folder) as found:
                # As S3 does it: "a-b/c" comes before "a/b".
                entries = sorted((f"{key}/{entry.name}" + "/" * entry.is_dir(), entry) for entry in found)
            for name, entry in entries:
                if name.endswith("/"):
                    yield from self._walk(folder / entry.name, name.removesuffix("/"))
                elif is_ours(name):
                    with suppress(FileNotFoundError):
                        yield _stored(name, entry.stat())

    def unfinished(self) -> Iterator[Stored]:
        with disk():
            for top in TOPS:
                for path in sorted((self.root / top).rglob("*")):
                    key = path.relative_to(self.root).as_posix()
                    with suppress(FileNotFoundError):
                        if key.endswith(_PART) or (key.count("/") > 1 and path.is_dir() and not any(path.iterdir())):
                            yield _stored(key, path.stat())

    def sha256(self, key: str) -> str:
        with disk(key), (self.root / checked(key)).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def url(self, key: str) -> str:
        return "/media/" + checked(key).removeprefix("public/")


def _stored(key: str, found: os.stat_result) -> Stored:
    return Stored(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


def _sync(folder: Path) -> None:
    """The names in the folder outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def disk(key: str = "") -> Iterator[None]:
    """Errors of the file system are told as our own; what is not there is NotFound where a key is given."""
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        if not key:
            raise
        raise NotFound(key) from error
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFailed(
                "サーバーのディスクがいっぱいで、ファイルを保存できません。今の操作のほかに失われたものはありません。"
                "システムの担当者に、空き容量を増やすよう伝えてください。"
            ) from error
        raise StorageFailed(
            f"サーバーのファイルの置き場所を読み書きできません（{error.strerror}）。"
            "少し待ってもう一度試し、続くときはシステムの担当者に伝えてください。"
        ) from error


def open_storage(config: Config) -> Storage:
    """The storage that the settings name."""
    if config.storage == "local":
        return LocalStorage(config.data / "media")
    from akiya.storage_s3 import S3Storage  # it takes 25 MB, and most installations keep their files in a folder

    parts = urlsplit(config.storage)
    return S3Storage(parts.netloc, parts.path, config.s3_endpoint, config.media_url)

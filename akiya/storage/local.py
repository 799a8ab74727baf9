"""Store files below a folder of this machine."""

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from akiya.errors import NotFound, StorageFailed
from akiya.storage.base import PART, TOPS, Storage, Stored, checked, folder_of_keys, is_ours, shaped

_TRIES = 5


_FULL = {errno.ENOSPC, errno.EDQUOT}


class LocalStorage(Storage):
    """A storage of files below the folder `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def save(self, key: str, source: Path) -> None:
        """Write the file under a temporary name, sync it to the disk, and rename it."""
        target = self.root / checked(key)
        part = target.with_name(f"{target.name}.{secrets.token_hex(6)}{PART}")
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
            with suppress(FileNotFoundError):  # another process deleted the empty folder since it was created
                return part.open("xb")
        return part.open("xb")

    def fetch(self, key: str, target: Path) -> None:
        """Copy the file to `target`. Raise NotFound if it does not exist."""
        with disk(key):
            shutil.copyfile(self.root / checked(key), target)

    def delete(self, prefix: str) -> None:
        """Delete the file or the folder, and the folders above it that are empty then."""
        target = self.root / checked(prefix)
        with disk():
            while target.is_dir():
                with suppress(FileNotFoundError):  # another process is deleting the same folder
                    shutil.rmtree(target)
            target.unlink(missing_ok=True)
            self._tidy(target.parent)

    def remove(self, keys: Iterable[str]) -> None:
        """Delete these files and empty folders, and the folders above them that are empty then."""
        with disk():
            for key in keys:
                target = self.root / shaped(key)
                if target.is_dir():
                    self._tidy(target)
                else:
                    target.unlink(missing_ok=True)
                    self._tidy(target.parent)

    def _tidy(self, folder: Path) -> None:
        """Delete the folder if it is empty, then those above it that are empty too, except the first two levels."""
        while len(folder.relative_to(self.root).parts) > 2:
            try:
                folder.rmdir()
            except FileNotFoundError:
                pass
            except OSError:  # not empty
                return
            folder = folder.parent

    def files(self, prefix: str) -> Iterator[Stored]:
        """Yield the files in the folder `prefix`, in the order in which S3 lists keys."""
        with disk():
            yield from self._walk(self.root / folder_of_keys(prefix), folder_of_keys(prefix))

    def _walk(self, folder: Path, key: str) -> Iterator[Stored]:
        with suppress(FileNotFoundError, NotADirectoryError):
            with os.scandir(folder) as found:
                # The "/" counts in the order, as on S3: "a-b/c" comes before "a/b".
                entries = sorted((f"{key}/{entry.name}" + "/" * entry.is_dir(), entry) for entry in found)
            for name, entry in entries:
                if name.endswith("/"):
                    yield from self._walk(folder / entry.name, name.removesuffix("/"))
                elif is_ours(name):
                    with suppress(FileNotFoundError):
                        yield _stored(name, entry.stat())

    def unfinished(self) -> Iterator[Stored]:
        """Yield files that were never renamed to their key, and empty folders."""
        with disk():
            for top in TOPS:
                for path in sorted((self.root / top).rglob("*")):
                    key = path.relative_to(self.root).as_posix()
                    with suppress(FileNotFoundError):
                        if key.endswith(PART) or (key.count("/") > 1 and path.is_dir() and not any(path.iterdir())):
                            yield _stored(key, path.stat())

    def sha256(self, key: str) -> str:
        """Return the SHA-256 of the file in hexadecimal. Raise NotFound if it does not exist."""
        with disk(key), (self.root / checked(key)).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def url(self, key: str) -> str:
        """Return the site's own address of the public file or folder."""
        return "/media/" + checked(key).removeprefix("public/")

    def origin(self) -> str:
        """Return "": the site serves the files itself."""
        return ""


def _stored(key: str, found: os.stat_result) -> Stored:
    return Stored(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


def _sync(folder: Path) -> None:
    """Sync the folder's entries to the disk, so that new names survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def disk(key: str = "") -> Iterator[None]:
    """Translate file system errors in the block to StorageFailed, and a missing file to NotFound if `key` is given."""
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

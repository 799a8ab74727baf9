"""Export all tables and files into one ZIP, as of one moment, while the site goes on working."""

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from sqlalchemy.engine import Connection

from akiya.archive import tables
from akiya.archive.describing import readme
from akiya.archive.manifest import DERIVED, FILES, FOLDER, MANIFEST, README, ArchivePart, Manifest, member_of
from akiya.db import db, now
from akiya.errors import NotFound
from akiya.municipalities.models import Prefecture
from akiya.readiness import known_versions
from akiya.storage.base import TOPS, Storage, Stored, at_once
from akiya.storage.local import disk

_CHUNK = 1 << 20


@dataclass
class Exported:
    """The result of an export: the numbers of rows and files, and the total size of the files in bytes.

    `gone` are the keys of files that were deleted during the export: rows of the archive may still name them.
    """

    rows: int = 0
    files: int = 0
    size: int = 0
    gone: list[str] = field(default_factory=list)


def export(
    storage: Storage,
    target: Path,
    *,
    accounts: bool = False,
    derived: bool = True,
    progress: Callable[[int], None] = lambda size: None,
) -> Exported:
    """Write an archive of every table and file to `target`, completely or not at all, readable only by its owner.

    `accounts` includes password hashes and TOTP secrets; `derived` includes the tiles of panoramas. All rows are as of
    one moment. `progress` is called with the size in bytes of each file. Raise StorageFailed if a file cannot be read
    or written.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        with disk(), open(part, "wb", opener=_private) as file:  # Path.open takes no opener
            with zipfile.ZipFile(file, "w", allowZip64=True) as archive, tempfile.TemporaryDirectory() as folder:
                found = _write(archive, storage, Path(folder), accounts=accounts, derived=derived, progress=progress)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return found


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write(
    archive: zipfile.ZipFile,
    storage: Storage,
    folder: Path,
    *,
    accounts: bool,
    derived: bool,
    progress: Callable[[int], None],
) -> Exported:
    found, parts = Exported(), {}
    with _one_moment() as connection:
        prefecture = connection.scalar(db.select(Prefecture.name)) or ""
        manifest = Manifest(known_versions()[-1], f"{now():%Y-%m-%dT%H:%M:%SZ}", prefecture, accounts, derived)
        # Listed now, not while copying: a file that is deleted from here on is missing, and reported in `gone`.
        with (folder / "keys").open("w", encoding="ascii") as keys:
            keys.writelines(f"{file.size} {file.key}\n" for file in _kept(storage, derived=derived))
        parts[README] = _pack(archive, README, [readme(manifest).encode()])
        for table in tables.chosen(accounts=accounts):
            name = member_of(table.name)
            parts[name] = _pack(archive, name, _lines(tables.rows(connection, table, accounts=accounts)), count=True)
            found.rows += parts[name].rows
    with (folder / "keys").open(encoding="ascii") as keys, (folder / "list").open("w+b") as listed:
        for key, path, size in at_once(lambda line: _fetched(storage, folder, line), keys):
            if path is None:
                found.gone.append(key)
            else:
                part = _pack(archive, FOLDER + key, _chunks(path), compressed=False)
                path.unlink()
                listed.write(_line({"key": key, "size": part.size, "sha256": part.sha256}))
                found.files, found.size = found.files + 1, found.size + part.size
            progress(size)
        listed.seek(0)
        parts[FILES] = replace(_pack(archive, FILES, listed), rows=found.files)
    done = replace(manifest, files=found.files, bytes=found.size, parts=parts)
    archive.writestr(MANIFEST, done.text(), zipfile.ZIP_DEFLATED)
    return found


@contextmanager
def _one_moment() -> Iterator[Connection]:
    """Open a connection that keeps seeing the database as of now, without blocking anybody who writes meanwhile."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


def _kept(storage: Storage, *, derived: bool) -> Iterator[Stored]:
    for top in TOPS:
        for file in storage.files(top):
            if derived or not file.key.startswith(DERIVED):
                yield file


def _fetched(storage: Storage, folder: Path, line: str) -> tuple[str, Path | None, int]:
    """Copy the file of a line ("size key") to `folder`; return its key, path (None if deleted meanwhile) and size."""
    size, key = line.split()
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    try:
        storage.fetch(key, Path(name))
    except NotFound:
        return key, None, int(size)
    return key, Path(name), int(size)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _line(row: object) -> bytes:
    return json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def _lines(rows: Iterable[object]) -> Iterator[bytes]:
    return map(_line, rows)


def _pack(
    archive: zipfile.ZipFile,
    name: str,
    chunks: Iterable[bytes] | IO[bytes],
    *,
    compressed: bool = True,
    count: bool = False,
) -> ArchivePart:
    """Write the chunks as the member `name`; with `count`, each chunk is a row and counted."""
    info = zipfile.ZipInfo(name, now().timetuple()[:6])
    # Stored files are mostly images, which are compressed already.
    info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    info.external_attr = 0o600 << 16
    sha256, size, rows = hashlib.sha256(), 0, 0
    with archive.open(info, "w", force_zip64=True) as member:
        for chunk in chunks:
            member.write(chunk)
            sha256.update(chunk)
            size, rows = size + len(chunk), rows + count
    return ArchivePart(size, sha256.hexdigest(), rows)

"""Fill an empty installation from an archive: rows in one transaction, files so that an interrupted run can resume."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update

from akiya.archive import earlier, tables
from akiya.archive import manifest as manifests
from akiya.archive.manifest import FILES, FOLDER, MANIFEST, README, ArchivePart, Manifest, member_of
from akiya.db import Session, db, transaction
from akiya.errors import Invalid, NotFound
from akiya.listings.derived import derive
from akiya.listings.models import Listing
from akiya.municipalities.models import Prefecture
from akiya.panoramas.models import Scene, SceneState
from akiya.readiness import known_versions
from akiya.storage.base import Storage, at_once, is_ours
from akiya.values import JsonObject

_CHUNK = 1 << 20
_LONGEST_LINE = 64 << 20
_AS_IT_WAS = "書き出したままのファイルを、もう一度写してください。"


@dataclass
class Restored:
    """The result of a restore: the numbers of rows imported, files saved, and files that were there already."""

    manifest: Manifest
    rows: int = 0
    saved: int = 0
    kept: int = 0


def restore(storage: Storage, source: Path, progress: Callable[[int], None] = lambda size: None) -> Restored:
    """Fill an empty installation with the rows and files of the archive `source`.

    Files come first: if copying them is interrupted, the database is still empty, and the next run skips the files that
    are there. `progress` is called with the size in bytes of each file. Raise Invalid if the archive is damaged, of
    another version or prefecture, or has names that point outside its folders, or if the database is not empty; raise
    StorageFailed if a file cannot be saved.
    """
    with _opened(source) as archive:
        manifest = _examined(archive, source)
        _refuse_occupied(db.session, manifest)
        db.session.rollback()  # copying the files may take hours
        for name in manifest.parts:
            for _ in _chunks(archive, source, name, manifest.parts[name]):
                pass
        restored = Restored(manifest)
        listed = (row for _place, row in _rows(archive, source, FILES, manifest.parts[FILES]))
        for size, new in at_once(lambda row: _save(archive, source, storage, row), listed):
            restored.saved, restored.kept = restored.saved + new, restored.kept + (not new)
            progress(size)
        with transaction() as session:
            _refuse_occupied(session, manifest)
            for table in tables.chosen(accounts=manifest.accounts):
                name = member_of(earlier.holder(manifest.database_version, table.name))
                given = _rows(archive, source, name, manifest.parts[name])
                given = earlier.converted(manifest.database_version, table.name, given)
                restored.rows += tables.fill(session, table, given, accounts=manifest.accounts)
            if not manifest.derived:
                _tile_again(session)
    return restored


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
        raise Invalid(f"{source.name}：ZIP として読めないか、途中で切れています。{_AS_IT_WAS}") from error
    except OSError as error:
        raise Invalid(f"{source}：ファイルを開けません（{error.strerror}）。場所と名前を確かめてください。") from error


# ── before anything is imported ──


def _examined(archive: zipfile.ZipFile, source: Path) -> Manifest:
    """Return the manifest after checking that it lists every member with its size and no name points outside.

    The sizes are compared before anything is unpacked, so a file cannot expand beyond what its manifest states.
    """
    infos = {info.filename: info for info in archive.infolist()}
    head = infos.get(MANIFEST)
    if head is None or head.file_size > manifests.LONGEST:
        raise Invalid(
            f"{source.name}：{MANIFEST} がないか、大きすぎます。akiya archive export で書き出したファイルを指定してください。"
        )
    manifest = manifests.read(archive.read(head), source.name)
    _same_version(manifest, source)
    held = {earlier.holder(manifest.database_version, t.name) for t in tables.chosen(accounts=manifest.accounts)}
    needed = {README, FILES, *map(member_of, held)}
    if needed != manifest.parts.keys():
        names = "、".join(sorted(needed ^ manifest.parts.keys()))
        raise Invalid(f"{source.name}：{MANIFEST} の表が合いません（{names}）。{_AS_IT_WAS}")
    for name, info in infos.items():
        if name != MANIFEST and name not in needed and not (name.startswith(FOLDER) and is_ours(name[len(FOLDER) :])):
            raise Invalid(
                f"{source.name}：「{name[:80]}」は保存できる場所の外を指しています。取り込みません。{_AS_IT_WAS}"
            )
        if name in needed and info.file_size != manifest.parts[name].size:
            raise _wrong_size(source, name, manifest.parts[name].size, info.file_size)
    files = sum(info.file_size for name, info in infos.items() if name.startswith(FOLDER))
    if files != manifest.bytes:
        raise _wrong_size(source, FOLDER, manifest.bytes, files)
    count = sum(name.startswith(FOLDER) for name in infos)
    if count != manifest.files or len(infos) != len(archive.infolist()):
        raise Invalid(f"{source.name}：ファイルが{manifest.files:,}個のはずですが、{count:,}個あります。{_AS_IT_WAS}")
    if sum(info.compress_size for info in infos.values()) > source.stat().st_size:
        raise Invalid(f"{source.name}：中のファイルが重なっています。取り込みません。{_AS_IT_WAS}")
    return manifest


def _same_version(manifest: Manifest, source: Path) -> None:
    known = known_versions()
    if manifest.database_version in (*earlier.VERSIONS, known[-1]):
        return
    if manifest.database_version in known:
        raise Invalid(
            f"{source.name}：古い版（{manifest.database_version}）のデータベースから書き出したものです（ここは {known[-1]}）。"
            "その版の akiya で取り込んでから、新しい akiya の akiya init で新しくしてください。"
        )
    raise Invalid(
        f"{source.name}：より新しい版（{manifest.database_version}）のデータベースから書き出したものです（ここは {known[-1]}）。"
        "akiya を新しくしてから取り込んでください。"
    )


def _wrong_size(source: Path, name: str, said: int, size: int) -> Invalid:
    return Invalid(f"{source.name}：{name} は{said:,}バイトのはずですが、{size:,}バイトあります。{_AS_IT_WAS}")


def _refuse_occupied(session: Session, manifest: Manifest) -> None:
    if occupied := tables.occupied(session):
        name, count = next(iter(occupied.items()))
        raise Invalid(
            f"このデータベースは空ではありません（{name} に{count:,}行）。"
            "別の AKIYA_DATA か DATABASE_URL を用意し、akiya init をしてから取り込んでください。"
        )
    here = session.scalar(select(Prefecture.name))
    if here is not None and here != manifest.prefecture:
        raise Invalid(
            f"{manifest.prefecture}のものですが、ここは{here}です。"
            f"AKIYA_PREFECTURE={manifest.prefecture} とした空のデータベースに取り込んでください。"
        )


# ── importing ──


def _chunks(archive: zipfile.ZipFile, source: Path, name: str, part: ArchivePart) -> Iterator[bytes]:
    """Yield the bytes of a member. Raise Invalid at their end if size or SHA-256 are not those of the manifest."""
    try:
        member = archive.open(name)
    except KeyError as error:
        raise Invalid(f"{source.name}：{name} がありません。{_AS_IT_WAS}") from error
    sha256, size = hashlib.sha256(), 0
    with member:
        while size <= part.size and (chunk := member.read(_CHUNK)):
            sha256.update(chunk)
            size += len(chunk)
            yield chunk
    if size != part.size:
        raise _wrong_size(source, name, part.size, size)
    if sha256.hexdigest() != part.sha256:
        raise Invalid(f"{source.name}：{name} の内容が書き出したときと違います（SHA-256）。{_AS_IT_WAS}")


def _rows(archive: zipfile.ZipFile, source: Path, name: str, part: ArchivePart) -> Iterator[tuple[str, JsonObject]]:
    """Yield each row of a member with its place (file and line) for messages. Raise Invalid."""
    number, rest = 0, b""
    for chunk in _chunks(archive, source, name, part):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            number += 1
            yield f"{source.name}：{name} の{number:,}行目", _row(line, f"{source.name}：{name} の{number:,}行目")
        if len(rest) > _LONGEST_LINE:
            raise Invalid(f"{source.name}：{name} の{number + 1:,}行目が長すぎます。{_AS_IT_WAS}")
    if rest or number != part.rows:
        raise Invalid(f"{source.name}：{name} は{part.rows:,}行のはずですが、{number:,}行あります。{_AS_IT_WAS}")


def _row(line: bytes, place: str) -> JsonObject:
    with suppress(ValueError):
        row = json.loads(line)
        if isinstance(row, dict):
            return row
    raise Invalid(f"{place}を読めません。{_AS_IT_WAS}")


def _save(archive: zipfile.ZipFile, source: Path, storage: Storage, row: JsonObject) -> tuple[int, bool]:
    """Save a file of the archive to the storage; return its size in bytes and whether it was new there."""
    key, part = str(row.get("key")), ArchivePart(int(row.get("size", -1)), str(row.get("sha256")))
    if not is_ours(key):
        raise Invalid(f"{source.name}：「{key[:80]}」は保存できる場所の外を指しています。取り込みません。{_AS_IT_WAS}")
    with suppress(NotFound):
        if storage.sha256(key) == part.sha256:
            return part.size, False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        with path.open("wb") as file:
            for chunk in _chunks(archive, source, FOLDER + key, part):
                file.write(chunk)
        storage.save(key, path)
    return part.size, True


def _tile_again(session: Session) -> None:
    """Queue every scene for the worker, which makes its tiles from the original; until then no tour is shown."""
    session.execute(
        update(Scene)
        .where(Scene.tiles_key != "")
        .values(tiles_key="", state=SceneState.WAITING, progress=0, attempts=0, worker="", updated_at=Scene.updated_at)
    )
    for listing in session.scalars(select(Listing).where(Listing.has_panorama)):
        listing.has_panorama = False
        for name, value in derive(listing, listing.municipality.name).items():
            setattr(listing, name, value)

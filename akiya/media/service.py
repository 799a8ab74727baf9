"""Compare stored files with the rows that name them, and copy files to another storage. Rows are never changed here."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path

from akiya.errors import Invalid, NotFound, StorageFailed
from akiya.media import search
from akiya.media.search import Named
from akiya.storage.base import TOPS, Storage, Stored, at_once

# ── which files are needed ──


@dataclass
class Comparison:
    """The result of a comparison: files that no row names, unfinished files, and rows with their missing files.

    `files` is the number of stored files, `in_use` the number that rows name.
    """

    files: int = 0
    in_use: int = 0
    orphans: list[Stored] = field(default_factory=list)
    unfinished: list[Stored] = field(default_factory=list)
    missing: list[tuple[Named, list[str]]] = field(default_factory=list)


def compare(storage: Storage, before: datetime) -> Comparison:
    """Find files saved before the instant `before` that no row names, and rows whose files are missing.

    Later files are never reported: a file is saved before its row is written, so its row may be about to be committed.
    """
    rows: dict[str, list[Named]] = {}
    for named in search.named():
        rows.setdefault(named.key, []).append(named)
    found, seen = Comparison(), set()
    files = (file for top in TOPS for file in storage.files(top))
    for key, group in groupby(files, lambda file: _named_by(file.key, rows)):
        lying = list(group)
        found.files += len(lying)
        if key is None:
            found.orphans += [file for file in lying if file.saved_at < before]
            continue
        seen.add(key)
        found.in_use += len(lying)
        names = {file.key for file in lying}
        for row in rows[key]:
            if lacking := [name for name in (f"{key}/{need}" for need in row.needs) if name not in names]:
                found.missing.append((row, lacking))
    found.missing += [(row, [key]) for key, named_by in rows.items() if key not in seen for row in named_by]
    found.unfinished = [file for file in storage.unfinished() if file.saved_at < before]
    _look_again(found)
    return found


def _named_by(key: str, rows: Iterable[str]) -> str | None:
    """Return the key among `rows` that is the file's own or a folder above it, or None."""
    while key:
        if key in rows:
            return key
        key = key.rpartition("/")[0]
    return None


def _look_again(found: Comparison) -> None:
    """Correct the result by the rows as they are now, because people went on working while the files were listed."""
    now = set(search.named())
    keys = {row.key for row in now}
    found.missing = [(row, names) for row, names in found.missing if row in now]
    found.orphans = [file for file in found.orphans if _named_by(file.key, keys) is None]


def prune(storage: Storage, found: Comparison) -> int:
    """Delete the files that no row names and the unfinished ones, and return their number.

    Files that were saved again or named meanwhile are kept. Raise Invalid if not a single file is named by a row: then the
    database and the storage probably belong to different sites.
    """
    if found.orphans and not found.in_use:
        raise Invalid(
            "ここにあるファイルのどれも、データベースの行から使われていません。別のデータベースか、別の置き場所を見ているおそれがあるため、"
            "何も消しません。DATABASE_URL と AKIYA_STORAGE の組み合わせを確かめてください。"
        )
    _look_again(found)
    storage.remove(file.key for file in found.unfinished)
    deleted = len(found.unfinished)
    for folder, group in groupby(found.orphans, _folder):
        # Tiles that are made again get the keys they had, so the files are compared again just before they are deleted.
        now = set(storage.files(folder))
        old = [file.key for file in group if file in now]
        storage.remove(old)
        deleted += len(old)
    return deleted


def _folder(file: Stored) -> str:
    """Return the folder of files that were saved together, or the folder of a single file."""
    parts = file.key.split("/")
    return "/".join(parts[: 3 if len(parts) > 3 else 2])


# ── moving ──


@dataclass
class Moved:
    """The result of a move: files copied, and files that were there already; those deleted meanwhile are neither."""

    copied: int = 0
    kept: int = 0


def survey(storage: Storage) -> tuple[int, int]:
    """Return the number of stored files and their total size in bytes."""
    sizes = [file.size for top in TOPS for file in storage.files(top)]
    return len(sizes), sum(sizes)


def move(source: Storage, target: Storage, *, dry_run: bool, progress: Callable[[Stored], None]) -> Moved:
    """Copy every file of `source` to `target` under the same key, and leave `source` as it is.

    Files that are there already with the same size and checksum are skipped, so an interrupted run can be resumed. With
    `dry_run` files are only counted. `progress` is called with each file. Raise StorageFailed if a copy differs from its
    source.
    """

    moved = Moved()

    def copy(pair: tuple[Stored, int | None]) -> tuple[Stored, int, int]:
        file, size = pair
        try:
            if size == file.size and source.sha256(file.key) == target.sha256(file.key):
                return file, 0, 1
            if not dry_run:
                _copy(source, target, file.key)
        except NotFound:
            return file, 0, 0
        return file, 1, 0

    for file, copied, kept in at_once(copy, _beside(source, target)):
        moved.copied, moved.kept = moved.copied + copied, moved.kept + kept
        progress(file)
    return moved


def _beside(source: Storage, target: Storage) -> Iterator[tuple[Stored, int | None]]:
    """Yield every file of `source` with the size of the file of the same key in `target`, or None.

    Both storages list their files in the order of keys, so one pass over each is enough.
    """
    for top in TOPS:
        others = target.files(top)
        other = next(others, None)
        for file in source.files(top):
            while other is not None and other.key < file.key:
                other = next(others, None)
            yield file, other.size if other is not None and other.key == file.key else None


def _copy(source: Storage, target: Storage, key: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        source.fetch(key, path)
        target.save(key, path)
    if target.sha256(key) != source.sha256(key):
        raise StorageFailed(f"{key}：写した先の内容が元と違います。もう一度実行してください。")

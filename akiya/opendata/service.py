"""Make a snapshot of the open data once a day: every home on offer, and what changed since the snapshot before.

Files are saved before their row is written. All snapshots of the last 35 days are kept, and the first of each month.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import delete

from akiya import geo
from akiya.catalogue.answer import SearchResult
from akiya.catalogue.parameters import Criteria
from akiya.catalogue.records import Record, records
from akiya.db import insert_once, now, transaction
from akiya.errors import NotFound
from akiya.language import SOURCE, speaking
from akiya.municipalities import search as municipalities
from akiya.opendata import files, licence, search
from akiya.opendata.models import CHANGES, DICTIONARY, LICENCE, LINES, Snapshot
from akiya.storage.base import Storage
from akiya.values import JsonObject

FROM_HOUR = 8
"""The hour in Japan from which the day's snapshot is made: at seven o'clock a job has ended expired listings."""
EVERY_DAY_FOR = timedelta(days=35)
# Every save of a home changes it, even one that changes nothing public.
_NO_CHANGE = frozenset({"updated_at"})


class DailySnapshot:
    """A job that makes each day's snapshot at its first look after eight in the morning; further looks cost nothing."""

    def __init__(self, storage: Storage, address: str) -> None:
        self.storage, self.address = storage, address
        self.done: date | None = None

    def look(self, moment: datetime | None = None) -> bool:
        """Make the day's snapshot if it is due, and return whether this call made it."""
        here = (moment or now()).astimezone(geo.JAPAN_TIME)
        if here.hour < FROM_HOUR or here.date() == self.done:
            return False
        made = make(self.storage, self.address, here.date())
        self.done = here.date()
        return made is not None


def citation(page: str) -> str:
    """Return how the source is named, in Japanese; `page` is the address of the page about the open data."""
    with speaking(SOURCE.code):
        return licence.citation(municipalities.site_name(), page)


def all_records(site: str, storage: Storage) -> Iterator[Record]:
    """Yield the record of every home on offer, newest first; addresses in it begin with `site`."""
    answer = SearchResult(Criteria())
    return records(answer.ids(answer.total), site, storage)


def make(storage: Storage, address: str, day: date) -> Snapshot | None:
    """Make the snapshot of `day` and return it, or return None if there is one already.

    Addresses in the files begin with `address`. Snapshots that need not be kept any longer are deleted.
    """
    if search.of_day(day) is not None:
        return None
    key, before = f"public/opendata/{day}", search.before(day)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made"
        made.mkdir()
        count = _write(made, address, storage)
        old = Path(folder) / "before"
        if before is not None and not _fetched(storage, before, old):
            before = None
        changes = _changes(old if before else None, made / LINES)
        told = {"day": str(day), "since": str(before.day) if before else None, **vars(changes)}
        (made / CHANGES).write_text(files.json_text(told) + "\n", encoding="utf-8")
        storage.save_tree(key, made)
    counts = {name: len(found) for name, found in vars(changes).items()}
    with transaction() as session:
        row = {"day": day, "key": key, "listings": count, "made_at": now(), **counts}
        session.execute(insert_once(session, Snapshot, [row], ["day"]))
    _drop(storage, day)
    return search.of_day(day)


def _write(folder: Path, address: str, storage: Storage) -> int:
    """Write the files of a snapshot, except changes.json, into `folder` and return how many homes they contain."""
    page = f"{address}/opendata/"
    lines = folder / LINES
    count = _lines_to(lines, files.jsonl(all_records(address, storage), ""))
    for form in files.FORMATS.values():
        if form.file != LINES:
            # Made from the lines instead of the database, so that all files show the same moment.
            _lines_to(folder / form.file, form.write(_read(lines), citation(page)))
    _lines_to(folder / DICTIONARY, files.dictionary())
    (folder / LICENCE).write_text(licence.text(municipalities.site_name(), page), encoding="utf-8")
    return count


def _lines_to(path: Path, lines: Iterable[bytes]) -> int:
    count = 0
    with path.open("wb") as file:
        for count, line in enumerate(lines, 1):  # noqa: B007  (counted)
            file.write(line)
    return count


def _read(lines: Path) -> Iterator[Record]:
    with lines.open("rb") as file:
        yield from map(json.loads, file)


@dataclass
class Changes:
    """The differences between two snapshots.

    `added` and `removed` are ids; `changed` are homes as {"id": …, "fields": {name: [before, after]}}.
    """

    added: list[int] = field(default_factory=list)
    changed: list[JsonObject] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)


def _fetched(storage: Storage, snapshot: Snapshot, target: Path) -> bool:
    try:
        storage.fetch(f"{snapshot.key}/{LINES}", target)
    except NotFound:
        return False  # somebody deleted the files by hand: there is nothing to compare with
    return True


def _changes(old: Path | None, lines: Path) -> Changes:
    """Return the differences between two JSON Lines files; without an old one every home is new."""
    changes = Changes()
    with old.open("rb") if old else BytesIO() as old_file, lines.open("rb") as new_file:
        # Only the position of each line is kept in memory, because the files can be large.
        places = {json.loads(line)["id"]: place for place, line in _places(old_file)}
        for line in new_file:
            record = json.loads(line)
            place = places.pop(record["id"], None)
            if place is None:
                changes.added.append(record["id"])
                continue
            old_file.seek(place)
            if (old_line := old_file.readline()) != line and (fields := _differing(json.loads(old_line), record)):
                changes.changed.append({"id": record["id"], "fields": fields})
        changes.removed = sorted(places)
    return changes


def _places(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    place = 0
    for line in file:
        yield place, line
        place += len(line)


def _differing(old: Record, new: Record) -> dict[str, list[object]]:
    names = (old | new).keys() - _NO_CHANGE
    return {name: [old.get(name), new.get(name)] for name in sorted(names) if old.get(name) != new.get(name)}


def _drop(storage: Storage, today: date) -> None:
    """Delete the snapshots that need not be kept any longer: rows first, so that no row is without its files."""
    kept = search.snapshots()
    old = [snapshot for snapshot in kept if snapshot.day not in to_keep([s.day for s in kept], today)]
    keys = [snapshot.key for snapshot in old]
    if old:
        with transaction() as session:
            session.execute(delete(Snapshot).where(Snapshot.id.in_([snapshot.id for snapshot in old])))
    for key in keys:
        storage.delete(key)


def remove(storage: Storage, day: date) -> Snapshot:
    """Delete the snapshot of `day` with its files and return its row. Raise NotFound if there is none.

    This is for a snapshot that contains what should never have been public; copies that others have downloaded remain.
    """
    found = search.of_day(day)
    if found is None:
        raise NotFound(f"{day} の版はありません。/opendata/ に並ぶ日から選んでください。")
    with transaction() as session:
        session.execute(delete(Snapshot).where(Snapshot.id == found.id))
    storage.delete(found.key)
    return found


def to_keep(days: Sequence[date], today: date) -> set[date]:
    """Return those of the days whose snapshots are kept: the last 35 days, and the first snapshot of each month."""
    firsts: dict[tuple[int, int], date] = {}
    for day in sorted(days):
        firsts.setdefault((day.year, day.month), day)
    return {day for day in days if today - day < EVERY_DAY_FOR} | set(firsts.values())

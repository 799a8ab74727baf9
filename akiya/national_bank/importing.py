"""Import the national bank's files in batches, each in one transaction; the same file a second time changes nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select, update

from akiya.db import AnyRow, Session, db, now, transaction
from akiya.errors import Invalid
from akiya.listings import bulk_write
from akiya.listings.derived import derive
from akiya.listings.detached import detached
from akiya.listings.enums import LISTED, Precision, Status
from akiya.listings.events import EventKind, text
from akiya.listings.fields import BY_NAME, FIELDS
from akiya.listings.models import Changes, Closing, Event, Listing, PrivateRecord
from akiya.listings.service import plain
from akiya.municipalities import search as municipalities
from akiya.municipalities import service as municipality_service
from akiya.municipalities.models import Municipality, Town
from akiya.national_bank import file_format
from akiya.national_bank.comparing import ACTOR, ByHand, by_hand, compare, differences
from akiya.tabular.csv import bared
from akiya.tabular.reading import FileDifference, ImportReport, Refusal, header_of, records
from akiya.values import Values

BATCH = 500
_BLANK = {f.name: "" if f.type.value in ("text", "long") else None for f in FIELDS if not f.private}
T = TypeVar("T")
_TABLE = Listing.__table__
_Row = tuple[int, file_format.Parsed, Municipality]
_Taken = Mapping[bulk_write.Key, _Row]


@dataclass
class _Run:
    kind: str
    as_of: date
    prefecture: str
    dry_run: bool
    decide: str
    file: str
    report: ImportReport
    known: Sequence[Municipality]
    places: dict[tuple[str, str], Municipality | None]
    codes: Mapping[str, str]
    towns: dict[str, Sequence[Town]] = field(default_factory=dict)
    seen: dict[bulk_write.Key, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)


def import_listings(
    path: Path,
    *,
    kind: str | None = None,
    as_of: date,
    prefecture: str,
    dry_run: bool = False,
    decide: str = "",
    progress: Callable[[int], None] = lambda rows: None,
) -> ImportReport:
    """Import the national bank's file `path` and return the report.

    `kind` is LISTED or CLOSED (None: as the header shows), `prefecture` a Japanese name or "all". `as_of` is the day of
    the file: listed homes are published, and closings without a date take effect on it. `progress` is called with the
    number of rows read so far. With `dry_run` nothing is stored.

    Each batch of rows is one transaction. Nothing is deleted, no closed home is opened again, a blank cell erases nothing,
    and values that staff wrote are kept. If both staff and the file changed a value since the last import, the report
    lists it for a decision; with `decide` "file" the file's value is taken, with "ours" staff's is kept and not listed
    again. The report also lists homes from earlier files that are missing in this one and still on offer; they stay.
    Raise Invalid for a file of neither format, of another one than `kind`, or without rows.
    """
    recognised = file_format.recognise(header_of(path))
    kind = kind or recognised
    if kind is None or kind != recognised:
        raise Invalid(
            f"{path.name}：見出しの行が全国版空き家・空き地バンクの形式（links-listed、links-closed）と合いません。"
            "元のファイルをそのまま指定してください。"
        )
    codes = {name: row["code"] for name, row in municipality_service.prefectures().items()}
    known = [m for m in municipalities.all_municipalities() if not m.successor_code]
    run = _Run(kind, as_of, prefecture, dry_run, decide, path.name, ImportReport(), known, {}, codes)
    read = 0
    for rows in _batches(records(path, run.report.refused)):
        _take_batch(run, rows)
        read += len(rows)
        progress(read)
    if not run.report.rows:
        raise Invalid(f"{path.name}：見出しの行だけで、物件の行がありません。物件の入ったファイルを指定してください。")
    if kind == file_format.LISTED:
        run.report.gone = _gone(run)
    return run.report


def _gone(run: _Run) -> list[str]:
    """Return the homes on offer from earlier files that are missing in this one, within its prefectures."""
    columns = (_TABLE.c.municipality_code, _TABLE.c.number, _TABLE.c.title)
    query = select(*columns).where(_TABLE.c.status.in_(LISTED), _TABLE.c.source_file != "")
    prefectures = {code[:2] for code, _number in run.seen}
    names = {municipality.code: municipality.name for municipality in run.known}
    return [
        " ".join(part for part in (names.get(code, code), number, title) if part)
        for code, number, title in db.session.execute(query.order_by(*columns))
        if code[:2] in prefectures and (code, number) not in run.seen and number not in run.refused
    ]


def _batches(rows: Iterable[T]) -> Iterable[list[T]]:
    batch: list[T] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _take_batch(run: _Run, rows: Sequence[tuple[int, dict[str, str]]]) -> None:
    taken: dict[bulk_write.Key, tuple[int, file_format.Parsed, Municipality]] = {}
    for number, record in rows:
        parsed, municipality = _read(run, number, record)
        if parsed is None or municipality is None:
            continue
        key = (municipality.code, parsed.number)
        if before := run.seen.get(key):
            reason = f"同じ番号の行が前（{before}行目）にもあります。どちらかを消してください。"
            run.report.refused.append(Refusal(number, file_format.ID_COLUMN[run.kind], parsed.number, reason))
            continue
        run.seen[key] = number
        taken[key] = (number, parsed, municipality)
    if not taken:
        return
    if run.dry_run:
        _apply(run, taken, db.session)
        db.session.rollback()
        return
    with transaction() as session:
        _apply(run, taken, session)


def _read(run: _Run, number: int, record: dict[str, str]) -> tuple[file_format.Parsed | None, Municipality | None]:
    report = run.report
    prefecture = record.get("PREFECTURE", "")
    if run.prefecture != "all" and prefecture and prefecture != run.prefecture:
        report.skipped[f"ほかの都道府県（{prefecture}）"] += 1
        return None, None
    # Report R3 puts an apostrophe before a text that a spreadsheet would take for a formula.
    record = {name: bared(cell) if cell.startswith("'") else cell for name, cell in record.items()}
    try:
        parsed = file_format.parse(record, run.kind)
    except file_format.Refused as error:
        run.refused.add(record.get(file_format.ID_COLUMN[run.kind], ""))
        report.refused.append(Refusal(number, error.column, error.value, error.reason))
        return None, None
    place = (parsed.prefecture, parsed.city)
    if place not in run.places:
        run.places[place] = municipalities.of_place(run.known, run.codes.get(parsed.prefecture, "--"), parsed.city)
    if run.places[place] is None:
        run.refused.add(parsed.number)
        reason = "登録のない市町村です。akiya municipalities import で市町村を先に取り込んでください。"
        report.refused.append(Refusal(number, "CITY", "".join(place), reason))
        return None, None
    report.partial += [Refusal(number, *bad) for bad in parsed.bad]
    report.cut += [Refusal(number, *cut) for cut in parsed.cut]
    report.notes.update(parsed.notes)
    return parsed, run.places[place]


def _apply(run: _Run, taken: _Taken, session: Session) -> None:
    existing = bulk_write.found(session, taken)
    wanted = {key: differences(row, taken[key][1].values) for key, row in existing.items()}
    hand = by_hand(session, [existing[key].id for key, changes in wanted.items() if changes])
    ids = [row.id for row in existing.values()]
    closings = {
        row.listing_id: row for row in session.execute(select(Closing.__table__).where(Closing.listing_id.in_(ids)))
    }
    fresh: list[tuple[Values, file_format.Parsed]] = []
    writes = _Writes()
    for key, (number, parsed, municipality) in taken.items():
        row = existing.get(key)
        if row is None:
            fresh.append((_new_row(run, number, parsed, municipality), parsed))
            run.report.new += 1
        elif run.kind == file_format.LISTED:
            _relist(run, row, wanted[key], hand.get(row.id, {}), taken[key], writes)
        else:
            if row.layout:  # The listed file knows the layout (5DK); the closed one only the number of rooms.
                wanted[key].pop("layout", None)
            changes = _compared(run, row, wanted[key], hand.get(row.id, {}), taken[key], writes)
            _close(run, row, closings.get(row.id), parsed, changes, municipality, writes)
    if run.dry_run:
        return
    _insert(run, session, fresh, writes)
    for values in writes.updates:
        session.execute(update(_TABLE).where(_TABLE.c.id == values.pop("id")).values(**values))
    for model, rows in ((PrivateRecord, writes.private), (Closing, writes.closings), (Event, writes.events)):
        bulk_write.write(session, model, rows)
    for values in writes.closing_updates:
        listing_id = values.pop("listing_id")
        session.execute(update(Closing).where(Closing.listing_id == listing_id).values(**values))


class _Writes:
    """The rows that a batch is going to write, by table."""

    def __init__(self) -> None:
        self.updates: list[Values] = []
        self.private: list[Values] = []
        self.closings: list[Values] = []
        self.closing_updates: list[Values] = []
        self.events: list[Values] = []


def _new_row(run: _Run, number: int, parsed: file_format.Parsed, municipality: Municipality) -> Values:
    values: Values = {**_BLANK, "built_precision": None, "traditional": None, **parsed.values}
    values.update(
        number=parsed.number, municipality_code=municipality.code, source_file=run.file[:200], source_row=number
    )
    town = _town_named(run, municipality, values["appeal"])
    if town is not None:
        values.update(town=town.name, lon=town.lon, lat=town.lat, precision=Precision.TOWN)
    else:  # the usual case: the files have no column for the town, so OFFICE marks the point as not the home's
        values.update(lon=municipality.lon, lat=municipality.lat, precision=Precision.OFFICE)
    values.update(version=1, created_at=now(), updated_at=now(), demonstration=False, has_panorama=False)
    values.update(review_due_on=None, valid_until=None, negotiating_since=None, confirmed_on=None)
    if run.kind == file_format.LISTED:
        due = run.as_of + timedelta(days=municipality.confirm_days)
        values.update(status=Status.OPEN, published_on=run.as_of, review_due_on=due, closed_on=None)
    else:
        # The file does not say when it was first listed.
        values.update(status=Status.CONTRACTED, published_on=None, closed_on=_closed_on(run, parsed))
    return {**values, **derive(detached(values, {}, municipality), municipality.name)}


def _town_named(run: _Run, municipality: Municipality, text: str) -> Town | None:
    """Return the town whose name follows the municipality's own in `text`, as in an address, or None."""
    if municipality.name not in text:
        return None
    if municipality.code not in run.towns:
        run.towns[municipality.code] = municipalities.towns(municipality.code)
    for rest in text.split(municipality.name)[1:]:
        place = rest.removeprefix("大字")
        for town in run.towns[municipality.code]:
            if len(town.name) > 1 and place.startswith(town.name):
                return town
    return None


def _closed_on(run: _Run, parsed: file_format.Parsed) -> date:
    return parsed.closing.get("contracted_on") or run.as_of


def _insert(run: _Run, session: Session, fresh: Sequence[tuple[Values, file_format.Parsed]], writes: _Writes) -> None:
    if not fresh:
        return
    bulk_write.write(session, Listing, [values for values, _parsed in fresh])
    ids = bulk_write.found(
        session, [(values["municipality_code"], values["number"]) for values, _parsed in fresh], _TABLE.c.id
    )
    for values, parsed in fresh:
        listing_id = ids[values["municipality_code"], values["number"]].id
        on = values["closed_on"] or values["published_on"]
        writes.private.append({"listing_id": listing_id})
        writes.events.append(_event(listing_id, run, EventKind.IMPORTED, {}, values["status"], on))
        if run.kind == file_format.CLOSED:
            writes.closings.append({"listing_id": listing_id, **_closing(parsed)})


def _closing(parsed: file_format.Parsed) -> Values:
    return {"contracted_on": None, "agreed_amount": None, **parsed.closing}


def _compared(run: _Run, row: AnyRow, wanted: Changes, hand: ByHand, of: _Row, writes: "_Writes") -> Changes:
    """Return the changes to make in the home, and list them and those that are not made in the report."""
    number, parsed, municipality = of
    found = compare(row, wanted, hand, take_file=run.decide == "file")
    run.report.by_hand += found.kept
    still = found.open
    if run.decide == "ours" and still:
        refused = {name: [says, getattr(row, name)] for name, (_before, says) in still.items()}
        writes.events.append(_event(row.id, run, EventKind.KEPT, refused, None, None))
        run.report.by_hand += len(still)
        still = {}
    home = f"{municipality.name} {row.number}"
    for told, changes in ((run.report.updates, found.taken), (run.report.differences, still)):
        for name, (before, says) in changes.items():
            texts = [text(name, plain(value)) for value in (before, says, getattr(row, name))]
            label = BY_NAME[name].message if name in BY_NAME else name
            told.append(FileDifference(number, parsed.column(name), home, label, *texts))
    return found.taken


def _relist(run: _Run, row: AnyRow, wanted: Changes, hand: ByHand, of: _Row, writes: "_Writes") -> None:
    if row.status not in LISTED:
        run.report.skipped[f"この銀行では「{row.status.message}」の物件（募集には戻しません）"] += 1
        return
    changes = _compared(run, row, wanted, hand, of, writes)
    if not changes:
        run.report.unchanged += 1
        return
    _update(run, row, changes, {}, of[2], writes)
    writes.events.append(_event(row.id, run, EventKind.CHANGED, changes, None, None))
    run.report.changed += 1


def _close(
    run: _Run,
    row: AnyRow,
    closing: AnyRow | None,
    parsed: file_format.Parsed,
    changes: Changes,
    municipality: Municipality,
    writes: _Writes,
) -> None:
    answers = {k: v for k, v in parsed.closing.items() if closing is not None and getattr(closing, k) is None}
    if answers:
        writes.closing_updates.append({"listing_id": row.id, **answers})
        changes |= {name: [None, value] for name, value in answers.items()} if row.status is Status.CONTRACTED else {}
    if row.status is not Status.CONTRACTED:
        on = _closed_on(run, parsed)
        moved = {"status": Status.CONTRACTED, "closed_on": on, "negotiating_since": None}
        _update(run, row, changes, moved, municipality, writes)
        all_changes = {**changes, "status": [row.status, Status.CONTRACTED]}
        writes.events.append(_event(row.id, run, EventKind.CLOSED, all_changes, Status.CONTRACTED, on))
        if closing is None:
            writes.closings.append({"listing_id": row.id, **_closing(parsed)})
        run.report.closed += 1
    elif changes or answers:
        _update(run, row, changes, {}, municipality, writes)
        writes.events.append(_event(row.id, run, EventKind.CHANGED, changes, None, None))
        run.report.changed += 1
    else:
        run.report.unchanged += 1


def _update(
    run: _Run,
    row: AnyRow,
    changes: Changes,
    more: Values,
    municipality: Municipality,
    writes: _Writes,
) -> None:
    values = {name: new for name, (_old, new) in changes.items() if name in _TABLE.c}
    merged = detached({**row._mapping, **values}, {}, municipality)
    writes.updates.append(
        {
            "id": row.id,
            **values,
            **more,
            "version": row.version + 1,
            "updated_at": now(),
            **derive(merged, municipality.name),
        }
    )


def _event(
    listing_id: int,
    run: _Run,
    kind: EventKind,
    changes: Changes,
    status: Status | None,
    on: date | None,
) -> Values:
    return {
        "listing_id": listing_id,
        "at": now(),
        "staff_id": None,
        "actor": f"{ACTOR}{run.file}"[:120],
        "action": kind,
        "changes": {name: [plain(old), plain(new)] for name, (old, new) in changes.items()},
        "status": status,
        "effective_on": on,
    }

"""Apply the planned rows of a ledger to homes, and undo them, in batches: each is one transaction and never done twice."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import bindparam, delete, func, insert, select, update

from akiya.db import AnyRow, Session, now, today
from akiya.errors import Invalid
from akiya.ledgers import cells
from akiya.ledgers.checking import NEEDED, Planned
from akiya.ledgers.homes import PLACE, TownOf, assign, fresh, home, known, point, town_point
from akiya.ledgers.models import Import, Row, RowOutcome, RowState
from akiya.listings import bulk_write, placing, service
from akiya.listings.derived import derive
from akiya.listings.enums import LISTED, Precision, Status
from akiya.listings.events import EventKind
from akiya.listings.fields import BY_NAME
from akiya.listings.models import Changes, Event, Listing, Photo, PrivateRecord
from akiya.municipalities import search as municipalities
from akiya.owners.models import Application, Contact, CoOwner, Document
from akiya.values import Values

BATCH = 200
_LISTING = Listing.__table__
_PRIVATE = PrivateRecord.__table__
_ROW = Row.__table__
_EVENT = Event.__table__
_CHANGED_MEANWHILE = (
    "読み取ったあとに、別の人がこの値を変更しました（今は「{now}」）。台帳を送り直して、もう一度確かめてください。"
)
_CHANGED_SINCE = "その後に変更されたため戻していません（今は「{now}」）。戻すには物件のページで直してください。"
_KEPT_HOME = "その後に{what}ため、消していません。要らなければ物件のページで取り下げてください。"


class _Writes:
    """Collects what a batch writes, by table, so that each kind of row is written in one statement."""

    def __init__(self, taken: Import) -> None:
        self.taken = taken
        self.homes: list[tuple[Listing, set[str]]] = []
        self.events: list[Values] = []
        self.rows: list[Values] = []

    def event(self, listing_id: int, kind: EventKind, changes: Changes, status: Status | None) -> None:
        """Add an event to the home's history, in the name of the account that applies or undoes the ledger."""
        self.events.append(
            {
                "listing_id": listing_id,
                "at": now(),
                "staff_id": self.taken.staff_id,
                "actor": self.taken.actor,
                "action": kind,
                "changes": {name: change for name, change in changes.items() if name != PLACE},
                "status": status,
                "effective_on": today() if status else None,
            }
        )

    def row(self, row: AnyRow, **values: object) -> None:
        """Set the given columns of the ledger's row; the others keep their values."""
        kept = ("outcome", "state", "listing_id", "problems")
        self.rows.append({"row_id": row.id, **{name: values.get(name, getattr(row, name)) for name in kept}})

    def flush(self, session: Session) -> None:
        """Write everything that was collected, within the open transaction."""
        _update_homes(session, self.homes)
        bulk_write.write(session, Event, self.events)
        if self.rows:
            names = [name for name in self.rows[0] if name != "row_id"]
            statement = update(_ROW).where(_ROW.c.id == bindparam("row_id"))
            session.connection().execute(
                statement.values({_ROW.c[name]: bindparam(f"new_{name}", type_=_ROW.c[name].type) for name in names}),
                [{"row_id": row["row_id"], **{f"new_{name}": row[name] for name in names}} for row in self.rows],
            )


def _update_homes(session: Session, homes: Sequence[tuple[Listing, set[str]]]) -> None:
    """Update all homes in one statement per table; a column that changes in one of them is written for each."""
    public = {name for _one, names in homes for name in names if name in _LISTING.c}
    private = {name for _one, names in homes for name in names if name in _PRIVATE.c and name not in _LISTING.c}
    for table, key, names in ((_LISTING, "id", public), (_PRIVATE, "listing_id", private)):
        if not names:
            continue
        ordered = sorted(names)
        statement = (
            update(table)
            .where(table.c[key] == bindparam("of"))
            .values({table.c[name]: bindparam(f"new_{name}", type_=table.c[name].type) for name in ordered})
        )
        rows = [
            {
                "of": one.id,
                **{f"new_{name}": getattr(one.private if table is _PRIVATE else one, name) for name in ordered},
            }
            for one, _names in homes
        ]
        session.connection().execute(statement, rows)


def _finish(one: Listing, changed: set[str]) -> set[str]:
    """Compute the home's derived columns again and return the names of all columns to be written."""
    derived = derive(one, one.municipality.name)
    assign(one, derived)
    one.version += 1
    one.updated_at = now()
    placed = {"lon", "lat", "precision"} if PLACE in changed else set()
    return (changed - {PLACE}) | placed | derived.keys() | {"version", "updated_at"}


def next_rows(session: Session, import_id: int, state: RowState) -> Sequence[AnyRow]:
    """Return the next batch of rows of the import that are in `state` and change something."""
    query = select(_ROW).where(
        _ROW.c.import_id == import_id, _ROW.c.state == state, _ROW.c.outcome.in_((RowOutcome.NEW, RowOutcome.CHANGED))
    )
    return session.execute(query.order_by(_ROW.c.id).limit(BATCH)).all()


def _homes(session: Session, ids: Sequence[int]) -> dict[int, Listing]:
    """Return the homes by id, locked until the transaction ends, so that nobody else's change is lost."""
    found = session.execute(select(_LISTING).where(_LISTING.c.id.in_(ids)).with_for_update()).all()
    private = {row.listing_id: row for row in session.execute(select(_PRIVATE).where(_PRIVATE.c.listing_id.in_(ids)))}
    known_municipalities = {m.code: m for m in municipalities.all_municipalities()}
    return {row.id: home(row, private[row.id], known_municipalities[row.municipality_code]) for row in found}


def apply(session: Session, taken: Import, rows: Sequence[AnyRow]) -> None:
    """Apply the planned rows; refuse a row if somebody changed the same values of its home since it was checked."""
    writes = _Writes(taken)
    homes = _homes(session, [row.listing_id for row in rows if row.outcome is RowOutcome.CHANGED and row.listing_id])
    keys = [(row.municipality_code, row.number) for row in rows if row.outcome is RowOutcome.NEW]
    there = bulk_write.found(session, keys, _LISTING.c.id) if keys else {}
    made = []
    town_of = cache(town_point)
    for row in rows:
        if row.outcome is RowOutcome.NEW:
            if (row.municipality_code, row.number) in there:
                reason = (
                    "読み取ったあとに、同じ番号の物件が登録されました。台帳を送り直して、もう一度確かめてください。"
                )
                writes.row(row, outcome=RowOutcome.REFUSED, problems=[_problem(row, "number", row.number, reason)])
            else:
                made.append((row, _made(row, town_of)))
            continue
        one = homes.get(row.listing_id)
        problems = _refusals(row, one, town_of)
        if one is None or problems:
            writes.row(row, outcome=RowOutcome.REFUSED, problems=problems)
            continue
        writes.homes.append((one, _finish(one, set(row.changes))))
        writes.event(one.id, EventKind.LEDGER, row.changes, None)
        writes.row(row, state=RowState.APPLIED)
    _insert(session, writes, made)
    writes.flush(session)


def _problem(row: AnyRow, name: str, value: object, reason: str) -> list[str]:
    label = BY_NAME[name].message if name in BY_NAME else ""
    return [f"{row.row}行", label, "" if value is None else str(value), reason]


def _refusals(row: AnyRow, one: Listing | None, town_of: TownOf) -> list[list[str]]:
    """Make the changes to `one` and return no problems, or return why they cannot be made any more."""
    if one is None:
        return [_problem(row, "number", row.number, "読み取ったあとに、物件がなくなりました。")]
    before = known(one)
    problems = []
    for name, (old, new) in row.changes.items():
        if name != PLACE and service.plain(before[name]) not in (old, new):
            reason = _CHANGED_MEANWHILE.format(now=_shown(name, before[name]))
            problems.append(_problem(row, name, _shown(name, cells.typed(name, new)), reason))
    if problems:
        return problems
    complete = one.status not in LISTED or not service.missing_to_publish(one)
    assign(one, {name: cells.typed(name, new) for name, (_old, new) in row.changes.items() if name != PLACE})
    if PLACE in row.changes:
        try:
            placing.place(one, town_of)
        except Invalid as error:
            return [_problem(row, "true_lat", "", str(error))]
    if complete and one.status in LISTED and (missing := service.missing_to_publish(one)):
        return [_problem(row, name, "", NEEDED.format(text)) for name, text in missing.items()]
    return []


def _shown(name: str, value: object) -> str:
    written = cells.write(name, {name: value, "built_precision": "day"}, ("", 1.0)) if name in BY_NAME else str(value)
    return "（なし）" if written is None else cells.text_of(written)[:80]


def _made(row: AnyRow, town_of: TownOf) -> Listing:
    municipality = municipalities.by_code(row.municipality_code)
    assert municipality is not None  # rows of unknown municipalities are never planned
    one = fresh(municipality, row.number)
    assign(one, {name: cells.typed(name, new) for name, (_old, new) in row.changes.items() if name != PLACE})
    placing.place(one, town_of)
    assign(one, derive(one, municipality.name))
    return one


def _insert(session: Session, writes: _Writes, made: Sequence[tuple[AnyRow, Listing]]) -> None:
    if not made:
        return
    moment = now()
    own = {"version": 1, "created_at": moment, "updated_at": moment, "demonstration": False, "has_panorama": False}
    values = [{**{k: v for k, v in vars(one).items() if k in _LISTING.c}, **own} for _row, one in made]
    bulk_write.write(session, Listing, values)
    ids = bulk_write.found(session, [(one.municipality_code, one.number) for _row, one in made], _LISTING.c.id)
    private = []
    for row, one in made:
        listing_id = ids[one.municipality_code, one.number].id
        private.append({"listing_id": listing_id, **vars(one.private)})
        writes.event(listing_id, EventKind.LEDGER, row.changes, Status.DRAFT)
        writes.row(row, state=RowState.APPLIED, listing_id=listing_id)
    bulk_write.write(session, PrivateRecord, private)


# ── back again ──


def undo(session: Session, taken: Import, rows: Sequence[AnyRow]) -> None:
    """Undo the applied rows: restore values that are still those of the ledger, delete drafts that nobody changed since."""
    writes = _Writes(taken)
    homes = _homes(session, [row.listing_id for row in rows if row.listing_id])
    touched = _touched(session, [row.listing_id for row in rows if row.outcome is RowOutcome.NEW and row.listing_id])
    published = _published_since(session, list(homes))
    gone: list[int] = []
    town_of = cache(town_point)
    for row in rows:
        one = homes.get(row.listing_id)
        if one is None:
            writes.row(row, state=RowState.UNDONE, listing_id=None)
        elif row.outcome is RowOutcome.NEW:
            what = "公開された" if one.status is not Status.DRAFT else touched.get(one.id) or ""
            what = what or ("変更された" if one.version != 1 else "")
            if what:
                problem = _problem(row, "number", row.number, _KEPT_HOME.format(what=what))
                writes.row(row, state=RowState.KEPT, problems=[problem])
            else:
                gone.append(one.id)
                writes.row(row, state=RowState.UNDONE, listing_id=None)
        else:
            _restore(writes, row, one, town_of, published_since=one.id in published)
    writes.flush(session)
    if gone:
        session.execute(delete(_LISTING).where(_LISTING.c.id.in_(gone)))


def _restore(writes: _Writes, row: AnyRow, one: Listing, town_of: TownOf, *, published_since: bool) -> None:
    before = known(one)
    problems, back = [], {}
    for name, (old, new) in row.changes.items():
        if name == PLACE:
            continue
        if service.plain(before[name]) == new:
            back[name] = [new, old]
        elif service.plain(before[name]) != old:
            problems.append(_problem(row, name, "", _CHANGED_SINCE.format(now=_shown(name, before[name]))))
    complete = one.status not in LISTED or not service.missing_to_publish(one)
    at = point(one)
    assign(one, {name: cells.typed(name, old) for name, (_new, old) in back.items()})
    reason = _place_back(row, one, at, all_back=not problems, town_of=town_of)
    if not reason and complete and one.status in LISTED:
        lacked = set() if published_since else _lacked(back)
        missing = [text for name, text in service.missing_to_publish(one).items() if name not in lacked]
        reason = NEEDED.format("、".join(missing)) if missing else ""
    if reason:
        writes.row(row, state=RowState.KEPT, problems=[*problems, _problem(row, "number", row.number, reason)])
        return
    if back:
        moved = {PLACE} if point(one) != at else set()
        writes.homes.append((one, _finish(one, set(back) | moved)))
        writes.event(one.id, EventKind.LEDGER_UNDONE, back, None)
    writes.row(row, state=RowState.KEPT if problems else RowState.UNDONE, problems=problems)


def _lacked(back: Mapping[str, Sequence[object]]) -> set[str]:
    """Return the required fields that were empty before the ledger filled them; undoing may empty them again."""
    empty = {name for name, (_new, old) in back.items() if old in (None, "", False)}
    return empty | {"is_sale"} if "is_rent" in empty else empty


def _published_since(session: Session, ids: Sequence[int]) -> set[int]:
    """Return the ids of homes that were published after a ledger last changed them."""
    done = select(_EVENT.c.listing_id, func.max(_EVENT.c.id).label("last")).where(
        _EVENT.c.listing_id.in_(ids), _EVENT.c.action == EventKind.LEDGER
    )
    last = done.group_by(_EVENT.c.listing_id).subquery()
    since = select(_EVENT.c.listing_id).join(last, last.c.listing_id == _EVENT.c.listing_id)
    return set(session.scalars(since.where(_EVENT.c.id > last.c.last, _EVENT.c.status.in_(LISTED))))


def _place_back(row: AnyRow, one: Listing, at: list[float | str], *, all_back: bool, town_of: TownOf) -> str:
    """Restore the public point from before the ledger, or compute it again if something else changed since.

    Return why that cannot be done, or "".
    """
    if PLACE not in row.changes:
        return ""
    old, new = row.changes[PLACE]
    if all_back and at == new:
        one.lon, one.lat, one.precision = old[0], old[1], Precision(old[2])
        return ""
    try:
        placing.place(one, town_of)
    except Invalid as error:
        return str(error)
    return ""


def _touched(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return the homes created by the ledger that were changed or added to since, with the reason to keep them."""
    if not ids:
        return {}
    events = select(_EVENT.c.listing_id).where(_EVENT.c.listing_id.in_(ids), _EVENT.c.action != EventKind.LEDGER)
    found = dict.fromkeys(session.scalars(events), "変更された")
    counted = select(_EVENT.c.listing_id).where(_EVENT.c.listing_id.in_(ids)).group_by(_EVENT.c.listing_id)
    found |= dict.fromkeys(session.scalars(counted.having(func.count() > 1)), "変更された")
    for model in (Photo, CoOwner, Contact, Document, Application):
        found |= dict.fromkeys(
            session.scalars(select(model.listing_id).where(model.listing_id.in_(ids))), "写真や書類などが加えられた"
        )
    return found


def plan_rows(session: Session, import_id: int, planned: Sequence[Planned]) -> None:
    """Replace all rows of the import by the planned ones."""
    session.execute(delete(_ROW).where(_ROW.c.import_id == import_id))
    rows = [{"import_id": import_id, **vars(each), "state": RowState.PLANNED} for each in planned]
    if rows:
        session.connection().execute(insert(_ROW), rows)

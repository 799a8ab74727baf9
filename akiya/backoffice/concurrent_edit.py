"""Edit conflicts: two people change one listing at the same time, and the later one chooses between the values."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from akiya.db import db
from akiya.listings.events import EventKind, text
from akiya.listings.fields import BY_NAME, FIELDS
from akiya.listings.models import Changes, Event, Listing
from akiya.listings.service import plain
from akiya.values import Values


@dataclass(frozen=True)
class EditConflict:
    """A field as it was when the form was opened (`before`), as others saved it, and as it is in this form.

    `pick` is "mine" where only this clerk changed it, "theirs" where only others did, and "" where both did.
    """

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    pick: str


def newest(listing_id: int) -> int:
    """Return the id of the last event that changed a field of the form, 0 if there is none."""
    return next((event_id for event_id, _changes in _events(listing_id, 0)), 0)


def differences(listing: Listing, seen: int, values: Mapping[str, object]) -> list[EditConflict]:
    """Return the fields in which `values` differ from the listing, if others changed any of them after the event `seen`.

    Return an empty list if all differences are this clerk's own: then there is no conflict.
    """
    current = {name: plain(_held(listing, name)) for name in _NAMES}
    mine = {name: plain(values.get(name, current[name])) for name in _NAMES}
    before = dict(current)
    for _event_id, changes in _events(listing.id, seen):
        before.update({name: old for name, (old, _new) in changes.items() if name in before})
    rows = []
    for field in FIELDS:
        was, theirs, now = (_whole(field.name, state) for state in (before, current, mine))
        if theirs != now:
            pick = "mine" if theirs == was else "theirs" if now == was else ""
            shown = [_shown(field.name, state) for state in (was, theirs, now)]
            rows.append(EditConflict(field.name, field.label, shown[0], shown[1], shown[2], pick))
    return rows if any(row.pick != "mine" for row in rows) else []


def choose(values: Values, listing: Listing, rows: list[EditConflict], picks: Mapping[str, str]) -> dict[str, str]:
    """Put the others' values into `values` where `picks` says "theirs"; return messages for fields without a pick."""
    open_fields = {}
    straight = set(values.get("straight_line", "").split(",")) - {""}
    for row in rows:
        pick = picks.get(row.name, row.pick)
        if pick not in ("mine", "theirs"):
            open_fields[row.name] = f"「{row.label}」は、ほかの人の値と自分の値のどちらにするかを選んでください。"
        elif pick == "theirs":
            values[row.name] = _held(listing, row.name)
            if row.name == "built_on":
                values["built_precision"] = listing.built_precision
            straight.discard(row.name)
            straight |= {row.name} & set(listing.straight_line.split(","))
    values["straight_line"] = ",".join(name for name in BY_NAME if name in straight)
    return open_fields


_NAMES = (*BY_NAME, "built_precision", "straight_line")


def _events(listing_id: int, after: int) -> list[tuple[int, Changes]]:
    query = select(Event.id, Event.changes).where(
        Event.listing_id == listing_id, Event.id > after, Event.action != EventKind.KEPT
    )
    rows = db.session.execute(query.order_by(Event.id.desc()))
    return [(event_id, changes) for event_id, changes in rows if not set(changes).isdisjoint(_NAMES)]


def _held(listing: Listing, name: str) -> object:
    return BY_NAME[name].held(listing) if name in BY_NAME else getattr(listing, name)


def _whole(name: str, state: Mapping[str, object]) -> tuple[object, object]:
    """Return a value with what belongs to it: the precision of a date, or whether a distance is a straight line."""
    value = state[name]
    if name == "built_on":
        return value, state["built_precision"] if value else None
    return value if value is not None else "", name in str(state["straight_line"] or "").split(",")


def _shown(name: str, whole: tuple[object, object]) -> str:
    value, more = whole
    if name == "built_on" and value:
        return str(value)[: {"year": 4, "month": 7}.get(str(more), 10)]
    return text(name, value) + ("（直線）" if more is True else "")

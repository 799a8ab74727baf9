"""Decide what an imported file changes in an existing listing.

What staff wrote by hand is kept, and a blank cell changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from akiya.db import AnyRow, Session
from akiya.listings import bulk_write
from akiya.listings.events import EventKind
from akiya.listings.models import Changes
from akiya.listings.service import plain

ACTOR = "取り込み："
"""The beginning of the name under which an import is recorded in events."""

# The two belong together: a date that staff wrote must not get the precision of the file's date.
_TOGETHER = {"built_on": "built_precision", "built_precision": "built_on"}
_AMOUNTS = {"is_sale": "price", "is_rent": "rent"}
ByHand = Mapping[str, object]


def differences(row: AnyRow, values: Mapping[str, object]) -> Changes:
    """Return {field: [from, to]} for each of a record's values that differs from the listing; blank cells are left out."""
    return {name: [before, value] for name, value in values.items() if (before := getattr(row, name)) != value}


def by_hand(session: Session, listing_ids: Sequence[int]) -> Mapping[int, ByHand]:
    """Return for each listing id the fields that staff changed since an import last wrote them.

    Each field is mapped to the value that the last import wrote, in the form of `plain`.
    """
    fields: dict[int, dict[str, object]] = {}
    for event in bulk_write.events_of(session, listing_ids):
        known = fields.setdefault(event.listing_id, {})
        imported = event.staff_id is None and event.actor.startswith(ACTOR)
        for name, (before, _after) in event.changes.items():
            if event.action == EventKind.KEPT:  # staff's value was kept against the file's: [the file's, staff's]
                known[name] = before
            elif imported:
                known.pop(name, None)
            else:
                known.setdefault(name, before)
    return fields


@dataclass(frozen=True)
class Compared:
    """The differences between a file and a listing, grouped by what is done about them.

    `taken` is {field: [from, to]} to be written. In `open` are values that both the file and staff changed since the
    last import, as {field: [value in the last file, value in this file]}: a person has to decide. `kept` is the number
    of values that only staff changed.
    """

    taken: Changes
    open: Changes
    kept: int


def compare(row: AnyRow, wanted: Changes, hand: ByHand, *, take_file: bool = False) -> Compared:
    """Compare each change that the file asks for (`wanted`) with the last import and with the listing `row`.

    A value that nobody changed by hand, or that was changed back to that of the import, is taken from the file. With
    `take_file`, values that would be open are taken too.
    """

    def written(name: str) -> bool:
        return name in hand and plain(getattr(row, name)) != hand[name]

    def together(name: str) -> set[str]:
        return {name, _TOGETHER.get(name, name)}

    differing = {
        name: [hand[name], value]
        for name, (_held, value) in wanted.items()
        if written(name) and plain(value) != hand[name]
    }
    decided = set().union(*map(together, differing)) if take_file else set()
    taken = {
        name: change for name, change in wanted.items() if name in decided or not any(map(written, together(name)))
    }
    for deal, amount in _AMOUNTS.items():
        # A home that is not for sale any more has no price; the file cannot say so, because a blank changes nothing.
        if taken.get(deal) == [True, False] and getattr(row, amount) is not None and not written(amount):
            taken[amount] = [getattr(row, amount), None]
    still = {name: values for name, values in differing.items() if name not in taken}
    return Compared(taken, still, len(wanted.keys() - taken.keys() - still.keys()))

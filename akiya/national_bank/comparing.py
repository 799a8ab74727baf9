"""What a file may change in a listing that is there already: never what staff wrote by hand, and nothing by a blank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from akiya.listings import bulk_write
from akiya.listings.events import EventKind
from akiya.listings.service import plain

ACTOR = "取り込み："
"""How the name of an import begins in an event."""

# The two say one thing: a date that staff wrote is not to get the precision of the file's.
_TOGETHER = {"built_on": "built_precision", "built_precision": "built_on"}
_AMOUNTS = {"is_sale": "price", "is_rent": "rent"}
ByHand = Mapping[str, Any]


def differences(row: Any, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """{field: [from, to]} of what the file has otherwise than the listing. A blank cell has no value and says nothing."""
    return {name: [before, value] for name, value in values.items() if (before := getattr(row, name)) != value}


def by_hand(session: Session, listing_ids: Sequence[int]) -> Mapping[int, ByHand]:
    """For each listing the fields that somebody changed since an import last wrote them, with what the last file said."""
    fields: dict[int, dict[str, Any]] = {}
    for event in bulk_write.events_of(session, listing_ids):
        known = fields.setdefault(event.listing_id, {})
        imported = event.staff_id is None and event.actor.startswith(ACTOR)
        for name, (before, _after) in event.changes.items():
            if event.action == EventKind.KEPT:  # the file's value was seen and staff's stays: [the file's, staff's]
                known[name] = before
            elif imported:
                known.pop(name, None)
            else:
                known.setdefault(name, before)
    return fields


@dataclass(frozen=True)
class Compared:
    """What a file has otherwise than a listing, as {field: [from, to]}, by what is to become of it.

    `taken` is written. In `open` both have changed since the last import, each its own way: [what the file said, what it
    says], and somebody is to decide. `kept` counts what only staff changed.
    """

    taken: dict[str, list[Any]]
    open: dict[str, list[Any]]
    kept: int


def compare(row: Any, wanted: Mapping[str, list[Any]], hand: ByHand, *, take_file: bool = False) -> Compared:
    """The three-way comparison of each wanted change: the file then, the file now, and the listing.

    What nobody changed by hand is taken; a value that was put back to the import's is the import's. With `take_file` what is
    open is taken too.
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
        # A home that is no longer for sale has no price any more, though the file has no cell that says so.
        if taken.get(deal) == [True, False] and getattr(row, amount) is not None and not written(amount):
            taken[amount] = [getattr(row, amount), None]
    still = {name: values for name, values in differing.items() if name not in taken}
    return Compared(taken, still, len(wanted.keys() - taken.keys() - still.keys()))

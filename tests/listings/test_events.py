"""Kinds of events: stored values never change, and a kind that this version does not know is shown as it is stored."""

from datetime import UTC, datetime

from akiya.listings import events
from akiya.listings.events import EventKind
from akiya.listings.models import Event

# Values that are stored in every database. A new kind adds a line here; no line is ever changed or removed.
STORED = {
    "CREATED": "created",
    "CHANGED": "changed",
    "MOVED": "moved",
    "CONFIRMED": "confirmed",
    "CLOSE_ASKED": "close_asked",
    "EXTENDED": "extended",
    "CLOSED": "closed",
    "COMPLETED": "completed",
    "IMPORTED": "imported",
    "KEPT": "kept",
    "PLACED": "placed",
    "HANDED_OVER": "handed_over",
    "BULK_UNDONE": "bulk_undone",
    "LEDGER": "ledger",
    "LEDGER_UNDONE": "ledger_undone",
    "PHOTO_ADDED": "photo_added",
    "PHOTO_CHANGED": "photo_changed",
    "PHOTO_REMOVED": "photo_removed",
    "PHOTO_BLURRED": "photo_blurred",
    "PHOTOS_ORDERED": "photos_ordered",
    "PANORAMA_ADDED": "panorama_added",
    "PANORAMA_REMOVED": "panorama_removed",
    "PANORAMA_CHANGED": "panorama_changed",
    "PANORAMAS_ORDERED": "panoramas_ordered",
    "TOUR_PUBLISHED": "tour_published",
    "TOUR_WITHDRAWN": "tour_withdrawn",
    "CO_OWNER_ADDED": "co_owner_added",
    "CO_OWNER_CHANGED": "co_owner_changed",
    "CO_OWNER_REMOVED": "co_owner_removed",
    "CONTACT_ADDED": "contact_added",
    "DOCUMENT_ADDED": "document_added",
    "DOCUMENT_REMOVED": "document_removed",
    "INQUIRY_CHANGED": "inquiry_changed",
    "INQUIRY_REMOVED": "inquiry_removed",
    "MERGED": "merged",
}


def test_what_is_stored_is_pinned() -> None:
    # __members__ has aliases, too: a second kind with the value of another would be one.
    assert {name: kind.value for name, kind in EventKind.__members__.items()} == STORED


def test_every_value_fits_its_column_and_every_kind_has_a_label() -> None:
    longest = Event.__table__.c.action.type.length
    assert [kind.name for kind in EventKind if len(kind) > longest or not kind.label] == []


def test_a_kind_is_shown_by_its_label_and_an_unknown_one_as_it_is_stored() -> None:
    at = datetime(2026, 4, 1, tzinfo=UTC)
    stored = ("moved", "tour_withdrawn", "sold_by_auction")
    rows = [Event(id=n, at=at, actor="あおい", action=action, changes={}) for n, action in enumerate(stored)]
    assert [line.action for line in events.lines(rows)] == [
        "状態の変更",
        "360度画像の公開の取りやめ",
        "sold_by_auction",
    ]

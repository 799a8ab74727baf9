"""Count report R1 slowly: one listing after the other, day by day of its records, in plain Python."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from akiya.db import db
from akiya.geo import JAPAN_TIME
from akiya.inquiries.models import Inquiry
from akiya.listings.enums import CLOSED, LISTED, PUBLIC, PropertyKind, Status, Use
from akiya.listings.events import EventKind
from akiya.listings.models import Event, Listing
from akiya.municipalities import search as municipalities
from akiya.municipalities.codes import code6
from akiya.panoramas.models import Scene, SceneState
from akiya.visits.models import Visits


def history(events: list[Event]) -> list[tuple[date, Status]]:
    """Return the states in the order of their records, without those that a later record corrects."""
    kept: list[tuple[date, Status]] = []
    for event in sorted(events, key=lambda event: event.id):
        if event.status not in PUBLIC or event.effective_on is None:
            continue
        day, status = event.effective_on, event.status
        if status in CLOSED:
            offered = [on for on, before in kept if before in LISTED]
            day = max([day, *offered])
            while kept and kept[-1][1] in CLOSED and (kept[-1][1] is status or kept[-1][0] >= day):
                kept.pop()
        elif kept:
            day = max(day, kept[-1][0])
        kept.append((day, status))
    return kept


def month(first: date, today: date) -> dict[str, dict[str, Any]]:
    """Return {code: {figure: value}} of the month, with "" as the code of all together."""
    end = min((first + timedelta(days=32)).replace(day=1) - timedelta(days=1), today)
    figures: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    waits: dict[str, list[int]] = defaultdict(list)
    for listing in db.session.query(Listing).all():
        events = db.session.query(Event).filter_by(listing_id=listing.id).all()
        for day, key, value in _listing(listing, events, first, end):
            for code in (code6(place(listing, events, day)), ""):
                if key == "waited":
                    waits[code].append(value)
                else:
                    figures[code][key] += value
    for inquiry in db.session.query(Inquiry).all():
        if first <= inquiry.on <= end:
            key = {"inquiry": "inquiries", "viewing": "viewings", "online": "online", "consultation": "consultations"}
            for code in (code6(inquiry.municipality_code), ""):
                figures[code][key[inquiry.kind]] += 1
    for code, found in figures.items():
        ended = found["contracted"] + found["withdrawn"] + found["expired"]
        found["rate"] = round(100 * found["contracted"] / ended, 1) if ended else None
        found["days"] = round(sum(waits[code]) / len(waits[code]), 1) if waits[code] else None
    return figures


def place(listing: Listing, events: list[Event], day: date) -> str:
    """Return the municipality that the listing belonged to on the day."""
    moves = [event for event in events if event.action == EventKind.MERGED]
    before = [event.changes["municipality_code"][1] for event in moves if event.effective_on <= day]
    first = moves[0].changes["municipality_code"][0] if moves else listing.municipality_code
    return before[-1] if before else first


def _listing(listing: Listing, events: list[Event], first: date, end: date) -> Iterator[tuple[date, str, int]]:
    """Yield (day, figure, how much) of everything that the listing adds to the month."""
    land = listing.kind is PropertyKind.LAND
    if listing.published_on and first <= listing.published_on <= end:
        yield listing.published_on, "new_land", land
        yield listing.published_on, "new_sale", listing.is_sale and not land
        yield listing.published_on, "new_rent", listing.is_rent and not land
    states = [(day, status) for day, status in history(events) if day <= end]
    if states and states[-1][1] in LISTED:
        yield end, str(states[-1][1]), 1
        confirmed = [e.effective_on for e in events if e.action == EventKind.CONFIRMED and e.effective_on <= end]
        seen = max(
            [*confirmed, *[day for day, status in states if status is Status.OPEN]], default=listing.published_on
        )
        yield end, "unconfirmed", seen is None or (end - seen).days > 90
        scenes = db.session.query(Scene).filter_by(listing_id=listing.id, published=True, state=SceneState.READY).all()
        yield end, "panorama", any(scene.created_at.astimezone(JAPAN_TIME).date() <= end for scene in scenes)
    if states and states[-1][1] in CLOSED and states[-1][0] >= first:
        yield from ((states[-1][0], key, value) for key, value in _closed(listing, *states[-1]))
    for visits in db.session.query(Visits).filter_by(listing_id=listing.id, kind="listing"):
        if first <= visits.day <= end:
            yield visits.day, "views", visits.count


def _closed(listing: Listing, day: date, status: Status) -> Iterator[tuple[str, int]]:
    yield str(status), 1
    if listing.published_on:
        yield "waited", (day - listing.published_on).days
    closing = listing.closing
    if status is not Status.CONTRACTED:
        return
    deal = closing.deal if closing else None
    if listing.kind is PropertyKind.LAND:
        yield "contracted_land", 1
    elif deal:
        yield f"contracted_{deal}", 1
    elif listing.is_sale != listing.is_rent:
        yield "contracted_sale" if listing.is_sale else "contracted_rent", 1
    if closing and closing.use in (Use.HOME, Use.TWO_BASE):
        prefecture = municipalities.prefecture()
        assert prefecture
        yield "households", 1
        yield "people", closing.household_size or 0
        yield "from_outside", closing.previous_prefecture not in ("", prefecture.name)
        yield "with_children", (closing.children or 0) > 0

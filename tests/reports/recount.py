"""Report R1 counted slowly: one listing after the other, day by day of its records, in plain Python."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from akiya.db import db
from akiya.geo import JAPAN_TIME
from akiya.inquiries.models import Inquiry
from akiya.listings.enums import CLOSED, LISTED, PUBLIC, Kind, Status, Use
from akiya.listings.models import Event, Listing
from akiya.municipalities import search as municipalities
from akiya.municipalities.codes import code6
from akiya.panoramas.models import Scene, State
from akiya.visits.models import Visits


def history(events: list[Event]) -> list[tuple[date, Status]]:
    """The states in the order they were recorded, without those that a later record corrects."""
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
    """{code: {figure: value}} of the month, "" for all together."""
    end = min((first + timedelta(days=32)).replace(day=1) - timedelta(days=1), today)
    figures: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    waits: dict[str, list[int]] = defaultdict(list)
    for listing in db.session.query(Listing).all():
        events = db.session.query(Event).filter_by(listing_id=listing.id).all()
        for code in (code6(listing.municipality_code), ""):
            _listing(figures[code], waits[code], listing, events, first, end)
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


def _listing(
    found: dict[str, Any], waits: list[int], listing: Listing, events: list[Event], first: date, end: date
) -> None:
    land = listing.kind is Kind.LAND
    if listing.published_on and first <= listing.published_on <= end:
        found["new_land"] += land
        found["new_sale"] += listing.is_sale and not land
        found["new_rent"] += listing.is_rent and not land
    states = [(day, status) for day, status in history(events) if day <= end]
    if states and states[-1][1] in LISTED:
        found[str(states[-1][1])] += 1
        confirmed = [e.effective_on for e in events if e.action == "confirmed" and e.effective_on <= end]
        seen = max(
            [*confirmed, *[day for day, status in states if status is Status.OPEN]], default=listing.published_on
        )
        found["unconfirmed"] += seen is None or (end - seen).days > 90
        scenes = db.session.query(Scene).filter_by(listing_id=listing.id, published=True, state=State.READY).all()
        found["panorama"] += any(scene.created_at.astimezone(JAPAN_TIME).date() <= end for scene in scenes)
    if states and states[-1][1] in CLOSED and states[-1][0] >= first:
        _closed(found, waits, listing, *states[-1])
    for visits in db.session.query(Visits).filter_by(listing_id=listing.id, kind="listing"):
        if first <= visits.day <= end:
            found["views"] += visits.count


def _closed(found: dict[str, Any], waits: list[int], listing: Listing, day: date, status: Status) -> None:
    found[str(status)] += 1
    if listing.published_on:
        waits.append((day - listing.published_on).days)
    closing = listing.closing
    if status is not Status.CONTRACTED:
        return
    deal = closing.deal if closing else None
    if listing.kind is Kind.LAND:
        found["contracted_land"] += 1
    elif deal:
        found[f"contracted_{deal}"] += 1
    elif listing.is_sale != listing.is_rent:
        found["contracted_sale" if listing.is_sale else "contracted_rent"] += 1
    if closing and closing.use in (Use.HOME, Use.TWO_BASE):
        prefecture = municipalities.prefecture()
        assert prefecture
        found["households"] += 1
        found["people"] += closing.household_size or 0
        found["from_outside"] += closing.previous_prefecture not in ("", prefecture.name)
        found["with_children"] += (closing.children or 0) > 0

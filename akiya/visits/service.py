"""Store counts of visits."""

from collections.abc import Mapping

from sqlalchemy import select

from akiya.db import insert_or_add, transaction
from akiya.listings.enums import LISTED
from akiya.listings.models import Listing
from akiya.visits.counter import Key
from akiya.visits.models import Visits


def add(counts: Mapping[Key, int]) -> None:
    """Add the counts to the stored ones in one transaction; those of listings that are not on offer are dropped."""
    asked = {listing_id for _day, listing_id, _kind in counts}
    with transaction(public=False) as session:
        listed = set(session.scalars(select(Listing.id).where(Listing.id.in_(asked), Listing.status.in_(LISTED))))
        # Sorted, so that two processes that write at once cannot deadlock.
        rows = [
            {"day": day, "listing_id": listing_id, "kind": kind, "count": counts[day, listing_id, kind]}
            for day, listing_id, kind in sorted(counts)
            if listing_id in listed
        ]
        if rows:
            session.execute(insert_or_add(session, Visits, ("day", "listing_id", "kind"), "count"), rows)

"""Invented interest in the demonstration's homes: views, opened tours, inquiries, viewings, consultations."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from akiya.accounts.models import Staff
from akiya.db import transaction
from akiya.inquiries import service as inquiries
from akiya.inquiries.models import InquiryKind, InquiryWay
from akiya.listings.models import Listing
from akiya.visits import service as visits
from akiya.visits.counter import Key
from akiya.visits.models import VisitKind

_VIEW_DAYS = 45
_INQUIRY_DAYS = 240
_HOMES = ("東京都", "東京都", "神奈川県", "大阪府", "福岡県", "福岡県", "熊本県", "熊本県", "海外", "")
_WAYS = (InquiryWay.PHONE, InquiryWay.PHONE, InquiryWay.COUNTER, InquiryWay.MAIL, InquiryWay.FAIR, None)


def add(staff: Staff, homes: Sequence[Listing], today: date) -> None:
    """Add views and inquiries up to `today` for homes that are or were on offer, and consultations for municipalities."""
    with transaction(public=False):
        visits.add(_seen(homes, today))
        _ask(staff, homes, today)


def _seen(homes: Sequence[Listing], today: date) -> dict[Key, int]:
    rng, seen = random.Random(21), {}  # noqa: S311  (invented data, not a secret)
    for home in homes:
        since, liked = home.published_on or today, rng.randint(1, 6)
        for ago in range(min(_VIEW_DAYS, (today - since).days + 1)):
            if views := rng.randint(0, liked):
                seen[today - timedelta(days=ago), home.id, VisitKind.LISTING] = views
                if home.has_panorama:
                    seen[today - timedelta(days=ago), home.id, VisitKind.PANORAMA] = rng.randint(1, views)
    return seen


def _ask(staff: Staff, homes: Sequence[Listing], today: date) -> None:
    rng = random.Random(22)  # noqa: S311
    for home in homes:
        if home.published_on is not None:
            last = home.closed_on or today
            most = min(_INQUIRY_DAYS, max(0, (last - home.published_on).days))
            for _number in range(rng.choice((0, 0, 1, 2, 3))):
                kind = rng.choices(list(InquiryKind), (5, 3, 1, 1))[0]
                inquiries.add(staff, None, home.id, kind, _details(rng, last - timedelta(days=rng.randint(0, most))))
    for code in sorted({home.municipality_code for home in homes}):
        for _number in range(rng.randint(0, 3)):
            on = today - timedelta(days=rng.randint(0, _INQUIRY_DAYS))
            inquiries.add(staff, code, None, InquiryKind.CONSULTATION, _details(rng, on))


def _details(rng: random.Random, on: date) -> inquiries.Details:
    return inquiries.Details(on, rng.choice(_WAYS), rng.choice(_HOMES), rng.choice((None, 1, 2, 2, 3, 4)))

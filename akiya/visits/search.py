"""Read the counts of visits."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from akiya.db import db, today
from akiya.visits.models import VisitKind, Visits

LATELY_DAYS = 30
DEFINITION = (
    "公開ページが画面に出た回数と、360度画像が開かれた回数です。どなたが見たかは記録しないので、同じ方が2回見れば2回です。"
    "検索エンジンなどのプログラムと、JavaScriptを使わない方と、サインイン中の職員は数えません。数秒遅れて出ます。"
)


@dataclass(frozen=True)
class Figures:
    """The visits to a listing's page and its tour: in all, and (`lately`) in the last 30 days including today."""

    views: int
    views_lately: int
    tours: int
    tours_lately: int
    definition: str = DEFINITION


def of_listing(listing_id: int) -> Figures:
    """Return the listing's counts."""
    since = today() - timedelta(days=LATELY_DAYS - 1)
    lately = func.sum(Visits.count).filter(Visits.day >= since)
    query = select(Visits.kind, func.sum(Visits.count), lately).where(Visits.listing_id == listing_id)
    found = {kind: (int(ever), int(late or 0)) for kind, ever, late in db.session.execute(query.group_by(Visits.kind))}
    return Figures(*found.get(VisitKind.LISTING, (0, 0)), *found.get(VisitKind.PANORAMA, (0, 0)))

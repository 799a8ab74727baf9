"""What coordinators count: the state now, and report R1, month × municipality."""

from bisect import bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from akiya import geo
from akiya.db import db
from akiya.db import today as today  # for the pages, which know no database
from akiya.errors import Invalid
from akiya.listings.enums import CLOSED, LISTED, Kind, Status
from akiya.listings.models import Event, Listing
from akiya.municipalities import search as municipalities
from akiya.municipalities.codes import code6
from akiya.municipalities.models import Municipality
from akiya.panoramas.models import Scene

UNCONFIRMED_DAYS = 90
MOST_MONTHS = 60
Cell = str | int | float | None


@dataclass(frozen=True)
class Column:
    """A column with the exact definition that is printed with it."""

    key: str
    label: str
    definition: str
    summed: bool = True


@dataclass(frozen=True)
class Table:
    """A report: its title, the day it was made, columns and rows of cells."""

    title: str
    made_on: date
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]


COLUMNS = (
    Column("code", "全国地方公共団体コード", "6桁（検査数字つき）。", summed=False),
    Column("name", "市町村名", "", summed=False),
    Column("month", "年月", "西暦の年-月。今月は作成日まで。", summed=False),
    Column(
        "new_sale",
        "新規登録（売買）",
        "その月に初めて公開した物件のうち、土地でなく、売買を希望するもの。売買・賃貸の両方は両方に数える。",
    ),
    Column("new_rent", "新規登録（賃貸）", "その月に初めて公開した物件のうち、土地でなく、賃貸を希望するもの。"),
    Column("new_land", "新規登録（土地）", "その月に初めて公開した土地。売買・賃貸を問わない。"),
    Column("open", "募集中", "月末に募集中の物件。"),
    Column("negotiating", "商談中", "月末に商談中の物件。"),
    Column("contracted", "成約", "その月に成約となった物件。成約日が不明なものは、成約と分かった日で数える。"),
    Column("withdrawn", "取下げ", "その月に取下げとなった物件。"),
    Column("expired", "期限満了", "その月に期限満了となった物件。"),
    Column(
        "days",
        "平均掲載日数",
        "その月に成約・取下げ・期限満了となった物件の、公開から終了までの日数の平均（小数1桁）。なければ空欄。",
        summed=False,
    ),
    Column(
        "panorama",
        "360付き",
        "月末に募集中・商談中で、360度画像を公開できる状態で持つ物件（今ある画像が月末までに入れられたもの）。",
    ),
    Column(
        "unconfirmed",
        f"{UNCONFIRMED_DAYS}日未確認",
        f"月末に募集中・商談中で、公開または最後の確認から{UNCONFIRMED_DAYS}日を超えた物件。",
    ),
)


def month(text: str) -> date:
    """The first day of "2026-04". Raises Invalid."""
    try:
        year, number = text.strip().split("-")
        return date(int(year), int(number), 1)
    except ValueError:
        raise Invalid(f"「{text}」は年月ではありません。2026-04 のように入れてください。") from None


def month_end(first: date, limit: date) -> date:
    """The last day of the month, or `limit` when that comes earlier."""
    return min(first.replace(day=monthrange(first.year, first.month)[1]), limit)


def monthly(since: date, until: date, *, today: date) -> Table:
    """Report R1 from the month of `since` to that of `until`; months to come are not given. Raises Invalid."""
    months = _months(since, min(until, today))
    if until < since:
        raise Invalid("終わりの月が始めの月より前です。始めと終わりを入れ替えてください。")
    if len(months) > MOST_MONTHS:
        raise Invalid(f"期間が{len(months)}か月あります。{MOST_MONTHS}か月までにしてください。")
    places = municipalities.all_municipalities()
    cells: dict[tuple[str, date], _Counts] = defaultdict(_Counts)
    for life in _lives():
        for first in months:
            _count(cells[(life.municipality, first)], life, first, month_end(first, today))
    shown = _shown(places, cells)
    rows = [
        [code6(place.code), place.name, f"{first:%Y-%m}", *cells[(place.code, first)].cells()]
        for first in months
        for place in shown
    ]
    return Table("月別・市町村別の登録状況", today, COLUMNS, rows)


def _months(since: date, until: date) -> list[date]:
    months, first = [], since.replace(day=1)
    while first <= until:
        months.append(first)
        first = (first + timedelta(days=32)).replace(day=1)
    return months


def _shown(places: Sequence[Municipality], cells: dict[tuple[str, date], "_Counts"]) -> list[Municipality]:
    """The prefecture's municipalities, and others that have a figure."""
    own = {place.code for place in municipalities.served()}
    counted = {code for (code, _first), counts in cells.items() if any(counts.cells())}
    return [place for place in places if place.code in own or place.code in counted]


@dataclass
class _Life:
    """A listing's way: the days its states began, its confirmations, and what it is."""

    municipality: str
    sale: bool
    rent: bool
    land: bool
    published: date | None
    days: list[date]
    states: list[Status]
    confirmed: list[date]
    panorama_since: date | None

    def state_on(self, day: date) -> Status | None:
        """The state at the end of `day`."""
        at = bisect_right(self.days, day)
        return self.states[at - 1] if at else None


class _Counts:
    """One row's figures."""

    def __init__(self) -> None:
        self.figures: dict[str, int] = {c.key: 0 for c in COLUMNS if c.summed}
        self.closed_days: list[int] = []

    def cells(self) -> list[Cell]:
        mean = round(sum(self.closed_days) / len(self.closed_days), 1) if self.closed_days else None
        return [mean if c.key == "days" else self.figures[c.key] for c in COLUMNS[3:]]


_OUTCOMES = {Status.CONTRACTED: "contracted", Status.WITHDRAWN: "withdrawn", Status.EXPIRED: "expired"}


def _count(counts: _Counts, life: _Life, first: date, end: date) -> None:
    figures = counts.figures
    if life.published and first <= life.published <= end:
        figures["new_land"] += life.land
        figures["new_sale"] += life.sale and not life.land
        figures["new_rent"] += life.rent and not life.land
    state = life.state_on(end)
    if state in LISTED:
        figures[str(state)] += 1
        figures["panorama"] += life.panorama_since is not None and life.panorama_since <= end
        at = bisect_right(life.confirmed, end)
        seen = life.confirmed[at - 1] if at else life.published
        figures["unconfirmed"] += seen is None or (end - seen).days > UNCONFIRMED_DAYS
    before = life.state_on(first - timedelta(days=1))
    if state in CLOSED and state is not before:
        figures[_OUTCOMES[state]] += 1
        closed_on = life.days[bisect_right(life.days, end) - 1]
        if life.published:
            counts.closed_days.append((closed_on - life.published).days)


def _lives() -> list[_Life]:
    listing, event = Listing.__table__.c, Event.__table__.c
    rows = db.session.execute(
        select(
            listing.id, listing.municipality_code, listing.is_sale, listing.is_rent, listing.kind, listing.published_on
        )
    )
    lives = {
        row.id: _Life(
            row.municipality_code, row.is_sale, row.is_rent, row.kind is Kind.LAND, row.published_on, [], [], [], None
        )
        for row in rows
    }
    moved = select(event.listing_id, event.status, event.effective_on).where(event.status.is_not(None))
    for row in db.session.execute(moved.order_by(event.effective_on, event.id)):
        if row.effective_on is not None and row.listing_id in lives:
            lives[row.listing_id].days.append(row.effective_on)
            lives[row.listing_id].states.append(row.status)
            if row.status is Status.OPEN:
                lives[row.listing_id].confirmed.append(row.effective_on)
    confirmed = select(event.listing_id, event.effective_on).where(event.action == "confirmed")
    for listing_id, on in db.session.execute(confirmed):
        lives[listing_id].confirmed.append(on)
    for life in lives.values():
        life.confirmed.sort()
    shown = select(Scene.listing_id, func.min(Scene.created_at)).where(Scene.published).group_by(Scene.listing_id)
    for listing_id, created_at in db.session.execute(shown):
        lives[listing_id].panorama_since = created_at.astimezone(geo.JAPAN_TIME).date()
    return list(lives.values())


@dataclass(frozen=True)
class Count:
    """A municipality's listings now."""

    code: str
    code6: str
    name: str
    draft: int
    open: int
    negotiating: int
    contracted: int
    withdrawn: int
    expired: int
    with_panorama: int
    unconfirmed: int


def counts(today: date) -> tuple[list[Count], dict[str, int]]:
    """A row for each municipality, and the totals by the same names. Closings are those since 1 April."""
    fiscal_year = date(today.year if today.month >= 4 else today.year - 1, 4, 1)
    listing = Listing.__table__.c
    figures: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    closed_lately = (listing.closed_on.is_(None)) | (listing.closed_on >= fiscal_year)
    by_status = select(listing.municipality_code, listing.status, func.count()).where(closed_lately)
    for code, status, count in db.session.execute(by_status.group_by(listing.municipality_code, listing.status)):
        figures[code][str(status) if status in (*LISTED, *CLOSED) else "draft"] += count
    limit = today - timedelta(days=UNCONFIRMED_DAYS)
    stale = func.coalesce(listing.confirmed_on, listing.published_on) < limit
    for name, condition in (("with_panorama", listing.has_panorama.is_(True)), ("unconfirmed", stale)):
        query = select(listing.municipality_code, func.count()).where(listing.status.in_(LISTED), condition)
        for code, count in db.session.execute(query.group_by(listing.municipality_code)):
            figures[code][name] = count
    names = [name for name in Count.__dataclass_fields__ if name not in ("code", "code6", "name")]
    own = {place.code for place in municipalities.served()}
    rows = [
        Count(place.code, code6(place.code), place.name, *[figures[place.code][name] for name in names])
        for place in municipalities.all_municipalities()
        if place.code in own or place.code in figures
    ]
    totals: dict[str, Any] = {name: sum(getattr(row, name) for row in rows) for name in names}
    return rows, totals

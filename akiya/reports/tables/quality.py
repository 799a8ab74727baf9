"""Report R5: homes with missing, outdated, implausible or duplicate records, by municipality and one by one."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any  # columns of any type

from sqlalchemy import Select, exists, func, select

from akiya.choices import Choice
from akiya.db import AnyRow, db
from akiya.language import N_
from akiya.listings.enums import LISTED, Precision, PropertyKind, Status
from akiya.listings.models import Listing, Photo
from akiya.municipalities import search as municipalities
from akiya.municipalities.codes import code6
from akiya.reports.rows import Rows, read
from akiya.reports.table import Cell, CellType, ReportColumn, Table, share

_NEGOTIATED_DAYS = 180
_L = Listing.__table__.c


class Problem(Choice):
    """A kind of problem of a home's record."""

    MISSING = "missing", N_("抜け")
    OVERDUE = "overdue", N_("確認の期限切れ")
    ODD = "odd", N_("あやしい値")
    TWICE = "twice", N_("重複の疑い")


_HOUSE = ("floor_area", "layout", "structure", "built_on", "water", "drain", "toilet", "gas")
_EXPECTED = {
    "price": "売買価格",
    "rent": "賃料",
    "land_area": "土地面積",
    "floor_area": "建物面積",
    "layout": "間取り",
    "structure": "構造",
    "built_on": "建築年",
    "water": "水道",
    "drain": "排水",
    "toilet": "トイレ",
    "gas": "ガス",
    "parking": "駐車場",
    "appeal": "紹介文",
    "place": "位置（役所の位置のまま）",
    "photo": "写真",
}
# A value outside these bounds is probably a mistake in the unit (万円, 坪), a digit or the year.
_BOUNDS: dict[str, tuple[str, float, float, str]] = {
    "price": ("売買価格", 10_000, 300_000_000, "円"),
    "rent": ("賃料", 1_000, 1_000_000, "円"),
    "floor_area": ("建物面積", 10, 2_000, "m²"),
    "land_area": ("土地面積", 10, 100_000, "m²"),
    "storeys": ("階数", 1, 10, "階"),
    "station_m": ("駅までの距離", 1, 50_000, "m"),
}
_OLDEST = 1868
Twins = frozenset[tuple[object, ...]]
_TWIN = ("municipality_code", "town", "kind", "price", "rent", "floor_area", "land_area", "built_on")
_SUMMARY = (
    ReportColumn("code", "全国地方公共団体コード", "6桁（検査数字つき）。", CellType.TEXT),
    ReportColumn("name", "市町村名", "", CellType.TEXT),
    ReportColumn("homes", "掲載中", "今、募集中・商談中の物件。", summed=True),
    ReportColumn(
        "filled",
        "充足率（%）",
        f"次の項目のうち、書いてあるものの割合：{'、'.join(_EXPECTED.values())}。土地には建物の項目を、"
        "取引のない価格・賃料と応相談の価格を数えない。",
        CellType.PERCENT,
    ),
    ReportColumn("missing", "抜けのある物件", "上の項目のどれかがない物件。", summed=True),
    ReportColumn(
        "overdue",
        "確認の期限切れ",
        f"確認の期日を過ぎた物件と、商談中のまま{_NEGOTIATED_DAYS}日を超えた物件。",
        summed=True,
    ),
    ReportColumn(
        "odd",
        "あやしい値のある物件",
        "次の範囲の外："
        + "、".join(f"{label} {low:,}〜{high:,}{unit}" for label, low, high, unit in _BOUNDS.values())
        + f"、建築年 {_OLDEST}年〜来年。",
        summed=True,
    ),
    ReportColumn(
        "twice",
        "重複の疑い",
        "同じ市町村に、町・字、種別、価格、面積、建築年のすべてが同じ物件がある物件。",
        summed=True,
    ),
)
_LIST = (
    ReportColumn("name", "市町村名", "", CellType.TEXT),
    ReportColumn("number", "物件番号", "", CellType.TEXT),
    ReportColumn("title", "物件名", "", CellType.TEXT),
    ReportColumn("problem", "気になること", "", CellType.TEXT),
    ReportColumn("what", "項目と値", "", CellType.TEXT),
    ReportColumn("link", "直すページ", "", CellType.LINK),
)
Found = list[tuple[Problem, str]]


def tables(today: date, municipality: str | None) -> list[Table]:
    """Return a table with a row for each municipality, and one with a row for each problem of a home."""
    twins = _twins(municipality)

    def listed() -> Iterator[tuple[Cell, ...]]:
        names = {place.code: place.name for place in municipalities.all_municipalities()}
        for home in read(_homes(municipality)):
            for problem, what in problems(home, today, twins)[0]:
                page = f"/staff/listings/{home.id}" + ("" if problem is Problem.OVERDUE else "/edit")
                yield names[home.municipality_code], home.number, home.title, problem.message, what, page

    return [
        Table("places", "市町村別", _SUMMARY, _summary(today, municipality, twins)),
        Table("homes", "物件別", _LIST, Rows(listed)),
    ]


def _summary(today: date, municipality: str | None, twins: Twins) -> list[tuple[Cell, ...]]:
    homes: Counter[str] = Counter()
    shares: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    found: dict[str, Counter[Problem]] = defaultdict(Counter)
    for home in read(_homes(municipality)):
        problems_, filled, asked = problems(home, today, twins)
        code = home.municipality_code
        homes[code] += 1
        shares[code][0] += filled
        shares[code][1] += asked
        found[code].update({problem for problem, _what in problems_})
    own = {place.code for place in municipalities.served()}
    return [
        (
            code6(place.code), place.name, homes[place.code], share(*shares[place.code]),
            *(found[place.code][problem] for problem in Problem),
        )
        for place in municipalities.all_municipalities()
        if place.code == municipality or (municipality is None and (place.code in own or homes[place.code]))
    ]  # fmt: skip


def _homes(municipality: str | None) -> Select[*tuple[Any, ...]]:
    names = (*_EXPECTED.keys() - {"place", "photo"}, *_BOUNDS, *_TWIN)
    pictured = exists().where(Photo.listing_id == _L.id).label("photo")
    known = (
        "id",
        "number",
        "title",
        "is_sale",
        "is_rent",
        "price_negotiable",
        "precision",
        "status",
        "review_due_on",
        "negotiating_since",
        "confirmed_on",
    )
    query = select(*[_L[name] for name in sorted({*names, *known})], pictured).where(_L.status.in_(LISTED))
    query = query.order_by(_L.municipality_code, _L.id)
    return query if municipality is None else query.where(_L.municipality_code == municipality)


def _twins(municipality: str | None) -> Twins:
    """Return the common values of homes that are recorded twice; homes without area or price are not compared."""
    columns = [_L[name] for name in _TWIN]
    query = select(*columns).where(_L.status.in_(LISTED), func.coalesce(_L.price, _L.rent).is_not(None))
    query = query.where(func.coalesce(_L.floor_area, _L.land_area).is_not(None))
    if municipality is not None:
        query = query.where(_L.municipality_code == municipality)
    return frozenset(tuple(row) for row in db.session.execute(query.group_by(*columns).having(func.count() > 1)))


def problems(home: AnyRow, today: date, twins: Twins) -> tuple[Found, int, int]:
    """Return the problems of the home, how many of the expected fields are filled, and how many are expected."""
    asked = _asked(home)
    missing = [name for name in asked if _lacks(home, name)]
    found: Found = [(Problem.MISSING, "、".join(_EXPECTED[name] for name in missing))] if missing else []
    if home.review_due_on is not None and home.review_due_on < today:
        found.append((Problem.OVERDUE, f"確認の期日 {home.review_due_on}"))
    since = home.negotiating_since if home.status is Status.NEGOTIATING else None
    if since is not None and today - since > timedelta(days=_NEGOTIATED_DAYS):
        found.append((Problem.OVERDUE, f"商談中 {since} から"))
    for name, (label, low, high, unit) in _BOUNDS.items():
        value = getattr(home, name)
        if value is not None and not low <= value <= high:
            found.append((Problem.ODD, f"{label} {value:,}{unit}"))
    if home.built_on is not None and not _OLDEST <= home.built_on.year <= today.year + 1:
        found.append((Problem.ODD, f"建築年 {home.built_on.year}年"))
    if tuple(getattr(home, name) for name in _TWIN) in twins:
        found.append((Problem.TWICE, f"{home.town} の同じ内容の物件"))
    return found, len(asked) - len(missing), len(asked)


def _asked(home: AnyRow) -> Sequence[str]:
    unasked = set(_HOUSE) if home.kind is PropertyKind.LAND else set()
    if not home.is_sale or home.price_negotiable:
        unasked.add("price")
    if not home.is_rent or home.price_negotiable:
        unasked.add("rent")
    return [name for name in _EXPECTED if name not in unasked]


def _lacks(home: AnyRow, name: str) -> bool:
    if name == "place":
        return home.precision is Precision.OFFICE
    return getattr(home, name) in (None, "", False) if name == "photo" else getattr(home, name) in (None, "")

"""Report R2: each contracted home, the price asked and agreed, and the household that moves in."""

from collections.abc import Iterator

from sqlalchemy import select

from akiya.choices import Choice
from akiya.db import AnyRow
from akiya.listings.enums import Deal, PropertyKind, Status
from akiya.listings.models import Closing, Listing
from akiya.municipalities.models import Municipality
from akiya.reports.periods import Period
from akiya.reports.rows import Rows, read
from akiya.reports.table import Cell, CellType, ReportColumn, Table, dated, era

COLUMNS = (
    ReportColumn("name", "市町村名", "", CellType.TEXT),
    ReportColumn("number", "物件番号", "市町村の番号。", CellType.TEXT),
    ReportColumn("title", "物件名", "", CellType.TEXT),
    *dated("closed_on", "成約日", "物件の終わった日。成約日が不明なものは、成約と分かった日。"),
    ReportColumn("kind", "種別", "", CellType.TEXT),
    ReportColumn(
        "deal", "取引", "売買か賃貸。答えがなければ、募集が片方だけのときはその取引、両方のときは空欄。", CellType.TEXT
    ),
    ReportColumn(
        "asked",
        "希望価格・賃料（円）",
        "終わるまでに出ていた価格（賃貸は月額）。応相談などで出ていなければ空欄。",
        CellType.YEN,
    ),
    ReportColumn("agreed", "成約価格・賃料（円）", "任意の答え。公開しない。", CellType.YEN),
    ReportColumn(
        "days", "掲載日数", "初めて公開した日から成約日まで。公開した日が分からないか成約日より後のときは空欄。"
    ),
    ReportColumn("origin", "前の住所", "入居する人の前の都道府県。", CellType.TEXT),
    ReportColumn("people", "入居する人数", "", summed=True),
    ReportColumn("children", "うち18歳未満", "", summed=True),
    ReportColumn("ages", "年代", "公開しない。", CellType.TEXT),
    ReportColumn("use", "使い方", "", CellType.TEXT),
    ReportColumn("subsidy", "補助金の利用", "はい・いいえ。答えがなければ空欄。", CellType.TEXT),
    ReportColumn("link", "終わりの記録", "足りない答えを足すページ。", CellType.LINK),
)


def table(period: Period, municipality: str | None) -> Table:
    """Return the homes that are contracted now, by the day of the contract."""
    listing, closing = Listing.__table__.c, Closing.__table__.c
    query = (
        select(
            listing.id, Municipality.name, listing.number, listing.title, listing.closed_on, listing.kind, listing.is_sale,
            listing.is_rent, listing.price, listing.rent, listing.published_on, closing.deal, closing.agreed_amount,
            closing.previous_prefecture, closing.household_size, closing.children, closing.ages, closing.use,
            closing.subsidy_used,
        )
        .join(Municipality, Municipality.code == listing.municipality_code)
        .outerjoin(Closing, closing.listing_id == listing.id)
        .where(listing.status == Status.CONTRACTED, listing.closed_on.between(period.first, period.last))
        .order_by(listing.closed_on, listing.municipality_code, listing.id)
    )  # fmt: skip
    if municipality is not None:
        query = query.where(listing.municipality_code == municipality)

    def rows() -> Iterator[tuple[Cell, ...]]:
        return map(_row, read(query))

    return Table("closings", "成約一覧", COLUMNS, Rows(rows))


def _row(row: AnyRow) -> tuple[Cell, ...]:
    deal = row.deal or ((Deal.SALE if row.is_sale else Deal.RENT) if row.is_sale != row.is_rent else None)
    asked = row.rent if deal is Deal.RENT else row.price
    waited = (row.closed_on - row.published_on).days if row.published_on else -1
    subsidy = {True: "はい", False: "いいえ", None: None}[row.subsidy_used]
    return (
        row.name, row.number, row.title, row.closed_on, era(row.closed_on), PropertyKind(row.kind).message, _ja(deal), asked,
        row.agreed_amount,
        waited if waited >= 0 else None, row.previous_prefecture, row.household_size, row.children, row.ages, _ja(row.use),
        subsidy,
        f"/staff/listings/{row.id}/close",
    )  # fmt: skip


def _ja(choice: Choice | None) -> str | None:
    return choice.message if choice else None

"""Report R4: the public facts of the homes on offer, in the columns of the municipal standard for open data."""

from collections.abc import Iterator

from sqlalchemy import select

from akiya.db import AnyRow
from akiya.listings.enums import LISTED, DatePrecision
from akiya.listings.models import Listing
from akiya.municipalities.codes import code6
from akiya.municipalities.models import Municipality
from akiya.reports.rows import Rows, read
from akiya.reports.table import Cell, CellType, ReportColumn, Table, dated, era

COLUMNS = (
    ReportColumn("code", "全国地方公共団体コード", "6桁（検査数字つき）。", CellType.TEXT),
    ReportColumn("id", "ID", "このバンクの番号。変わらない。", CellType.TEXT),
    ReportColumn("municipality", "地方公共団体名", "", CellType.TEXT),
    ReportColumn("name", "名称", "物件名。なければ町・字と種別。", CellType.TEXT),
    ReportColumn("lat", "緯度", "公開する位置（世界測地系）。物件の位置そのものとは限らない。", CellType.DEGREES),
    ReportColumn("lon", "経度", "", CellType.DEGREES),
    ReportColumn("precision", "位置の精度", "", CellType.TEXT),
    ReportColumn("number", "物件番号", "市町村の番号。", CellType.TEXT),
    ReportColumn("town", "町・字", "", CellType.TEXT),
    ReportColumn("status", "状態", "募集中か商談中。", CellType.TEXT),
    ReportColumn("kind", "種別", "", CellType.TEXT),
    ReportColumn("deal", "取引", "", CellType.TEXT),
    ReportColumn("price", "売買価格（円）", "", CellType.YEN),
    ReportColumn("rent", "賃料（円／月）", "", CellType.YEN),
    ReportColumn("layout", "間取り", "", CellType.TEXT),
    ReportColumn("structure", "構造", "", CellType.TEXT),
    ReportColumn("built", "建築年", "西暦。", CellType.TEXT),
    ReportColumn("floor_area", "建物面積（m²）", "", CellType.AREA),
    ReportColumn("land_area", "土地面積（m²）", "", CellType.AREA),
    *dated("published_on", "公開日", "初めて公開した日。"),
    *dated("confirmed_on", "確認日", "募集中であることを最後に確かめた日。"),
    ReportColumn("link", "URL", "物件のページ。", CellType.LINK),
    ReportColumn("note", "備考", "建築年の細かさ。", CellType.TEXT),
)


def table(municipality: str | None) -> Table:
    """Return the homes on offer, by municipality."""
    listing = Listing.__table__.c
    query = (
        select(
            listing.id, listing.municipality_code, Municipality.name.label("municipality"), listing.title, listing.town,
            listing.lat, listing.lon, listing.precision, listing.number, listing.status, listing.kind, listing.is_sale,
            listing.is_rent, listing.price, listing.rent, listing.layout, listing.structure, listing.built_on,
            listing.built_precision, listing.floor_area, listing.land_area, listing.published_on, listing.confirmed_on,
        )
        .join(Municipality, Municipality.code == listing.municipality_code)
        .where(listing.status.in_(LISTED))
        .order_by(listing.municipality_code, listing.id)
    )  # fmt: skip
    if municipality is not None:
        query = query.where(listing.municipality_code == municipality)

    def rows() -> Iterator[tuple[Cell, ...]]:
        return map(_row, read(query))

    return Table("listings", "空き家バンク登録物件", COLUMNS, Rows(rows))


def _row(row: AnyRow) -> tuple[Cell, ...]:
    deal = "・".join(name for name, offered in (("売買", row.is_sale), ("賃貸", row.is_rent)) if offered)
    note = "" if row.built_on is None or row.built_precision is DatePrecision.DAY else "建築年は年または月までの記録"
    return (
        code6(row.municipality_code), str(row.id), row.municipality, row.title or f"{row.town}の{row.kind.message}",
        row.lat, row.lon, row.precision.message, row.number, row.town, row.status.message, row.kind.message, deal,
        row.price if row.is_sale else None, row.rent if row.is_rent else None, row.layout,
        row.structure.message if row.structure else None,
        str(row.built_on.year) if row.built_on else None, row.floor_area, row.land_area, row.published_on, era(row.published_on),
        row.confirmed_on, era(row.confirmed_on), f"/listings/{row.id}", note,
    )  # fmt: skip

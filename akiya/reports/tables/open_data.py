"""Report R4: what the public may know of the homes on offer, in the columns of the municipal standard for open data."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from akiya.listings.enums import LISTED, DatePrecision
from akiya.listings.models import Listing
from akiya.municipalities.codes import code6
from akiya.municipalities.models import Municipality
from akiya.reports.rows import Rows, read
from akiya.reports.table import Cell, Column, Table, Type, dated, era

COLUMNS = (
    Column("code", "全国地方公共団体コード", "6桁（検査数字つき）。", Type.TEXT),
    Column("id", "ID", "このバンクの番号。変わらない。", Type.TEXT),
    Column("municipality", "地方公共団体名", "", Type.TEXT),
    Column("name", "名称", "物件名。なければ町・字と種別。", Type.TEXT),
    Column("lat", "緯度", "公開する位置（世界測地系）。物件の位置そのものとは限らない。", Type.DEGREES),
    Column("lon", "経度", "", Type.DEGREES),
    Column("precision", "位置の精度", "", Type.TEXT),
    Column("number", "物件番号", "市町村の番号。", Type.TEXT),
    Column("town", "町・字", "", Type.TEXT),
    Column("status", "状態", "募集中か商談中。", Type.TEXT),
    Column("kind", "種別", "", Type.TEXT),
    Column("deal", "取引", "", Type.TEXT),
    Column("price", "売買価格（円）", "", Type.YEN),
    Column("rent", "賃料（円／月）", "", Type.YEN),
    Column("layout", "間取り", "", Type.TEXT),
    Column("structure", "構造", "", Type.TEXT),
    Column("built", "建築年", "西暦。", Type.TEXT),
    Column("floor_area", "建物面積（m²）", "", Type.AREA),
    Column("land_area", "土地面積（m²）", "", Type.AREA),
    *dated("published_on", "公開日", "初めて公開した日。"),
    *dated("confirmed_on", "確認日", "募集中であることを最後に確かめた日。"),
    Column("link", "URL", "物件のページ。", Type.LINK),
    Column("note", "備考", "建築年の細かさ。", Type.TEXT),
)


def table(municipality: str | None) -> Table:
    """The homes on offer, by municipality."""
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


def _row(row: Any) -> tuple[Cell, ...]:
    deal = "・".join(name for name, offered in (("売買", row.is_sale), ("賃貸", row.is_rent)) if offered)
    note = "" if row.built_on is None or row.built_precision is DatePrecision.DAY else "建築年は年または月までの記録"
    return (
        code6(row.municipality_code), str(row.id), row.municipality, row.title or f"{row.town}の{row.kind.ja}", row.lat, row.lon,
        row.precision.ja, row.number, row.town, row.status.ja, row.kind.ja, deal, row.price if row.is_sale else None,
        row.rent if row.is_rent else None, row.layout, row.structure.ja if row.structure else None,
        str(row.built_on.year) if row.built_on else None, row.floor_area, row.land_area, row.published_on, era(row.published_on),
        row.confirmed_on, era(row.confirmed_on), f"/listings/{row.id}", note,
    )  # fmt: skip

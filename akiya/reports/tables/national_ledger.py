"""Report R3: the ledger in the columns and words of the national bank's files, so that importing it changes nothing."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select

from akiya.db import AnyRow
from akiya.listings.enums import LISTED, PropertyKind, Status
from akiya.listings.models import Closing, Listing
from akiya.municipalities import search as municipalities
from akiya.municipalities import service as municipality_service
from akiya.national_bank import file_format
from akiya.reports.rows import Rows, read
from akiya.reports.table import Cell, Table
from akiya.reports.tables.national_words import CLOSED_COLUMNS, LISTED_COLUMNS, WORDS
from akiya.values import Values

_KINDS = {PropertyKind.HOUSE: "居住用", PropertyKind.LAND: "土地", PropertyKind.BUSINESS: "事業用"}
_FLAGS = {"private_road": "PRIVATE_ROAD", "setback": "SETBACK", "farmland": "FARMLAND", "shop_part": "RETAIL_PREMISES"}
_TEXTS = {
    "land_category": "LAND_CATEGORY", "zoning": "USE_DISTRICT", "appeal": "STRONG_POINTS", "toilet_note": "TOILET_NOTE",
    "roads": "NUMBER_OF_CONNECTED_ROADS", "station_line": "NEAREST_TRAIN_LINE", "station": "NEAREST_STATION",
}  # fmt: skip
_NUMBERS = {
    "floor_area": "OCCUPATION_AREA", "land_area": "SIZE_OF_LOT", "station_m": "DISTANCE_TO_NEAREST_STATION_ON_FOOT",
    "floor_ratio": "FLOOR_AREA_RATIO", "coverage_ratio": "BUILDING_COVERAGE_RATIO",
}  # fmt: skip
# In the file of listed homes, the names of these columns do not match their contents; the import reads them the same way.
_DISTANCES = {
    file_format.LISTED: {
        "elementary_m": "FOR_OFFICE_USE", "junior_high_m": "INTERIOR_CUSTOMIZABILITY",
        "convenience_m": "DISTANCE_TO_ELEMENTARY_SCHOOL", "supermarket_m": "DISTANCE_TO_JUNIOR_HIGH_SCHOOL",
        "drug_store_m": "DISTANCE_TO_SUPERMARKET", "hospital_m": "DISTANCE_TO_SHOPPING_DISTRICT",
        "park_m": "DISTANCE_TO_DRUG_STORE", "bank_m": "DISTANCE_TO_HOSPITAL",
    },
    file_format.CLOSED: {
        "elementary_m": "DISTANCE_TO_ELEMENTARY_SCHOOL", "junior_high_m": "DISTANCE_TO_JUNIOR_HIGH_SCHOOL",
        "convenience_m": "DISTANCE_TO_COMBINIENCE_STORE", "supermarket_m": "DISTANCE_TO_SUPERMARKET",
        "drug_store_m": "DISTANCE_TO_DRUG_STORE", "hospital_m": "DISTANCE_TO_HOSPITAL",
        "park_m": "DISTANCE_TO_PLAYGROUND", "bank_m": "DISTANCE_TO_BANK",
    },
}  # fmt: skip
_LAYOUT = {file_format.LISTED: "LAYOUT", file_format.CLOSED: "NUMBER_OF_ROOMS"}


def tables(municipality: str | None) -> list[Table]:
    """Return the homes on offer and the contracted homes, each in the format of the national bank's file."""
    return [
        _table("listed", "登録物件", file_format.LISTED, municipality),
        _table("closed", "成約物件", file_format.CLOSED, municipality),
    ]


def _table(key: str, title: str, kind: str, municipality: str | None) -> Table:
    columns = LISTED_COLUMNS if kind == file_format.LISTED else CLOSED_COLUMNS
    status = LISTED if kind == file_format.LISTED else (Status.CONTRACTED,)
    query = (
        select(*Listing.__table__.c, Closing.contracted_on, Closing.agreed_amount)
        .outerjoin(Closing, Closing.listing_id == Listing.id)
        .where(Listing.status.in_(status))
        .order_by(Listing.municipality_code, Listing.id)
    )
    if municipality is not None:
        query = query.where(Listing.municipality_code == municipality)
    names = [column.key for column in columns]

    def rows() -> Iterator[tuple[Cell, ...]]:
        places = _places()
        for home in read(query):
            written = record(home, kind, *places[home.municipality_code])
            yield tuple(written.get(name, "") for name in names)

    return Table(key, title, columns, Rows(rows))


def _places() -> Mapping[str, tuple[str, str]]:
    """Return (prefecture, municipality) by municipality code."""
    prefectures = {row["code"]: name for name, row in municipality_service.prefectures().items()}
    return {m.code: (prefectures[m.prefecture_code], m.name) for m in municipalities.all_municipalities()}


def record(home: AnyRow, kind: str, prefecture: str, city: str) -> dict[str, str]:
    """Return the home as a record of the file; values that an import would read differently are left blank."""
    written = _written(home, kind)
    written |= {"PREFECTURE": prefecture, "CITY": city, file_format.ID_COLUMN[kind]: home.number}
    if kind == file_format.CLOSED:
        written |= {"LOCAL_GOVERNMENT_PREFECTURE": prefecture, "LOCAL_GOVERNMENT_CITY": city}
    for column in _otherwise(home, kind, written):
        written[column] = ""
    return written


def _written(home: AnyRow, kind: str) -> dict[str, str]:
    deal = "売買" if home.is_sale else "賃貸"
    amount = home.price if home.is_sale else home.rent
    found = {"PROPERTY_CATEGORY": f"{deal}{_KINDS[home.kind]}", "AMOUNT/RENT": _number(amount)}
    found |= {column: _number(getattr(home, name)) for name, column in (_NUMBERS | _DISTANCES[kind]).items()}
    found |= {column: getattr(home, name).strip() for name, column in _TEXTS.items()}
    yes, no = ("有り", "無し") if kind == file_format.LISTED else ("有", "無")
    found |= {column: yes if getattr(home, name) else no for name, column in _FLAGS.items()}
    found["GARDEN"] = "有り" if home.garden else ""
    for name, (column, words) in WORDS.items():
        found[column] = words.get(getattr(home, name), "")
    found["PARKING"] = _parking(home)
    layout = home.layout
    found[_LAYOUT[kind]] = (
        layout if kind == file_format.LISTED else layout.removesuffix("部屋") if "部屋" in layout else ""
    )
    if home.built_on:
        found["DATE_OF_CONSTRUCTION"] = f"{home.built_on.year}/{home.built_on.month}/{home.built_on.day}"
    if kind == file_format.CLOSED:
        found["CONTRACT_INFO_DATE"] = f"{home.contracted_on:%m/%d/%y}" if home.contracted_on else ""
        found["CONTRACT_INFO_AMOUNT/RENT"] = _number(home.agreed_amount)
    return found


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)


def _parking(home: AnyRow) -> str:
    if home.parking:
        return "空き有"
    return {"近隣にあり": "近隣", "空きなし": "空き無"}.get(home.parking_note, "無") if home.parking is False else ""


def _otherwise(home: AnyRow, kind: str, written: Mapping[str, str]) -> list[str]:
    """Return the columns that an import would read as another value than the home has."""
    parsed = file_format.parse(written, kind)
    read_back: Values = {**parsed.values, **parsed.closing}
    wrong = [
        column
        for name, column in _COLUMN_OF[kind].items()
        if name in read_back and read_back[name] != getattr(home, name)
    ]
    return wrong + [column for column, _value, _reason in (*parsed.bad, *parsed.cut)]


_COLUMN_OF = {
    kind: {
        **_NUMBERS,
        **_DISTANCES[kind],
        **_TEXTS,
        **_FLAGS,
        **{name: column for name, (column, _words) in WORDS.items()},
        "price": "AMOUNT/RENT",
        "rent": "AMOUNT/RENT",
        "layout": _LAYOUT[kind],
        "built_on": "DATE_OF_CONSTRUCTION",
        "built_precision": "DATE_OF_CONSTRUCTION",
        "garden": "GARDEN",
        "parking": "PARKING",
        "parking_note": "PARKING",
        "toilet": "TOILET_NOTE",
        "contracted_on": "CONTRACT_INFO_DATE",
        "agreed_amount": "CONTRACT_INFO_AMOUNT/RENT",
    }
    for kind in file_format.FORMATS
}

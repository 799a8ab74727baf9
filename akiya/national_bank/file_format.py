"""Parse records of the national bank's files (MLIT Project LINKS), with their vocabularies and known mistakes.

A record becomes values by column name of Listing, or is refused; a single value that cannot be read is left out and
reported. Nothing here reads files or the database.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite

from akiya.choices import Choice
from akiya.listings.enums import (
    CityPlanning,
    DatePrecision,
    Drain,
    Gas,
    LandMeasure,
    LandRight,
    PropertyKind,
    Structure,
    Toilet,
    Water,  # fmt: skip
)
from akiya.units import METRES_A_MINUTE
from akiya.values import Values

LISTED, CLOSED = "links-listed", "links-closed"
FORMATS = (LISTED, CLOSED)
_FARTHEST_M = 50_000
_MINUTES_UP_TO = 60
NOTE_MINUTES = "駅までの距離は分（80m/分）として換算"

# In the listed file the names of these eight columns do not match their contents: on the right is what they contain.
_LISTED_DISTANCES = {
    "FOR_OFFICE_USE": "elementary_m",
    "INTERIOR_CUSTOMIZABILITY": "junior_high_m",
    "DISTANCE_TO_ELEMENTARY_SCHOOL": "convenience_m",
    "DISTANCE_TO_JUNIOR_HIGH_SCHOOL": "supermarket_m",
    "DISTANCE_TO_SUPERMARKET": "drug_store_m",
    "DISTANCE_TO_SHOPPING_DISTRICT": "hospital_m",
    "DISTANCE_TO_DRUG_STORE": "park_m",
    "DISTANCE_TO_HOSPITAL": "bank_m",
}
_CLOSED_DISTANCES = {
    "DISTANCE_TO_ELEMENTARY_SCHOOL": "elementary_m",
    "DISTANCE_TO_JUNIOR_HIGH_SCHOOL": "junior_high_m",
    "DISTANCE_TO_COMBINIENCE_STORE": "convenience_m",
    "DISTANCE_TO_SUPERMARKET": "supermarket_m",
    "DISTANCE_TO_DRUG_STORE": "drug_store_m",
    "DISTANCE_TO_HOSPITAL": "hospital_m",
    "DISTANCE_TO_PLAYGROUND": "park_m",
    "DISTANCE_TO_BANK": "bank_m",
}
ID_COLUMN = {LISTED: "PROPERTY_NUMBER_ID", CLOSED: "ID"}
_LONGEST_NUMBER = 60
_SHOWN = 80

_SAYS_ALSO = {
    "built_precision": "DATE_OF_CONSTRUCTION", "toilet": "TOILET_NOTE", "parking": "PARKING", "parking_note": "PARKING",
    "station_m": "DISTANCE_TO_NEAREST_STATION_ON_FOOT",
}  # fmt: skip


@dataclass
class Parsed:
    """A record as `values` of Listing; `closing` are a closed record's values of Closing.

    `columns` maps a field to the file's column that it was read from. `bad` are values that were left out and `cut`
    texts that were shortened to the length of their field, each as (column, value, reason); `notes` are conversions.
    """

    number: str
    prefecture: str
    city: str
    values: Values
    columns: dict[str, str] = field(default_factory=dict)
    closing: Values = field(default_factory=dict)
    bad: list[tuple[str, str, str]] = field(default_factory=list)
    cut: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def column(self, name: str) -> str:
        """Return the file's column that the field's value comes from."""
        return self.columns.get(name) or _SAYS_ALSO.get(name, "PROPERTY_CATEGORY")


class Refused(ValueError):
    """A record cannot be imported because an essential value is missing or wrong."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value[:_SHOWN], reason


def recognise(header: Sequence[str]) -> str | None:
    """Return the format (LISTED or CLOSED) that a header belongs to, or None."""
    names = set(header)
    if {"PROPERTY_NUMBER_ID", "PROPERTY_CATEGORY", "CITY"} <= names:
        return LISTED
    if {"CONTRACT_INFO_DATE", "ID", "PROPERTY_CATEGORY", "CITY"} <= names:
        return CLOSED
    return None


def parse(record: Mapping[str, str], kind: str) -> Parsed:
    """Return the values of a record of `kind` (LISTED or CLOSED).

    Raise Refused without a number of at most 60 characters, a known category, or a prefecture and city.
    """
    number = record.get(ID_COLUMN[kind], "")
    if not number:
        raise Refused(ID_COLUMN[kind], "", "物件番号がありません。")
    if len(number) > _LONGEST_NUMBER:
        reason = f"物件番号が{_LONGEST_NUMBER}文字を超えています（{len(number):,}文字）。短い番号にしてください。"
        raise Refused(ID_COLUMN[kind], number, reason)
    category = record.get("PROPERTY_CATEGORY", "")
    match = re.fullmatch(r"(売買|賃貸)(居住用|土地|事業用)", category)
    if not match:
        raise Refused("PROPERTY_CATEGORY", category, "売買・賃貸と居住用・土地・事業用の組合せではありません。")
    place = record.get("PREFECTURE", ""), record.get("CITY", "")
    if kind == CLOSED and not all(place):
        place = record.get("LOCAL_GOVERNMENT_PREFECTURE", ""), record.get("LOCAL_GOVERNMENT_CITY", "")
    if not all(place):
        raise Refused("CITY", "".join(place), "都道府県か市町村がありません。")
    parsed = Parsed(number, *place, values={})
    sale = match[1] == "売買"
    parsed.values.update(
        is_sale=sale,
        is_rent=not sale,
        kind={"居住用": PropertyKind.HOUSE, "土地": PropertyKind.LAND, "事業用": PropertyKind.BUSINESS}[match[2]],
    )
    _amounts(record, parsed, sale)
    _building(record, parsed, kind)
    _vocabularies(record, parsed)
    _station(record, parsed)
    distances = _LISTED_DISTANCES if kind == LISTED else _CLOSED_DISTANCES
    for column, name in distances.items():
        _take(parsed, name, record, column, _distance)
    if kind == CLOSED:
        _contract(record, parsed)
    return parsed


def _take(parsed: Parsed, name: str, record: Mapping[str, str], column: str, read: Callable[[str], object]) -> None:
    """Set the field `name` if the cell is not blank; add a value that `read` refuses to `parsed.bad` instead."""
    text = record.get(column, "")
    if not text:
        return
    try:
        value = read(text)
    except ValueError as error:
        parsed.bad.append((column, text[:_SHOWN], str(error)))
    else:
        if value is not None:
            parsed.values[name], parsed.columns[name] = value, column


def _text(parsed: Parsed, name: str, text: str, column: str, most: int) -> None:
    """Set the field `name` to the first `most` characters of the text, and add a longer text to `parsed.cut`."""
    parsed.values[name], parsed.columns[name] = text[:most], column
    if len(text) > most:
        reason = f"{most:,}文字を超えるため、初めの{most:,}文字だけを取り込みました（元は{len(text):,}文字）。"
        parsed.cut.append((column, text[:_SHOWN], reason))


def _number(text: str) -> float:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        raise ValueError("数ではありません。") from None
    if not isfinite(value):
        raise ValueError("限りのある数ではありません。")
    return value


def _whole(most: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        value = round(_number(text))
        if not 0 <= value <= most:
            raise ValueError(f"0〜{most:,} の範囲にありません。")
        return value or None

    return read


def _area(text: str) -> float | None:
    value = _number(text)
    if not 0 <= value <= 10_000_000:
        raise ValueError("面積としてありえない値です。")
    return round(value, 2) or None  # 0 means "not given"


def _distance(text: str) -> int | None:
    value = round(_number(text))
    if not 0 <= value <= _FARTHEST_M:
        raise ValueError(f"{_FARTHEST_M:,}mを超える距離はありえません。")
    return value or None


def _amounts(record: Mapping[str, str], parsed: Parsed, sale: bool) -> None:
    most = 10_000_000_000 if sale else 100_000_000
    _take(parsed, "price" if sale else "rent", record, "AMOUNT/RENT", _whole(most))


def _day(text: str) -> date:
    match = re.fullmatch(r"(\d{4})/(\d{1,2})/(\d{1,2})", text)  # strptime takes five times as long
    try:
        return date(*map(int, match.groups() if match else ()))
    except (ValueError, TypeError):
        raise ValueError("年/月/日ではありません。") from None


def _building(record: Mapping[str, str], parsed: Parsed, kind: str) -> None:
    _take(parsed, "built_on", record, "DATE_OF_CONSTRUCTION", _day)
    if built := parsed.values.get("built_on"):
        if not 1600 <= built.year <= 2100:
            del parsed.values["built_on"]
            parsed.bad.append(("DATE_OF_CONSTRUCTION", record["DATE_OF_CONSTRUCTION"], "ありえない年です。"))
        else:
            # 1 January means that only the year is known, the first of another month that the day is unknown.
            year_only, month_only = (built.month, built.day) == (1, 1), built.day == 1
            precision = DatePrecision.YEAR if year_only else DatePrecision.MONTH if month_only else DatePrecision.DAY
            parsed.values["built_precision"] = precision
    _take(parsed, "floor_area", record, "OCCUPATION_AREA", _area)
    _take(parsed, "land_area", record, "SIZE_OF_LOT", _area)
    column = "LAYOUT" if kind == LISTED else "NUMBER_OF_ROOMS"
    layout = unicodedata.normalize("NFKC", record.get(column, ""))
    if kind == CLOSED:
        layout = f"{layout}部屋" if layout else ""
    if layout and not (layout == "R" and parsed.values["kind"] is PropertyKind.LAND):
        _text(parsed, "layout", layout, column, 20)
    _take(parsed, "floor_ratio", record, "FLOOR_AREA_RATIO", _whole(2000))
    _take(parsed, "coverage_ratio", record, "BUILDING_COVERAGE_RATIO", _whole(100))


_STRUCTURES = (
    ("SRC", Structure.SRC), ("RC", Structure.RC), ("軽量鉄骨", Structure.LIGHT_STEEL), ("ブロック", Structure.BLOCK),
    ("鉄骨", Structure.STEEL), ("木造", Structure.WOOD), ("その他", Structure.OTHER),
)  # fmt: skip
_UNKNOWN = ("", "指定なし")


def _among(*choices: tuple[str, Choice]) -> Callable[[str], Choice | None]:
    def read(text: str) -> Choice | None:
        if text in _UNKNOWN:
            return None
        for part, value in choices:
            if part in text:
                return value
        raise ValueError("知らない語です。")

    return read


# "無し" is the default of the national bank's form in these columns, so it does not mean that somebody answered no.
_YES_ONLY = {
    "PRIVATE_ROAD": "private_road",
    "SETBACK": "setback",
    "FARMLAND": "farmland",
    "RETAIL_PREMISES": "shop_part",
}


def _yes_only(text: str) -> bool | None:
    if text in ("有り", "有"):
        return True
    if text in ("無し", "無", "指定なし"):
        return None
    raise ValueError("有り・無しのどちらでもありません。")


def _garden(text: str) -> bool | None:
    return None if text == "0" else _yes_only(text)


def _bath(text: str) -> bool | None:
    known = {"専用": True, "無": False, "共同": None, "共用": None, "指定なし": None}
    if text not in known:
        raise ValueError("知らない語です。")
    return known[text]


_PARKING = {
    "空有": True,
    "空き有": True,
    "有": True,
    "無": False,
    "近隣": False,
    "空き無": False,
    "空無": False,
    "指定なし": None,
}


def _vocabularies(record: Mapping[str, str], parsed: Parsed) -> None:
    _take(parsed, "structure", record, "CONSTRUCTION", _among(*_STRUCTURES))
    _take(parsed, "land_measure", record, "SIZE_OF_LOT_MEASUREMENT_METHOD",
          _among(("公簿", LandMeasure.REGISTERED), ("実測", LandMeasure.SURVEYED)))  # fmt: skip
    _take(parsed, "city_planning", record, "CITY_PLANNING_AREA",
          _among(("調整", CityPlanning.CONTROLLED), ("市街化区域", CityPlanning.URBAN),
                 ("非線引", CityPlanning.UNDIVIDED), ("区域外", CityPlanning.OUTSIDE)))  # fmt: skip
    _take(parsed, "land_right", record, "LAND_OWNERSHIP",
          _among(("所有権", LandRight.OWNERSHIP), ("地上権", LandRight.SURFACE), ("借地", LandRight.LEASEHOLD),
                 ("賃借", LandRight.LEASEHOLD)))  # fmt: skip
    _take(parsed, "water", record, "WATER_SUPPLY",
          _among(("公営", Water.PUBLIC), ("井戸", Water.WELL), ("その他", Water.OTHER), ("私営", Water.OTHER)))  # fmt: skip
    _take(parsed, "gas", record, "GUS_SUPPLY",
          _among(("プロパン", Gas.LP), ("都市", Gas.CITY), ("その他", Gas.OTHER)))  # fmt: skip
    _take(parsed, "drain", record, "DRAINAGE",
          _among(("下水", Drain.SEWER), ("浄化槽", Drain.SEPTIC), ("汲", Drain.PIT), ("その他", Drain.OTHER)))  # fmt: skip
    for column, name in _YES_ONLY.items():
        _take(parsed, name, record, column, _yes_only)
    _take(parsed, "garden", record, "GARDEN", _garden)
    _take(parsed, "bath", record, "BATH", _bath)
    _parking(record, parsed)
    _toilet(record, parsed)
    for column, name, most in (
        ("LAND_CATEGORY", "land_category", 40), ("USE_DISTRICT", "zoning", 40), ("STRONG_POINTS", "appeal", 5000),
        ("NUMBER_OF_CONNECTED_ROADS", "roads", 80), ("NEAREST_TRAIN_LINE", "station_line", 60),
        ("NEAREST_STATION", "station", 60),
    ):  # fmt: skip
        text = record.get(column, "")
        if text and text not in _UNKNOWN:
            text = f"{text}方" if name == "roads" and text.isdecimal() else text
            _text(parsed, name, text.replace("\r\n", "\n"), column, most)


def _parking(record: Mapping[str, str], parsed: Parsed) -> None:
    text = record.get("PARKING", "")
    if not text:
        return
    if text not in _PARKING:
        parsed.bad.append(("PARKING", text[:_SHOWN], "知らない語です。"))
        return
    if _PARKING[text] is not None:
        parsed.values["parking"] = _PARKING[text]
    if text in ("近隣", "空き無", "空無"):
        parsed.values["parking_note"] = {"近隣": "近隣にあり"}.get(text, "空きなし")


def toilet_of(note: str) -> Toilet | None:
    """Return the kind of toilet that a free note (水洗/洋式, 簡易水洗, 汲取り…) states, or None."""
    # 温水洗浄 is a seat that washes with warm water, and says nothing of flushing (水洗).
    text = unicodedata.normalize("NFKC", note).replace("温水洗浄", "")
    if re.search(r"簡易?水洗|簡水", text):
        return Toilet.SIMPLE_FLUSH
    pit, flush = re.search(r"汲[みあ]?取?|くみ取|ぼっとん", text), re.search(r"水洗|浄化槽|下水", text)
    if pit and not flush:
        return Toilet.PIT
    return Toilet.FLUSH if flush and not pit and "非水洗" not in text else None


def _toilet(record: Mapping[str, str], parsed: Parsed) -> None:
    note = record.get("TOILET_NOTE", "")
    if note and note not in _UNKNOWN:
        _text(parsed, "toilet_note", note.replace("\n", " "), "TOILET_NOTE", 200)
        if (kind := toilet_of(note)) is not None:
            parsed.values["toilet"] = kind


def _station(record: Mapping[str, str], parsed: Parsed) -> None:
    """Set `station_m` in metres; "4分" and figures up to 60 are minutes at 80 m a minute, even if they say "4m"."""
    column = "DISTANCE_TO_NEAREST_STATION_ON_FOOT"
    text = unicodedata.normalize("NFKC", record.get(column, ""))
    if not text:
        return
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(分|m)?", text)
    if not match:
        parsed.bad.append((column, text[:_SHOWN], "距離として読めません。"))
        return
    value, unit = float(match[1]), match[2]
    if unit == "分" or 0 < value <= _MINUTES_UP_TO:
        value *= METRES_A_MINUTE
        parsed.notes.append(NOTE_MINUTES)
    if value > _FARTHEST_M:
        parsed.bad.append((column, text[:_SHOWN], f"{_FARTHEST_M:,}mを超える距離は歩けません。"))
    elif value:
        parsed.values["station_m"] = round(value)


def _contract(record: Mapping[str, str], parsed: Parsed) -> None:
    text = record.get("CONTRACT_INFO_DATE", "")
    if text:
        try:
            parsed.closing["contracted_on"] = datetime.strptime(text, "%m/%d/%y").date()  # noqa: DTZ007  (only the date is used)
        except ValueError:
            parsed.bad.append(("CONTRACT_INFO_DATE", text[:_SHOWN], "月/日/年ではありません。"))
    amount = record.get("CONTRACT_INFO_AMOUNT/RENT", "")
    if amount:
        try:
            parsed.closing["agreed_amount"] = _whole(10_000_000_000)(amount)
        except ValueError as error:
            parsed.bad.append(("CONTRACT_INFO_AMOUNT/RENT", amount[:_SHOWN], str(error)))

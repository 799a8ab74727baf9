"""Convert a ledger's cell to values of a listing, and a listing's value to a cell. Pure functions.

Cells are as akiya.tabular.workbook returns them. A cell that cannot be read raises ValueError with advice in Japanese.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any  # a value of any field

from akiya import units
from akiya.ledgers import headers, vocabulary
from akiya.listings.enums import DatePrecision, Status
from akiya.listings.fields import BY_NAME, Field, FieldType
from akiya.listings.ranges import longest, range_of
from akiya.tabular import workbook
from akiya.values import Values

Written = str | int | float | date | None
"""A cell that is written."""
Cell = workbook.Cell | Written
# PostgreSQL rejects NUL, and XML rejects the others. Line ends are not among them: clean() handles those.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_EXCEL_DAY_0 = date(1899, 12, 30)
_LAST_SERIAL = 109_206  # 2198-12-31
_FIRST_EXCEL_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900, which did not exist
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_BAD = {
    "error": "数式がエラーになっています（{text}）。Excel で数式を直すか、値を入れ直してください。",
    "formula": "数式の結果が入っていません。Excel で開いて保存し直すか、値として貼り付けてください。",
    "merged": "横に結合されたセルです。どの列の値か分からないので、結合を解除して入れ直してください。",
    "broken": "文字コードとして読めない文字があります。その文字を入れ直してください。",
}
_FREE_MEANS_ZERO = ("common_fee", "association_fee", "parking_spaces")
_FIGURES = (FieldType.YEN, FieldType.AREA, FieldType.METRES)
_ON_REQUEST = re.compile(r"(?:価格|要|応|金額)*(?:相談|交渉)(?:可|次第)?|応談")


def text_of(cell: Cell) -> str:
    """Return the cell as text: "" for a blank one, "22" for the number 22.0, ISO 8601 for a date."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return str(cell)
        return f"{cell:.10f}".rstrip("0").rstrip(".") if abs(cell) < 1e15 else str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, dict):
        return str(cell.get("day") or cell.get("text", ""))
    return clean(str(cell))


def clean(text: str) -> str:
    """Return the text stripped, without control characters, and with line ends as \\n."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def number_of(cell: Cell) -> str:
    """Return the home's number exactly as it is written, without normalisation; "" if there is none.

    Raise ValueError if the cell is a date or damaged, or the number is too long.
    """
    _refuse_bad(cell)
    if isinstance(cell, dict):
        raise ValueError(
            f"番号が日付（{cell['day']}）になっています。セルの書式を「文字列」にして、番号を入れ直してください。"
        )
    text = text_of(cell)
    if vocabulary.is_dash(text):
        return ""
    return _limited(BY_NAME["number"], text)


def read(name: str, cell: Cell, unit: str, municipality: str) -> Values:
    """Return the values that a cell states, by column of the listing; no values if the cell is blank or says "unknown".

    `name` is the ledger's field, `unit` the unit that the header names for figures without one, `municipality` the name
    that an address may begin with. Raise ValueError, with advice in Japanese, if the cell cannot be read.
    """
    _refuse_bad(cell)
    text = text_of(cell)
    if not text or vocabulary.is_dash(text):
        return {}
    if name == headers.DEAL:
        return _deal(text)
    field = BY_NAME[name]
    if field.type in (FieldType.TEXT, FieldType.LONG):
        return _text(field, cell, text, municipality)
    if vocabulary.says_nothing(text):
        return {}
    if field.type is FieldType.FLAG:
        return _flag(field, text)
    if field.choices is not None:
        return _choice(field, text)
    if field.type is FieldType.DATE:
        return _day(field, cell, text)
    return _figure(field, cell, text, unit)


def _refuse_bad(cell: Cell) -> None:
    if isinstance(cell, dict) and "bad" in cell:
        raise ValueError(_BAD[cell["bad"]].format(text=cell["text"]))


def _limited(field: Field, text: str) -> str:
    if len(text) > longest(field):
        raise ValueError(
            f"{field.message}は{longest(field):,}文字までです（今は{len(text):,}文字）。短くしてください。"
        )
    return text


def _text(field: Field, cell: Cell, text: str, municipality: str) -> Values:
    if isinstance(cell, dict):
        raise ValueError(
            f"日付（{text}）になっています。セルの書式を「文字列」にして、{field.message}を入れ直してください。"
        )
    if vocabulary.is_none(text):
        return {}
    if field.name == "town":
        town, lot = split_address(text, municipality)
        stated = {"town": _limited(field, town)} if town else {}
        return {**stated, "lot_number": _limited(BY_NAME["lot_number"], lot)} if lot else stated
    return {field.name: _limited(field, text)}


# The figure with which a lot number begins: not that of a 丁目, nor one in the name of a district.
_LOT = re.compile(
    r"[0-9０-９]+(?![0-9０-９]|丁目|区|条|班|組|号線|番町|町|の?里)|[一二三四五六七八九十百〇]+番地?(?!町)"
)


def split_address(text: str, municipality: str) -> tuple[str, str]:
    """Split an address into the part that may be public and the lot number, which is private: ("内牧", "976番地1")."""
    rest = re.sub(rf"^(?:\S{{2,3}}[都道府県])?\s*(?:\S{{1,6}}郡)?\s*{re.escape(municipality)}", "", text).strip()
    rest = re.sub(r"^大字", "", rest or text)
    match = _LOT.search(rest)
    if match is None:
        return rest, ""
    return rest[: match.start()].rstrip("　 字-－‐第"), rest[match.start() :].strip()


def _deal(text: str) -> Values:
    form = vocabulary.plain(text)
    sale, rent = "売" in form, "賃" in form or "貸" in form
    if form in ("両方", "どちらでも", "どちらも", "いずれも"):
        sale = rent = True
    if not sale and not rent:
        raise ValueError("売買か賃貸か読めません。「売買」「賃貸」「売買・賃貸」のどれかにしてください。")
    return {"is_sale": sale, "is_rent": rent}


_SPACES = re.compile(r"(?:有り?|あり)?\(?(\d{1,3}台|[2-9]|\d{2,3})\)?")


def _flag(field: Field, text: str) -> Values:
    if field.name == "parking" and (match := _SPACES.fullmatch(vocabulary.plain(text))):
        spaces = units.count(match[1])
        return {"parking": bool(spaces), "parking_spaces": spaces}
    value = vocabulary.flag(text)
    if value is None:
        raise ValueError("「○」「×」、または「有」「無」で入れてください。分からなければ空欄にしてください。")
    return {field.name: value}


def _choice(field: Field, text: str) -> Values:
    value = vocabulary.member(field.name, text)
    if value is not None:
        return {field.name: value}
    if vocabulary.is_none(text):
        return {}
    assert field.choices is not None
    raise ValueError(f"次のどれかにしてください：{'、'.join(member.message for member in field.choices)}")


def _day(field: Field, cell: Cell, text: str) -> Values:
    if vocabulary.is_none(text):
        return {}
    number = cell if isinstance(cell, int | float) and not isinstance(cell, bool) else None
    if number is None and re.fullmatch(r"\d{5,8}", text):
        number = int(text)
    found: tuple[date, str] | None
    if number is not None and 2200 < number <= _LAST_SERIAL:
        found = _EXCEL_DAY_0 + timedelta(days=int(number)), "day"
    elif re.fullmatch(r"\d{8}", text):
        found = units.day(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    else:
        found = units.day(text)
    if found is None:
        return {}
    values: Values = {field.name: found[0]}
    if field.name == "built_on":
        values["built_precision"] = DatePrecision(found[1])
    return values


def _figure(field: Field, cell: Cell, text: str, unit: str) -> Values:
    if isinstance(cell, dict):
        raise ValueError(f"日付（{text}）になっています。セルの書式を「標準」にして、数を入れ直してください。")
    if vocabulary.is_none(text):
        return {field.name: 0} if field.name in _FREE_MEANS_ZERO else {}
    if field.name in ("price", "rent") and _ON_REQUEST.fullmatch(vocabulary.plain(text)):
        return {"price_negotiable": True}
    if field.type is FieldType.PERCENT and isinstance(cell, float) and 0 < cell < 1:
        text = text_of(cell * 100)
    written = unicodedata.normalize("NFKC", text)
    if unit and _NUMBER.fullmatch(written):
        text = f"{written.replace(',', '')}{unit}"
    read_figure, least, most = range_of(field)
    # The same reader as for the form, so that a figure of a ledger is rounded like a typed one (areas to 0.01 m²).
    value = read_figure(text)
    if value is None:
        return {}
    if not least <= value <= most:
        raise ValueError(f"範囲の外です。{least:,.0f}〜{most:,.0f} の値を入れてください。")
    return {field.name: value}


# ── a value as a cell ──


def write(name: str, known: Mapping[str, Any], unit: tuple[str, float]) -> Written:
    """Return the cell of a column for a home with the values `known`; reading it gives the same value.

    `unit` is the header's unit and its size in the field's own unit.
    """
    if name == headers.DEAL:
        deals = [label for key, label in (("is_sale", "売買"), ("is_rent", "賃貸")) if known[key]]
        return "・".join(deals) or None
    value = known[name]
    if name == headers.STATUS:
        return Status(value).message
    if value is None or value == "" or name == headers.MUNICIPALITY:
        return value or None
    field = BY_NAME[name]
    if field.type is FieldType.FLAG:
        return "○" if value else "×"
    if field.choices is not None:
        return str(field.choices(value).message)
    if field.type is FieldType.DATE:
        return _written_day(value, str(known.get("built_precision") or "year") if name == "built_on" else "day")
    if field.type in _FIGURES and unit[0]:
        share = round(value / unit[1], 4)
        return int(share) if share == int(share) else share
    return clean(value) if isinstance(value, str) else value


def _written_day(value: date, precision: str) -> str | date:
    if precision == "day":
        return value if value >= _FIRST_EXCEL_DAY else f"{value.year}年{value.month}月{value.day}日"
    return f"{value.year}年{value.month}月" if precision == "month" else f"{value.year}年"


def typed(name: str, value: Any) -> object:
    """Convert a value that service.plain() made JSON of back to the type of its column."""
    if value is None:
        return None
    if name == "built_precision":
        return DatePrecision(value)
    field = BY_NAME[name]
    if field.choices is not None:
        return field.choices(value)
    return date.fromisoformat(value) if field.type is FieldType.DATE else value

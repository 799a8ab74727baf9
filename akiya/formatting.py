"""Figures, dates and labels as text in the page's language.

None (not stated) gives an empty text, except for a label.
"""

from datetime import date
from typing import Any  # what features pass, whose classes the ground does not know

from babel.dates import format_date

from akiya import units
from akiya.language import NP_, current, is_source
from akiya.language import gettext as _

_DATES = {"year": NP_("date", "y年"), "month": NP_("date", "y年M月"), "day": NP_("date", "y年M月d日")}
"""How a date is written, by its precision, as a pattern of CLDR."""


def number(value: float | None) -> str:
    """Return a figure with thousands separators and at most two decimals."""
    return "" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")


def yen(value: int | None) -> str:
    """Return an amount of yen as text: 480万円 or 4.5万円, in other languages ¥4,800,000."""
    if value is None:
        return ""
    if not is_source():
        return f"¥{value:,}"
    if value >= 100_000_000 and value % 10_000 == 0:
        rest = value % 100_000_000 // 10_000
        return f"{value // 100_000_000}億{f'{rest:,}万' if rest else ''}円"
    if value >= 10_000 and value % 1_000 == 0:
        return f"{number(value / 10_000)}万円"
    return f"{value:,}円"


def m2(value: float | None) -> str:
    """Return an area in square metres as text, to one decimal."""
    return "" if value is None else f"{number(round(value, 1))}m²"


def area(value: float | None) -> str:
    """Return an area in square metres as text, in Japanese also in 坪."""
    if value is None:
        return ""
    if not is_source():
        return m2(value)
    return f"{m2(value)}（{number(round(value / units.SQUARE_METRES_A_TSUBO, 1))}坪）"


def metres(value: int | None) -> str:
    """Return a distance in metres as text, with the minutes on foot rounded up."""
    if value is None:
        return ""
    minutes = -(-value // units.METRES_A_MINUTE)
    return _("%(metres)sm（徒歩%(minutes)s分）", metres=f"{value:,}", minutes=minutes)


def day(value: date | None, precision: str = "day") -> str:
    """Return a date as text, as exact as `precision` says: "year", "month" or "day"."""
    return "" if value is None else format_date(value, _(_DATES[precision]), current().locale)


def day_with_era(value: date, precision: str) -> str:
    """Return a date as text, as exact as `precision` says; in Japanese with the era year: 1978年（昭和53年）6月."""
    written = day(value, precision)
    if not is_source():
        return written
    exact = (value.month, value.day) if precision == "day" else (value.month, 28) if precision == "month" else ()
    era = units.era_year(value.year, *exact)
    return written.replace("年", f"年（{era}）", 1) if era else written


def built(listing: Any) -> str:
    """Return as text when a listing's building was built, in Japanese with the era year; empty if not stated."""
    return day_with_era(listing.built_on, str(listing.built_precision or "year")) if listing.built_on else ""


def label(value: Any) -> str:
    """Return the label of a vocabulary's member in the page's language, and 不明 (not stated) for None."""
    if value is None:
        return str(_("不明"))
    return str(value.label)


def name(place: Any) -> str:
    """Return the name of a municipality or prefecture in the page's language, or in Japanese if it has none there."""
    return str(place.name if is_source() else place.names.get(current().code) or place.name)


def fact(field: Any, value: Any, listing: Any) -> str:
    """Return the value of a listing's field as text with its unit; empty if not stated."""
    if value is None or value == "":
        return ""
    match field.type.value:
        case "yen":
            return yen(value)
        case "area":
            return area(value)
        case "metres":
            return metres(value)
        case "width":
            return f"{number(value)}m"
        case "percent":
            return f"{value}%"
        case "count":
            return number(value)
        case "flag":
            return str(_("あり・可")) if value else str(_("なし・不可"))
        case "date":
            return built(listing) if field.name == "built_on" else day(value)
        case "choice":
            return label(value)
    return str(value)

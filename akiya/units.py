"""Amounts as people write them in Japanese, converted to yen, square metres, metres, degrees and dates. Pure functions.

Each returns None for a blank text and raises ValueError, with advice in Japanese, for a text that cannot be read.
"""

import re
import unicodedata
from datetime import date

SQUARE_METRES_A_TSUBO = 400 / 121
"""One 坪 is six 尺 square, and a 尺 is 10/33 m (計量法)."""
SQUARE_METRES_A_MAT = 1.62
"""The smallest area that may be called one 畳 in property advertising (表示規約)."""
METRES_A_MINUTE = 80
SQUARE_METRES_A_SE = 30 * SQUARE_METRES_A_TSUBO

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERA_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
# No figure of a home is longer; without a limit a long run of digits would become infinity.
_NUMBER = r"\d{1,15}(?:\.\d{1,10})?"


def _clean(text: str | None) -> str:
    text = unicodedata.normalize("NFKC", text or "").replace(",", "").replace("、", "")
    return re.sub(r"\s+", "", text)


def yen(text: str | None) -> int | None:
    """Convert "480万円", "1億2千万", "4万5千円" or "4,800,000" to yen."""
    cleaned = _clean(text).removesuffix("円").removeprefix("¥")
    if not cleaned:
        return None
    match = re.fullmatch(rf"(?:({_NUMBER})億)?(?:({_NUMBER})(千)?万)?(?:({_NUMBER})千)?({_NUMBER})?", cleaned)
    if not match:
        raise ValueError(f"「{text}」は金額として読めません。480万円、または 4800000 のように入れてください。")
    hundred_million, ten_thousand, thousands, thousand, rest = match.groups()
    total = float(hundred_million or 0) * 1e8
    total += float(ten_thousand or 0) * (1e7 if thousands else 1e4)
    total += float(thousand or 0) * 1e3 + float(rest or 0)
    return round(total)


def area(text: str | None) -> float | None:
    """Convert "121.5", "121.5㎡", "36坪", "8畳" or "5畝" to square metres, with two decimals."""
    cleaned = _clean(text)
    if not cleaned:
        return None
    match = re.fullmatch(rf"(?:約)?({_NUMBER})(m2|平米|坪|畳|帖|畝|反|ha)?", cleaned)
    if not match:
        raise ValueError(f"「{text}」は面積として読めません。121.5（m²）、または 36坪 のように入れてください。")
    factor = {
        "坪": SQUARE_METRES_A_TSUBO,
        "畳": SQUARE_METRES_A_MAT,
        "帖": SQUARE_METRES_A_MAT,
        "畝": SQUARE_METRES_A_SE,
        "反": 10 * SQUARE_METRES_A_SE,
        "ha": 10_000.0,
    }.get(match[2] or "", 1.0)
    return round(float(match[1]) * factor, 2)


def metres(text: str | None) -> int | None:
    """Convert "640", "1.2km" or "徒歩8分" (80 m a minute) to metres."""
    cleaned = _clean(text).removeprefix("徒歩").removeprefix("約")
    if not cleaned:
        return None
    match = re.fullmatch(rf"({_NUMBER})(m|メートル|km|キロ|分)?", cleaned)
    if not match:
        raise ValueError(f"「{text}」は距離として読めません。640（m）、1.2km、8分 のように入れてください。")
    factor = {"km": 1000, "キロ": 1000, "分": METRES_A_MINUTE}.get(match[2] or "", 1)
    return round(float(match[1]) * factor)


def percent(text: str | None) -> float | None:
    """Convert "12.5" or "12.5%" to percent."""
    cleaned = _clean(text)
    if not cleaned:
        return None
    match = re.fullmatch(rf"({_NUMBER})(?:%|パーセント)?", cleaned)
    if not match:
        raise ValueError(f"「{text}」は割合として読めません。12.5（%）のように入れてください。")
    return float(match[1])


def count(text: str | None) -> int | None:
    """Read a whole number, with or without a unit such as 台, 階 or %."""
    cleaned = _clean(text)
    if not cleaned:
        return None
    match = re.fullmatch(r"(\d{1,9})(?:\.0+)?(?:台|階|階建て?|%|パーセント|人|室)?", cleaned)
    if not match:
        raise ValueError(f"「{text}」は数として読めません。2 のように整数で入れてください。")
    return int(match[1])


def degrees(text: str | None) -> float | None:
    """Read decimal degrees of latitude or longitude."""
    cleaned = _clean(text)
    if not cleaned:
        return None
    if not re.fullmatch(rf"-?{_NUMBER}", cleaned):
        raise ValueError(f"「{text}」は緯度・経度として読めません。32.80333 のように度の小数で入れてください。")
    return float(cleaned)


def angle(text: str | None) -> float | None:
    """Convert "-12.5", "−12.5°" or "12.5度" to degrees."""
    cleaned = _clean(text).replace("−", "-")
    if not cleaned:
        return None
    match = re.fullmatch(rf"([+-]?{_NUMBER})(?:°|度)?", cleaned)
    if not match:
        raise ValueError(f"「{text}」は角度として読めません。-12.5 のように、度の数で入れてください。")
    return float(match[1])


def length(text: str | None) -> float | None:
    """Convert "1.5", "1.5m" or "150cm" to metres."""
    cleaned = _clean(text).removeprefix("約")
    if not cleaned:
        return None
    match = re.fullmatch(rf"({_NUMBER})(m|メートル|cm|センチ)?", cleaned)
    if not match:
        raise ValueError(f"「{text}」は長さとして読めません。1.5（m）、または 150cm のように入れてください。")
    return round(float(match[1]) * (0.01 if match[2] in ("cm", "センチ") else 1), 4)


def day(text: str | None) -> tuple[date, str] | None:
    """Convert "1978年", "昭和53年6月", "S53.6.1" or "1978-06-01" to a date and its precision.

    The precision is "year", "month" or "day"; the date is the first day of the year or month.
    """
    cleaned = _clean(text).removesuffix("頃").removesuffix("ごろ")
    if not cleaned:
        return None
    cleaned = re.sub(r"^([MTSHR])(?=\d)", lambda m: _ERA_LETTERS[m[1]], cleaned.upper())
    match = re.fullmatch(
        r"(明治|大正|昭和|平成|令和)?(元|\d{1,4})(?:年|[-/.]|$)(?:(\d{1,2})(?:月|[-/.]|$))?(?:(\d{1,2})日?)?", cleaned
    )
    advice = f"「{text}」は年月日として読めません。1978年、昭和53年6月、1978-06-01 のように入れてください。"
    if not match or (match[4] and not match[3]):
        raise ValueError(advice)
    era, year_text, month, day_of_month = match.groups()
    year = 1 if year_text == "元" else int(year_text)
    if era:
        year += _ERAS[era]
    if not 1600 <= year <= 2200:
        raise ValueError(advice)
    try:
        value = date(year, int(month or 1), int(day_of_month or 1))
    except ValueError as error:
        raise ValueError(f"「{text}」という日はありません。月と日を確かめてください。") from error
    return value, "day" if day_of_month else "month" if month else "year"


def era_year(year: int, month: int = 12, day_of_month: int = 31) -> str:
    """Return the Japanese era year of a date, such as 昭和53年; "" for a date before the Meiji era."""
    starts = (
        (2019, 5, 1, "令和"),
        (1989, 1, 8, "平成"),
        (1926, 12, 25, "昭和"),
        (1912, 7, 30, "大正"),
        (1868, 10, 23, "明治"),
    )
    for start_year, start_month, start_day, era in starts:
        if (year, month, day_of_month) >= (start_year, start_month, start_day):
            number = year - _ERAS[era]
            return f"{era}{'元' if number == 1 else number}年"
    return ""

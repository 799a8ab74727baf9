"""Readers of search parameters: pure functions from a text to a value, with the bounds of the value."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Generic, TypeVar

from akiya import geo
from akiya.language import gettext as _
from akiya.text import searchable
from akiya.values import JsonObject

T = TypeVar("T")
N = TypeVar("N", int, float)
_LONGEST_TEXT = 100
_MOST_WORDS = 10


@dataclass(frozen=True)
class Reader(Generic[T]):
    """A reader of a parameter: `read` returns its value, of type T, or raises ValueError with a message for the user.

    `schema` describes the accepted values in JSON Schema.
    """

    read: Callable[[str], T]
    schema: JsonObject


def whole(least: int, most: int) -> Reader[int]:
    """Return the reader of a whole number from `least` to `most`, both included."""
    return Reader(_number(least, most, int), {"type": "integer", "minimum": least, "maximum": most})


def decimal(least: float, most: float) -> Reader[float]:
    """Return the reader of a number from `least` to `most`, both included."""
    return Reader(_number(least, most, float), {"type": "number", "minimum": least, "maximum": most})


def one_of(values: Iterable[object], make: Callable[[str], T], message: Callable[[str], str]) -> Reader[T]:
    """Return the reader of one of `values`; `make` converts a text, `message` returns the error for an unknown one."""
    known = [str(value) for value in values]

    def read(text: str) -> T:
        if text not in known:
            raise ValueError(message(text[:40]))
        return make(text)

    return Reader(read, {"type": "string", "enum": known})


def several(values: Iterable[object], make: Callable[[str], T], most: int | None = None) -> Reader[T]:
    """Return the reader of each of several `values`, at most `most` of them.

    The caller checks that a text is one of the values and that there are not too many.
    """
    limit = {"maxItems": most} if most else {}
    items = {"type": "string", "enum": [str(value) for value in values]}
    return Reader(make, {"type": "array", "items": items, **limit})


def _number(least: float, most: float, kind: Callable[[str], N]) -> Callable[[str], N]:
    def read(text: str) -> N:
        value: N | None
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            raise ValueError(_("「%(value)s」は使えません。%(least)s〜%(most)s の数で指定してください。",
                               value=text[:40], least=f"{least:,}", most=f"{most:,}"))  # fmt: skip
        return value

    return read


def _numbers(text: str, count: int) -> list[float] | None:
    try:
        values = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    return values if len(values) == count and all(map(isfinite, values)) else None


def _on_earth(lon: float, lat: float) -> bool:
    return abs(lon) <= 180 and abs(lat) <= 90


def _box(text: str) -> geo.Box:
    values = _numbers(text, 4)
    if values is None and (six := _numbers(text, 6)):
        values = [*six[:2], *six[3:5]]  # homes have no height
    good = values is not None and _on_earth(*values[:2]) and _on_earth(*values[2:]) and values[1] <= values[3]
    if good and values and values[0] > values[2]:
        raise ValueError(
            _(
                "「%(value)s」は東経180度の線をまたぐ範囲です。西側と東側の二つに分けて指定してください。",
                value=text[:60],
            )
        )
    if not good or values is None:
        raise ValueError(
            _(
                "「%(value)s」は地図の範囲ではありません。西経度,南緯度,東経度,北緯度 の順に指定してください。",
                value=text[:60],
            )
        )
    return values[0], values[1], values[2], values[3]


def _point(text: str) -> geo.Point:
    values = _numbers(text, 2)
    if values is None or not _on_earth(*values):
        raise ValueError(_("「%(value)s」は地点ではありません。経度,緯度 の順に指定してください。", value=text[:60]))
    return values[0], values[1]


def _words(text: str) -> tuple[str, ...]:
    if len(text) > _LONGEST_TEXT:
        raise ValueError(_("キーワードは%(most)s文字までです。", most=_LONGEST_TEXT))
    return tuple(dict.fromkeys(searchable(text).split()[:_MOST_WORDS]))


def _place(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise ValueError(_("場所の名前は%(most)s文字までです。", most=_LONGEST_TEXT))
    return text


def _flag(text: str) -> bool:
    if text != "1":
        raise ValueError(_("「%(value)s」は使えません。1 を指定してください。", value=text[:40]))
    return True


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = _("「%(value)s」は日付ではありません。2026-04-01 のように指定してください。", value=text[:40])
        raise ValueError(message) from None


_DEGREES = {"type": "number"}
WORDS = Reader(_words, {"type": "string", "maxLength": _LONGEST_TEXT})
PLACE = Reader(_place, {"type": "string", "maxLength": _LONGEST_TEXT})
FLAG = Reader(_flag, {"type": "string", "enum": ["1"]})
DAY = Reader(_day, {"type": "string", "format": "date"})
POINT = Reader(_point, {"type": "array", "items": _DEGREES, "minItems": 2, "maxItems": 2})
BOX = Reader(_box, {"type": "array", "items": _DEGREES, "minItems": 4, "maxItems": 6})

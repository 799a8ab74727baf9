"""Write the files of the open data: CSV, GeoJSON, JSON Lines, and the dictionary that explains their columns."""

import json
import mimetypes
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from akiya.catalogue.records import COLUMNS, Record, RecordColumn, feature, table
from akiya.language import N_, OTHERS, gettext, in_every_language
from akiya.listings.fields import FieldType
from akiya.opendata import licence
from akiya.opendata.models import FEATURES, LINES, TABLE
from akiya.tabular.csv import csv_lines
from akiya.values import JsonObject

_UNITS = {FieldType.YEN: N_("円"), FieldType.DEGREES: N_("度（JGD2011・WGS84）")}
_SYMBOLS = {FieldType.AREA: "m²", FieldType.METRES: "m", FieldType.WIDTH: "m", FieldType.PERCENT: "%"}
_TYPES = {
    FieldType.YEN: "integer",
    FieldType.COUNT: "integer",
    FieldType.AREA: "number",
    FieldType.METRES: "integer",
    FieldType.WIDTH: "number",
    FieldType.PERCENT: "integer",
    FieldType.FLAG: "boolean",
    FieldType.DEGREES: "number",
}
_FORMATS = {FieldType.DATE: "date", FieldType.MOMENT: "date-time", FieldType.ADDRESS: "uri"}


def json_text(value: object) -> str:
    """Return `value` as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def csv(records: Iterable[Record], citation: str) -> Iterator[bytes]:
    """Yield the records as lines of CSV in UTF-8 with a byte order mark; its headings are in the page's language."""
    return csv_lines(table(records))


def geojson(records: Iterable[Record], citation: str) -> Iterator[bytes]:
    """Yield the records as a GeoJSON feature collection that states its licence and, as `citation`, its source."""
    head = {"license": licence.URL, "attribution": citation}
    yield f'{{"type":"FeatureCollection",{json_text(head)[1:-1]},"features":['.encode()
    for number, record in enumerate(records):
        yield f"{',' if number else ''}\n{json_text(feature(record))}".encode()
    yield b"\n]}\n"


def jsonl(records: Iterable[Record], citation: str) -> Iterator[bytes]:
    """Yield a line of JSON for each record."""
    for record in records:
        yield f"{json_text(record)}\n".encode()


@dataclass(frozen=True)
class Format:
    """A file format of the open data: file name, name of the format, media type, and the function that writes it."""

    file: str
    name: str
    media_type: str
    write: Callable[[Iterable[Record], str], Iterator[bytes]]


FORMATS = {
    form.file: form
    for form in (
        Format(TABLE, "CSV", "text/csv", csv),
        Format(FEATURES, "GeoJSON", "application/geo+json", geojson),
        Format(LINES, "JSON Lines", "application/jsonl", jsonl),
    )
}
mimetypes.add_type(FORMATS[FEATURES].media_type, ".geojson")
mimetypes.add_type(FORMATS[LINES].media_type, ".jsonl")


def schema(column: RecordColumn) -> JsonObject:
    """Return the JSON Schema of the column's values."""
    one: JsonObject = {"type": _TYPES.get(column.type, "string")}
    if column.type in _FORMATS:
        one["format"] = _FORMATS[column.type]
    if column.choices:
        one["enum"] = list(column.choices)
    return {"type": "array", "items": one} if column.several else one


def dictionary() -> Iterator[bytes]:
    """Yield the data dictionary as lines of CSV: a row for each column with its names, type, unit and values."""
    others = [other.name for other in OTHERS]
    head = ["項目名（JSON）", "見出し（CSV）", *others, "型", "単位・書式", "値と意味"]
    return csv_lines([head, *map(_described, COLUMNS)])


def _described(column: RecordColumn) -> list[str]:
    kind = _TYPES.get(column.type, "string")
    meanings = [f"{code}={choice.message}" for code, choice in column.choices.items()]
    return [
        column.name,
        *in_every_language(lambda: column.label).values(),
        f"{kind}[]" if column.several else kind,
        _UNITS.get(column.type) or _form(column),
        " / ".join(meanings),
    ]


def _form(column: RecordColumn) -> str:
    return _SYMBOLS.get(column.type) or _FORMATS.get(column.type, "")


def described(column: RecordColumn) -> tuple[str, str, list[tuple[str, str]]]:
    """Return the type and unit of a column and its (value, meaning) pairs, the meanings in the page's language."""
    kind = _TYPES.get(column.type, "string")
    unit = gettext(_UNITS[column.type]) if column.type in _UNITS else _form(column)
    return (
        f"{kind}[]" if column.several else kind,
        unit,
        [(code, choice.label) for code, choice in column.choices.items()],
    )

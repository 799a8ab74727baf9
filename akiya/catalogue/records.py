"""Listed homes as records: every public fact under an English name, for tables, the API and the open data.

Values are those of JSON: text, numbers, true and false, lists of texts; None if a fact is not stated.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any  # each fact of a record has a type of its own
from urllib.parse import urljoin

from akiya import formatting
from akiya.choices import Choice
from akiya.db import AnyRow
from akiya.language import N_, NP_, Labelled
from akiya.listings import enums, pictograms, search, titles
from akiya.listings.detached import as_listing
from akiya.listings.fields import FIELDS, Field, FieldType
from akiya.listings.models import Listing
from akiya.municipalities import search as municipalities
from akiya.municipalities.codes import code6
from akiya.municipalities.models import Municipality
from akiya.storage.base import Storage
from akiya.values import JsonObject

Record = dict[str, Any]
LINKS = "「空き家・空き地バンク登録物件データ」（国土交通省 Project LINKS）を加工して作成"
"""Attribution of homes that were imported from the national bank's files."""
_BATCH = 500


@dataclass(frozen=True)
class RecordColumn(Labelled):
    """A fact of a record: its name, the heading of its column, and its type.

    `choices` are the values that it may have, with the objects that label them. If `several`, the value is a list.
    """

    name: str
    message: str
    type: FieldType
    choices: Mapping[str, Choice | Field | pictograms.Pictogram] = field(default_factory=dict)
    several: bool = False


_T = FieldType


def _named(choices: Iterable[Choice]) -> dict[str, Choice]:
    return {str(choice): choice for choice in choices}


_FIELDS = [RecordColumn(f.name, f.message, f.type, _named(f.choices or ())) for f in FIELDS if not f.private]
_DISTANCES = {f.name: f for f in FIELDS if f.type is FieldType.METRES}
# The headings of the standard for municipal open data come first, in its words: 全国地方公共団体コード, ID, 名称 …
COLUMNS: tuple[RecordColumn, ...] = (
    RecordColumn("local_government_code", N_("全国地方公共団体コード"), _T.TEXT),
    RecordColumn("id", N_("ID"), _T.COUNT),
    RecordColumn("municipality_name", N_("地方公共団体名"), _T.TEXT),
    RecordColumn("name", N_("名称"), _T.TEXT),
    RecordColumn("status", N_("状態"), _T.CHOICE, _named(enums.LISTED)),
    *_FIELDS,
    RecordColumn("built_precision", N_("建築年月の精度"), _T.CHOICE, _named(enums.DatePrecision)),
    RecordColumn("straight_line", N_("直線距離の項目"), _T.TEXT, _DISTANCES, several=True),
    RecordColumn("pictograms", N_("ピクトグラム"), _T.TEXT, pictograms.BY_KEY, several=True),
    RecordColumn("lon", N_("経度"), _T.DEGREES),
    RecordColumn("lat", N_("緯度"), _T.DEGREES),
    RecordColumn("precision", N_("位置の精度"), _T.CHOICE, _named(enums.Precision)),
    RecordColumn("published_on", N_("公開日"), _T.DATE),
    RecordColumn("confirmed_on", N_("確認日"), _T.DATE),
    RecordColumn("updated_at", N_("更新日時"), _T.MOMENT),
    RecordColumn("municipality", N_("市町村コード"), _T.TEXT),
    RecordColumn("url", N_("URL"), _T.ADDRESS),
    RecordColumn("photos", N_("写真"), _T.ADDRESS, several=True),
    RecordColumn("tour_url", NP_("column", "360度画像"), _T.ADDRESS),
    RecordColumn("demonstration", N_("見本"), _T.FLAG),
    RecordColumn("attribution", N_("出典"), _T.TEXT),
)
_TABLE = Listing.__table__
_STORED = [column for column in _TABLE.c if column.name not in ("id", "search_head", "search_text")]
_NAMES = ["id", *[column.name for column in _STORED]]
_ORDER = [column.name for column in COLUMNS]


def records(ids: Sequence[int], site: str, storage: Storage) -> Iterator[Record]:
    """Yield a record, with every name of COLUMNS, for each of the listings that is on offer, in the order of `ids`.

    URLs begin with `site`; names are in the page's language.
    """
    known = {m.code: m for m in municipalities.all_municipalities()}
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        photos = search.all_photos(batch)
        for row in search.public_rows(batch, _STORED):
            if row.status in enums.LISTED:
                pictures = [
                    urljoin(f"{site}/", storage.url(f"{photo.key}/full.jpg")) for photo in photos.get(row.id, ())
                ]
                yield _record(row, known[row.municipality_code], pictures, f"{site}/listings/{row.id}")


def _record(row: AnyRow, municipality: Municipality, photos: list[str], address: str) -> Record:
    name = formatting.name(municipality)
    made = {
        "local_government_code": code6(row.municipality_code),
        "municipality_name": name,
        "name": titles.title(as_listing(row), name),
        "live_viewing": titles.live_viewing(as_listing(row), municipality),
        "straight_line": [name for name in row.straight_line.split(",") if name],
        "pictograms": pictograms.lit(row.features),
        "municipality": row.municipality_code,
        "url": address,
        "photos": photos,
        "tour_url": f"{address}/tour.json" if row.has_panorama else None,
        "attribution": LINKS if row.source_file else None,
    }
    stored = dict(zip(_NAMES, row, strict=True))
    return {name: made[name] if name in made else _value(stored[name]) for name in _ORDER}


# A record has about a hundred values, so the most common types are tested first.
_AS_THEY_ARE = frozenset({type(None), bool, int, float})


def _value(value: Any) -> object:
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, str):
        return str.__str__(value) or None  # of a Choice its plain value
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def feature(record: Record) -> JsonObject:
    """Convert a record to a GeoJSON feature. Its id is a property too: programs that make tables often drop the other."""
    facts = dict(record)
    point = [facts.pop("lon"), facts.pop("lat")]
    return {
        "type": "Feature",
        "id": record["id"],
        "geometry": {"type": "Point", "coordinates": point},
        "properties": facts,
    }


def cells(record: Record) -> list[object]:
    """Convert a record to a row for the headings of COLUMNS: labels in the page's language, 1 and 0 for yes and no."""
    return [_cell(column, record[column.name]) for column in COLUMNS]


def _cell(column: RecordColumn, value: Any) -> object:
    if value is None:
        return ""
    if column.several:
        return ";".join(in_words(column, item) for item in value)
    return int(value) if column.type is FieldType.FLAG else in_words(column, value) if column.choices else value


def in_words(column: RecordColumn, value: Any) -> str:
    """Return the label of a value in the page's language, or the value as text if it has no label."""
    choice = column.choices.get(value)
    return str(value) if choice is None else str(choice.label)


def table(found: Iterable[Record]) -> Iterator[list[object]]:
    """Yield the headings in the page's language, then a row for each record."""
    yield [column.label for column in COLUMNS]
    yield from map(cells, found)

"""The collections of the API: homes on offer, and the municipalities that offer them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from babel import Locale

from akiya import formatting, geo
from akiya.catalogue import records as homes
from akiya.catalogue.answer import SearchResult
from akiya.catalogue.parameters import Criteria
from akiya.catalogue.records import Record, RecordColumn
from akiya.errors import NotFound
from akiya.language import gettext, in_others
from akiya.listings.enums import Deal
from akiya.listings.fields import FieldType
from akiya.municipalities import search as municipalities
from akiya.municipalities.codes import code6
from akiya.municipalities.enums import Standing, Tag
from akiya.storage.base import Storage

_MOST_ID = 2**31


@dataclass(frozen=True)
class Collection:
    """A collection: its name in addresses, its title and text by language, and the columns of its records.

    If it is `searched`, requests may use the parameters of the search.
    """

    name: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    columns: Sequence[RecordColumn]
    searched: bool

    def label(self, language: str) -> str:
        """Return the title in `language` ("ja" or "en")."""
        return self.title[language]


LISTINGS = Collection(
    "listings",
    {"ja": "空き家バンク登録物件", "en": "Vacant homes"},
    {
        "ja": "募集中と商談中の物件。位置は公開してよい範囲にぼかしてあります（precision）。",
        "en": "Homes that are available or under negotiation. Points are blurred to what may be published (see precision).",
    },
    homes.COLUMNS,
    searched=True,
)
_T = FieldType
_OTHER_NAMES = [
    RecordColumn(
        name,
        f"地方公共団体名_{language.in_japanese}",
        f"Name in {Locale.parse(language.code, sep='-').english_name}",
        _T.TEXT,
    )
    for name, language in in_others("name").items()
]
MUNICIPALITIES = Collection(
    "municipalities",
    {"ja": "市町村", "en": "Municipalities"},
    {
        "ja": "市町村の役所・役場の位置、連絡先、条件と支援、募集中の件数。",
        "en": "Municipalities with the point of their office, contact, conditions, and how many homes they offer.",
    },
    (
        RecordColumn("id", "市町村コード", "Code", _T.TEXT),
        RecordColumn("local_government_code", "全国地方公共団体コード", "Local government code", _T.TEXT),
        RecordColumn("name", "地方公共団体名", "Name", _T.TEXT),
        RecordColumn("kana", "地方公共団体名_カナ", "Reading", _T.TEXT),
        *_OTHER_NAMES,
        RecordColumn("lon", "経度", "Longitude", _T.DEGREES),
        RecordColumn("lat", "緯度", "Latitude", _T.DEGREES),
        RecordColumn("standing", "参加の状況", "Standing", _T.CHOICE, {str(s): s for s in Standing}),
        RecordColumn("contact", "問合せ先", "Contact", _T.LONG),
        RecordColumn("text", "紹介文", "Text", _T.LONG),
        RecordColumn("tags", "条件・支援", "Conditions and support", _T.TEXT, {str(t): t for t in Tag}, several=True),
        RecordColumn("live_viewing", "ビデオ通話での内見", "Viewing by video call", _T.FLAG),
        RecordColumn("live_viewing_note", "内見の案内", "How to view", _T.LONG),
        RecordColumn("website", "市町村のサイト", "Website", _T.ADDRESS),
        RecordColumn("hazard_map_url", "ハザードマップ", "Hazard map", _T.ADDRESS),
        RecordColumn("homes", "募集中の件数", "Homes", _T.COUNT),
        RecordColumn("homes_for_sale", "売買の件数", "Homes for sale", _T.COUNT),
        RecordColumn("homes_for_rent", "賃貸の件数", "Homes for rent", _T.COUNT),
        RecordColumn("homes_with_panorama", "360度画像のある件数", "Homes with a 360° tour", _T.COUNT),
        RecordColumn("url", "URL", "URL", _T.ADDRESS),
    ),
    searched=False,
)
COLLECTIONS = {collection.name: collection for collection in (LISTINGS, MUNICIPALITIES)}


@dataclass(frozen=True)
class ItemPage:
    """One page of the matching records, and the total number of matches."""

    total: int
    records: Sequence[Record]


def find(collection: Collection, criteria: Criteria, limit: int, offset: int, site: str, storage: Storage) -> ItemPage:
    """Return the matching records from `offset` on, at most `limit` of them, and the total.

    Municipalities are narrowed only by the box of `criteria`.
    """
    if collection is LISTINGS:
        answer = SearchResult(criteria)
        return ItemPage(answer.total, list(homes.records(answer.ids(limit, offset), site, storage)))
    places = [place for place in _places(site) if criteria.bbox is None or _within(place, criteria.bbox)]
    return ItemPage(len(places), places[offset : offset + limit])


def one(collection: Collection, item_id: str, site: str, storage: Storage) -> Record:
    """Return the record with this id. Raise NotFound if there is none."""
    if collection is LISTINGS:
        number = int(item_id) if item_id.isascii() and item_id.isdecimal() and len(item_id) < 11 else _MOST_ID
        found = list(homes.records([number], site, storage)) if number < _MOST_ID else []
    else:
        found = [place for place in _places(site) if place["id"] == item_id]
    if not found:
        raise NotFound(gettext("この番号のものはありません。募集を終えた物件は、ここには残りません。"))
    return found[0]


def extent(collection: Collection) -> geo.Box | None:
    """Return the (west, south, east, north) box around the collection, or None if it is empty."""
    if collection is LISTINGS:
        return SearchResult(Criteria()).box()
    points = [(m.lon, m.lat) for m in municipalities.served()]
    if not points:
        return None
    lons, lats = zip(*points, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def _within(place: Record, box: geo.Box) -> bool:
    west, south, east, north = box
    return bool(west <= place["lon"] <= east and south <= place["lat"] <= north)


def _places(site: str) -> list[Record]:
    everything = Criteria()
    asked = {
        "homes": everything,
        "homes_for_sale": replace(everything, deals=(Deal.SALE,)),
        "homes_for_rent": replace(everything, deals=(Deal.RENT,)),
        "homes_with_panorama": replace(everything, features=("panorama",)),
    }
    counts = {name: SearchResult(criteria).facets().counts["municipality"] for name, criteria in asked.items()}
    return [
        {
            "id": m.code,
            "local_government_code": code6(m.code),
            "name": formatting.name(m),
            "kana": m.kana or None,
            **{name: m.names.get(language.code) for name, language in in_others("name").items()},
            "lon": m.lon,
            "lat": m.lat,
            "standing": str(m.standing),
            "contact": m.contact or None,
            "text": m.text or None,
            "tags": [tag for tag in m.tags.split(",") if tag],
            "live_viewing": m.live_viewing,
            "live_viewing_note": m.live_viewing_note or None,
            "website": m.url or None,
            "hazard_map_url": m.hazard_map_url or None,
            **{name: int(counts[name].get(m.code, 0)) for name in asked},
            "url": f"{site}/municipalities/{m.code}",
        }
        for m in municipalities.served()
    ]

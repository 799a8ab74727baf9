"""The collections of the API: homes on offer, and the municipalities that offer them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from akiya import formatting, geo
from akiya.catalogue import records as homes
from akiya.catalogue.answer import SearchResult
from akiya.catalogue.parameters import Criteria
from akiya.catalogue.records import Record, RecordColumn
from akiya.errors import NotFound
from akiya.language import N_, NP_, Labelled, Language, gettext, in_others
from akiya.listings.enums import Deal
from akiya.listings.fields import FieldType
from akiya.municipalities import search as municipalities
from akiya.municipalities.codes import code6
from akiya.municipalities.enums import Standing, Tag
from akiya.storage.base import Storage

_MOST_ID = 2**31


@dataclass(frozen=True)
class Collection(Labelled):
    """A collection: its name in addresses, its title, its text, and the columns of its records.

    If it is `searched`, requests may use the parameters of the search.
    """

    name: str
    message: str
    text: str
    columns: Sequence[RecordColumn]
    searched: bool


@dataclass(frozen=True, kw_only=True)
class _NameColumn(RecordColumn):
    """The column of a municipality's name in another language than Japanese."""

    language: Language

    @property
    def label(self) -> str:
        """Return the heading in the page's language."""
        return gettext(self.message, language=gettext(self.language.in_japanese))


LISTINGS = Collection(
    "listings",
    N_("空き家バンク登録物件"),
    N_("募集中と商談中の物件。位置は公開してよい範囲にぼかしてあります（precision）。"),
    homes.COLUMNS,
    searched=True,
)
_T = FieldType
_OTHER_NAMES = [
    _NameColumn(name, N_("地方公共団体名_%(language)s"), _T.TEXT, language=each)
    for name, each in in_others("name").items()
]
MUNICIPALITIES = Collection(
    "municipalities",
    NP_("collection", "市町村"),
    N_("市町村の役所・役場の位置、連絡先、条件と支援、募集中の件数。"),
    (
        RecordColumn("id", NP_("municipality", "市町村コード"), _T.TEXT),
        RecordColumn("local_government_code", N_("全国地方公共団体コード"), _T.TEXT),
        RecordColumn("name", NP_("municipality", "地方公共団体名"), _T.TEXT),
        RecordColumn("kana", N_("地方公共団体名_カナ"), _T.TEXT),
        *_OTHER_NAMES,
        RecordColumn("lon", N_("経度"), _T.DEGREES),
        RecordColumn("lat", N_("緯度"), _T.DEGREES),
        RecordColumn("standing", N_("参加の状況"), _T.CHOICE, {str(s): s for s in Standing}),
        RecordColumn("contact", N_("問合せ先"), _T.LONG),
        RecordColumn("text", NP_("municipality", "紹介文"), _T.LONG),
        RecordColumn("tags", N_("条件・支援"), _T.TEXT, {str(t): t for t in Tag}, several=True),
        RecordColumn("live_viewing", N_("ビデオ通話での内見"), _T.FLAG),
        RecordColumn("live_viewing_note", N_("内見の案内"), _T.LONG),
        RecordColumn("website", N_("市町村のサイト"), _T.ADDRESS),
        RecordColumn("hazard_map_url", N_("ハザードマップ"), _T.ADDRESS),
        RecordColumn("homes", N_("募集中の件数"), _T.COUNT),
        RecordColumn("homes_for_sale", N_("売買の件数"), _T.COUNT),
        RecordColumn("homes_for_rent", N_("賃貸の件数"), _T.COUNT),
        RecordColumn("homes_with_panorama", N_("360度画像のある件数"), _T.COUNT),
        RecordColumn("url", N_("URL"), _T.ADDRESS),
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

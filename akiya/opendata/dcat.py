"""Describe the open data as a DCAT catalogue in JSON-LD, for portals that collect catalogues."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urljoin

from akiya.language import N_, gettext, in_every_language, language
from akiya.opendata import licence
from akiya.opendata.files import FORMATS, Format
from akiya.opendata.models import DICTIONARY, Snapshot
from akiya.storage.base import Storage
from akiya.values import JsonObject

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_DAILY = "http://publications.europa.eu/resource/authority/frequency/DAILY"


def _texts(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@language": code, "@value": text} for code, text in texts.items()]


def _translated(message: str, names: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the message in every language, with the bank's name in place of %(bank)s."""
    return _texts(in_every_language(lambda: gettext(message, bank=names[language()])))


def _id(address: str) -> dict[str, str]:
    return {"@id": address}


def _time(kind: str, value: str) -> dict[str, str]:
    return {"@type": f"xsd:{kind}", "@value": value}


def catalogue(
    names: Mapping[str, str], site: str, changed_at: datetime | None, snapshots: Sequence[Snapshot], storage: Storage
) -> JsonObject:
    """Return the catalogue, as JSON-LD, of the bank at the address `site`, whose `names` are given by language code.

    It describes the files of today, the API, and the files of each of the `snapshots`.
    """
    page = f"{site}/opendata/"
    publisher = {"@id": f"{site}/", "@type": "foaf:Agent", "foaf:name": _texts(names), "foaf:homepage": _id(f"{site}/")}
    dataset: JsonObject = {
        "@id": f"{page}#listings",
        "@type": "dcat:Dataset",
        "dct:title": _translated(N_("%(bank)s 登録物件データ"), names),
        "dct:description": _translated(
            N_("空き家バンクで募集中・商談中の物件の公開項目。写真と360度画像は規約の対象外。"), names
        ),
        "dct:publisher": _id(f"{site}/"),
        "dct:license": _id(licence.URL),
        "dct:language": list(names),
        "dct:accrualPeriodicity": _id(_DAILY),
        "dcat:keyword": ["空き家", "空き家バンク", "移住", "住宅"],
        "dcat:landingPage": _id(page),
        "dct:conformsTo": _id(f"{page}{DICTIONARY}"),
        "dcat:distribution": [_distribution(page, form) for form in FORMATS.values()] + [_service_distribution(site)],
        "dcat:hasVersion": [_version(site, snapshot, storage) for snapshot in snapshots],
    }
    if changed_at is not None:
        dataset["dct:modified"] = _time("dateTime", changed_at.isoformat(timespec="seconds"))
    return {
        "@context": _CONTEXT,
        "@id": f"{page}catalogue.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _translated(N_("%(bank)s 公開データ"), names),
        "dct:publisher": publisher,
        "dct:license": _id(licence.URL),
        "dcat:dataset": [dataset],
        "dcat:service": [_service(site)],
    }


def _distribution(page: str, form: Format) -> JsonObject:
    return {
        "@id": f"{page}{form.file}",
        "@type": "dcat:Distribution",
        "dct:title": form.name,
        "dcat:accessURL": _id(page),
        "dcat:downloadURL": _id(f"{page}{form.file}"),
        "dcat:mediaType": form.media_type,
        "dct:license": _id(licence.URL),
    }


def _service_distribution(site: str) -> JsonObject:
    return {
        "@type": "dcat:Distribution",
        "dct:title": "OGC API – Features",
        "dcat:accessURL": _id(f"{site}/api/"),
        "dcat:accessService": _id(f"{site}/api/"),
        "dct:license": _id(licence.URL),
    }


def _service(site: str) -> JsonObject:
    return {
        "@id": f"{site}/api/",
        "@type": "dcat:DataService",
        "dct:title": "OGC API – Features",
        "dct:conformsTo": _id("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"),
        "dcat:endpointURL": _id(f"{site}/api/"),
        "dcat:endpointDescription": _id(f"{site}/api/openapi.json"),
        "dcat:servesDataset": _id(f"{site}/opendata/#listings"),
    }


def _version(site: str, snapshot: Snapshot, storage: Storage) -> JsonObject:
    address = urljoin(f"{site}/", storage.url(snapshot.key))
    return {
        "@id": f"{site}/opendata/#{snapshot.day}",
        "@type": "dcat:Dataset",
        "dct:issued": _time("date", str(snapshot.day)),
        "dct:license": _id(licence.URL),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": form.name,
                "dcat:downloadURL": _id(f"{address}/{form.file}"),
                "dcat:mediaType": form.media_type,
            }
            for form in FORMATS.values()
        ],
    }

"""Add the prefecture and municipalities, and import their boundaries and towns."""

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any  # whatever a file holds as geometry

from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape, to_shape
from shapely import make_valid
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, shape
from sqlalchemy import insert, select
from sqlalchemy.orm import defer, selectinload

from akiya import geo
from akiya.db import Session, transaction
from akiya.errors import Invalid
from akiya.language import OTHERS, in_others
from akiya.municipalities.codes import code5
from akiya.municipalities.enums import MunicipalityAction
from akiya.municipalities.models import Municipality, MunicipalityEvent, Prefecture, Town
from akiya.tabular.reading import ImportReport, Refusal, records
from akiya.values import Values

_FACTS = Path(__file__).resolve().parent.parent / "data"
_BATCH = 1000
_WITH_NAMES = select(Municipality).options(selectinload(Municipality.name_rows))


def prefectures() -> dict[str, dict[str, str]]:
    """Return the 47 prefectures by Japanese name, each as {"code", "name", "name_en"}, with a name for each language."""
    with (_FACTS / "prefectures.csv").open(encoding="utf-8") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def ensure_prefecture(name: str) -> Prefecture:
    """Return the prefecture called `name`; add it and its municipalities from the package's data if they are missing.

    Raise Invalid for an unknown name, or if the database belongs to another prefecture.
    """
    facts = prefectures().get(name)
    if facts is None:
        raise Invalid(
            f"AKIYA_PREFECTURE={name}：この都道府県はありません。熊本県 のように正式な名前で指定してください。"
        )
    with transaction() as session:
        prefecture = session.get(Prefecture, facts["code"])
        if prefecture is None:
            if other := session.scalar(select(Prefecture)):
                raise Invalid(
                    f"AKIYA_PREFECTURE={name}：このデータベースは{other.name}のものです。"
                    f"AKIYA_PREFECTURE={other.name} にするか、別の AKIYA_DATA を使ってください。"
                )
            prefecture = Prefecture(code=facts["code"], name=facts["name"])
            session.add(prefecture)
        _add_names(prefecture, facts)
        known = {m.code: m for m in session.scalars(_WITH_NAMES.options(defer(Municipality.boundary)))}
        for _row, fact in records(_FACTS / "municipalities.csv"):
            if fact["code"][:2] != facts["code"]:
                continue
            if (municipality := known.get(fact["code"])) is None:
                lon, lat = float(fact["office_lon"]), float(fact["office_lat"])
                said = {name: fact[name] for name in ("code", "name", "kana", "url")}
                municipality = Municipality(lon=lon, lat=lat, **said)
                session.add(municipality)
            _add_names(municipality, fact)
    return prefecture


def _add_names(place: Prefecture | Municipality, fact: Mapping[str, str]) -> None:
    """Give the place its names in languages in which it has none, such as one that was added to the site."""
    for code, name in _names(fact).items():
        place.names.setdefault(code, name)


def _names(fact: Mapping[str, str]) -> dict[str, str]:
    """Return the names in the columns name_en and so on, by the code of the language, without empty ones."""
    return {language.code: fact[column] for column, language in in_others("name").items() if fact.get(column)}


def add(
    actor: str, code: str, *, name: str, kana: str = "", names: Mapping[str, str] | None = None, lon: float, lat: float
) -> Municipality:
    """Add a municipality that is not in the package's data and return it; it does not take part until it joins.

    (lon, lat) is the point of its office; `names` are those in other languages than Japanese, by the code of the language.
    Raise Invalid with a message for each wrong field.
    """
    errors: dict[str, str] = {}
    try:
        code = code5(code)
    except Invalid as error:
        errors |= error.errors
    if not name.strip():
        errors["name"] = "市町村名が空欄です。産山村 のように正式な名前で入れてください。"
    if not geo.in_japan((lon, lat)):
        errors["lat"] = f"緯度 {lat}、経度 {lon} は日本の外です。緯度（32 など）と経度（130 など）を確かめてください。"
    with transaction() as session:
        served = session.scalar(select(Prefecture))
        if not errors and served is not None and code[:2] != served.code:
            errors["code"] = (
                f"「{code}」は{served.name}の市町村ではありません。{served.code} で始まるコードを入れてください。"
            )
        if not errors and (there := session.get(Municipality, code)) is not None:
            errors["code"] = f"「{code}」は{there.name}として登録されています。一覧から{there.name}を選んでください。"
        if errors:
            raise Invalid("市町村を加えられません。" + "".join(errors.values()), errors)
        said = {"name": name.strip(), "kana": kana.strip()}
        others = {language: text.strip() for language, text in (names or {}).items() if text.strip()}
        municipality = Municipality(code=code, lon=lon, lat=lat, joined=False, names=others, **said)
        session.add(municipality)
        session.flush()
        note(session, municipality, actor, MunicipalityAction.ADDED)
    return municipality


def note(
    session: Session,
    municipality: Municipality,
    actor: str,
    action: MunicipalityAction,
    on: date | None = None,
    **details: object,
) -> None:
    """Add an event to the municipality's history, in the current transaction; `on` is the day it applies from."""
    session.add(
        MunicipalityEvent(
            municipality_code=municipality.code, actor=actor, action=action, effective_on=on, details=details
        )
    )


def import_municipalities(path: Path, prefecture: str) -> ImportReport:
    """Import municipalities from a CSV (codes, names, office points) or a GeoJSON (boundaries); return the report.

    `prefecture` is a Japanese name or "all"; other prefectures are skipped. Wards of a designated city are skipped as
    parts of the city. What staff wrote (contact, steps, validity) is kept. Raise Invalid for a file that is neither.
    """
    wanted = None if prefecture == "all" else prefectures()[prefecture]["code"]
    rows = _geojson_rows(path) if path.suffix.lower() in (".geojson", ".json") else _csv_rows(path)
    report = ImportReport()
    with transaction() as session:
        known = {m.code: m for m in session.scalars(_WITH_NAMES)}
        for number, values in rows:
            code = values.get("code") or ""
            try:
                taken = _municipality(values, report, number)
            except ValueError as error:
                report.refused.append(Refusal(number, "code", code, str(error)))
                continue
            if wanted is not None and code[:2] != wanted:
                report.skipped["ほかの都道府県"] += 1
            elif taken is None:
                report.skipped["政令指定都市の区（市に含めます）"] += 1
            elif code in known:
                _update(known[code], taken, report)
            elif "lon" not in taken:
                report.refused.append(
                    Refusal(number, "code", code, "市町村の位置が分かりません。先にCSVを取り込んでください。")
                )
            else:
                session.add(known.setdefault(code, Municipality(**taken)))
                report.new += 1
    return report


def _update(municipality: Municipality, values: Values, report: ImportReport) -> None:
    changed = False
    for name, value in values.items():
        before = getattr(municipality, name)
        if name == "boundary":
            # Compared as WKB, because PostGIS and SpatiaLite return boundaries as different types.
            same = before is not None and to_shape(before).wkb == to_shape(value).wkb
        elif name == "names":
            value = {**before, **value}  # those in languages that the file lacks stay
            same = before == value
        else:
            same = before == value or value == ""
        if not same:
            setattr(municipality, name, value)
            changed = True
    if changed:
        report.changed += 1
    else:
        report.unchanged += 1


def _is_ward(code: str, name: str, kind: str) -> bool:
    # Tokyo's special wards (13101 to 13123) are municipalities of their own.
    return kind == "ward" or (name.endswith("区") and "市" in name and not code.startswith("13"))


def _municipality(values: Values, report: ImportReport, number: int) -> Values | None:
    code = str(values.get("code") or "")
    if len(code) != 5 or not code.isdecimal():
        raise ValueError("市町村コードが5桁の数字ではありません。")
    if _is_ward(code, values["name"], values.get("kind", "")):
        return None
    if "lon" in values and not geo.in_japan((values["lon"], values["lat"])):
        raise ValueError("役所・役場の位置が日本の外です。緯度と経度を確かめてください。")
    return {name: value for name, value in values.items() if name != "kind"}


def _csv_rows(path: Path) -> Iterable[tuple[int, Values]]:
    for number, record in records(path):
        if "code" not in record or "name" not in record or "office_lat" not in record:
            raise Invalid(f"{path.name}：市町村の表ではありません。code、name、office_lat、office_lon の列が要ります。")
        values: Values = {k: record.get(k, "") for k in ("code", "name", "kana", "url", "kind")}
        values = {k: v for k, v in values.items() if v or k in ("code", "name")}
        values["names"] = _names(record)
        try:
            values |= {"lon": float(record["office_lon"]), "lat": float(record["office_lat"])}
            if record.get("label_lon"):
                values |= {"label_lon": float(record["label_lon"]), "label_lat": float(record["label_lat"])}
        except ValueError:
            values |= {"lon": 0.0, "lat": 0.0}
        yield number, values


def _geojson_rows(path: Path) -> Iterable[tuple[int, Values]]:
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid(f"{path}：GeoJSON の FeatureCollection として読めません。ファイルを確かめてください。") from error
    for number, feature in enumerate(features, 1):
        properties = feature.get("properties") or {}
        values = {
            "code": properties.get("code"),
            "name": properties.get("name", ""),
            "kind": properties.get("kind", ""),
        }
        if properties.get("kana"):
            values["kana"] = properties["kana"]
        values["names"] = {each.code: properties[each.code] for each in OTHERS if properties.get(each.code)}
        if label := properties.get("label"):
            values |= {"label_lon": float(label[0]), "label_lat": float(label[1])}
        values["boundary"] = _boundary(feature.get("geometry"), path, number)
        yield number, values


def _boundary(geometry: Any, path: Path, number: int) -> WKBElement:
    try:
        area = make_valid(shape(geometry))
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Invalid(f"{path.name}：{number}番目の図形が読めません。ファイルを作り直してください。") from error
    polygons = [part for part in getattr(area, "geoms", [area]) if part.geom_type in ("Polygon", "MultiPolygon")]
    flat = [polygon for part in polygons for polygon in getattr(part, "geoms", [part])]
    if not flat:
        raise Invalid(
            f"{path.name}：{number}番目の図形に面がありません。市町村の区域（Polygon）のファイルを使ってください。"
        )
    return from_shape(MultiPolygon(flat), srid=4326)


def import_towns(path: Path) -> ImportReport:
    """Import a CSV of towns with their points, for municipalities in the database, and return the report.

    Towns of a ward belong to its city. Raise Invalid for a file without the columns of towns.
    """
    report = ImportReport()
    with transaction() as session:
        known = {m.code: m.name for m in session.scalars(select(Municipality))}
        cities = {name: code for code, name in known.items()}
        towns = {(t.municipality_code, t.name): t for t in session.scalars(select(Town))}
        waiting: list[Values] = []
        seen: set[tuple[str, str]] = set()
        for number, record in records(path):
            values = _town(record, known, cities, report, number, path)
            if values is None:
                continue
            key = (values["municipality_code"], values["name"])
            if key in seen:
                report.skipped["同じ名前の町・字（初めの行を使います）"] += 1
                continue
            seen.add(key)
            town = towns.get(key)
            if town is None:
                waiting.append(values)
                report.new += 1
            elif all(getattr(town, name) == value for name, value in values.items()):
                report.unchanged += 1
            else:
                for name, value in values.items():
                    setattr(town, name, value)
                report.changed += 1
        for start in range(0, len(waiting), _BATCH):
            session.execute(insert(Town), waiting[start : start + _BATCH])
    return report


def _town(
    record: Mapping[str, str],
    known: Mapping[str, str],
    cities: Mapping[str, str],
    report: ImportReport,
    number: int,
    path: Path,
) -> Values | None:
    if not {"code", "municipality", "town", "lat", "lon"} <= set(record):
        raise Invalid(f"{path.name}：町・字の表ではありません。code、municipality、town、lat、lon の列が要ります。")
    code = record["code"]
    if code not in known:
        city = next((name for name in cities if record["municipality"].startswith(name)), None)
        if city is None:
            report.skipped["登録のない市町村"] += 1
            return None
        code = cities[city]
    try:
        lon, lat = float(record["lon"]), float(record["lat"])
    except ValueError:
        report.refused.append(Refusal(number, "lat,lon", f"{record['lat']},{record['lon']}", "数ではありません。"))
        return None
    if record.get("approx") == "2":
        report.skipped["位置が市町村の代表点でしかない町・字"] += 1
        return None
    return {
        "municipality_code": code,
        "name": record["town"] + record.get("koaza", ""),
        "kana": record.get("kana", ""),
        "postal_code": record.get("postal_code", ""),
        "lon": lon,
        "lat": lat,
    }

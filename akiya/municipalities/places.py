"""Import postal codes, stations and facilities, so that searches near a place need no other server."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import insert, select

from akiya import geo
from akiya.db import Session, transaction
from akiya.errors import Invalid
from akiya.municipalities.enums import FACILITIES, PlaceKind
from akiya.municipalities.models import Municipality, Place, Town
from akiya.municipalities.search import longest_beginning
from akiya.tabular.reading import ImportReport, Refusal, header_of, records
from akiya.text import searchable
from akiya.values import Values

_BATCH = 1000


def import_places(path: Path) -> ImportReport:
    """Import a CSV of postal codes, stations or facilities, and return the report.

    The columns decide which: postal_code, code, municipality and town; station, lat, lon and perhaps line; or kind,
    name, lat and lon. A postal code gets the point of its town, or of the municipality's office if the town is unknown.
    Importing the same file again changes nothing. Raise Invalid for a file with other columns.
    """
    columns = set(header_of(path))
    report = ImportReport()
    with transaction() as session:
        if {"postal_code", "code", "municipality", "town"} <= columns:
            rows: Iterable[Values] = _postal_codes(session, path, report)
        elif {"station", "lat", "lon"} <= columns:
            rows = _stations(path, report)
        elif {"kind", "name", "lat", "lon"} <= columns:
            rows = _facilities(path, report)
        else:
            raise Invalid(
                f"{path.name}：郵便番号の表（postal_code、code、municipality、town）でも"
                "駅の表（station、lat、lon）でも施設の表（kind、name、lat、lon）でもありません。"
                "見出しの行を確かめてください。"
            )
        known = {(place.kind, place.name, place.label): place for place in session.scalars(select(Place))}
        waiting: dict[tuple[object, ...], Values] = {}
        for values in rows:
            key = (values["kind"], values["name"], values["label"])
            place = known.get(key)
            if place is None:
                report.new += key not in waiting
                report.skipped["同じ行"] += key in waiting
                waiting.setdefault(key, values)
            elif (place.lon, place.lat) == (values["lon"], values["lat"]):
                report.unchanged += 1
            else:
                place.lon, place.lat = values["lon"], values["lat"]
                report.changed += 1
        made = list(waiting.values())
        for start in range(0, len(made), _BATCH):
            session.execute(insert(Place), made[start : start + _BATCH])
    return report


def _postal_codes(session: Session, path: Path, report: ImportReport) -> Iterable[Values]:
    municipalities = {m.code: m for m in session.scalars(select(Municipality))}
    towns: dict[str, dict[str, tuple[float, float]]] = {}
    for town in session.scalars(select(Town)):
        towns.setdefault(town.municipality_code, {})[town.name] = (town.lon, town.lat)
    for number, record in records(path):
        digits = record["postal_code"].replace("-", "")
        if len(digits) != 7 or not digits.isdecimal():
            report.refused.append(Refusal(number, "postal_code", record["postal_code"], "7桁の数字ではありません。"))
            continue
        home = municipalities.get(record["code"])
        # A ward's postal codes belong to its city, because wards have no row.
        home = home or next((m for m in municipalities.values() if record["municipality"].startswith(m.name)), None)
        if home is None:
            report.skipped["登録のない市町村"] += 1
            continue
        lon, lat = longest_beginning(towns.get(home.code, {}), record["town"]) or (home.lon, home.lat)
        label = f"{digits[:3]}-{digits[3:]} {home.name}{record['town']}"
        yield {"kind": PlaceKind.POSTAL, "name": digits, "label": label, "lon": lon, "lat": lat}


def _stations(path: Path, report: ImportReport) -> Iterable[Values]:
    for number, record in records(path):
        name, line = record["station"].removesuffix("駅"), record.get("line", "")
        point = _point(record)
        if not name or point is None:
            value = f"{record['station']} {record['lat']},{record['lon']}"
            report.refused.append(Refusal(number, "station,lat,lon", value, "駅の名前と日本の中の位置が要ります。"))
            continue
        label = f"{name}駅（{line}）" if line else f"{name}駅"
        known = searchable(name).replace(" ", "")
        yield {"kind": PlaceKind.STATION, "name": known, "label": label, "lon": point[0], "lat": point[1]}


def _facilities(path: Path, report: ImportReport) -> Iterable[Values]:
    kinds = {word: kind for kind in FACILITIES for word in (str(kind), kind.message)}
    seen: Counter[tuple[PlaceKind, str]] = Counter()
    for number, record in records(path):
        kind, name, point = kinds.get(record["kind"]), record["name"][:120], _point(record)
        if kind is None:
            reason = f"施設の種類は {'、'.join(map(str, FACILITIES))} のどれかです。"
            report.refused.append(Refusal(number, "kind", record["kind"], reason))
        elif not name or point is None:
            value = f"{name} {record['lat']},{record['lon']}"
            report.refused.append(Refusal(number, "name,lat,lon", value, "施設の名前と日本の中の位置が要ります。"))
        else:
            # Many towns have a park of the same name: the label of the second gets a number in the order of the file.
            seen[kind, name] += 1
            label = name if seen[kind, name] == 1 else f"{name}（{seen[kind, name]}）"
            yield {"kind": kind, "name": name, "label": label, "lon": point[0], "lat": point[1]}


def _point(record: dict[str, str]) -> geo.Point | None:
    try:
        point = float(record["lon"]), float(record["lat"])
    except ValueError:
        return None
    return point if geo.in_japan(point) else None

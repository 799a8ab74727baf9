"""The files of the open data: a daily snapshot, its differences, and which snapshots are kept."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from akiya.catalogue import records
from akiya.db import db, now, transaction
from akiya.errors import NotFound
from akiya.listings import lifecycle, service
from akiya.listings.enums import Status
from akiya.listings.models import Listing
from akiya.media import service as media
from akiya.opendata import search
from akiya.opendata.models import CHANGES, FILES, LINES, Snapshot
from akiya.opendata.service import DailySnapshot, make, remove, to_keep
from akiya.storage.base import Storage
from tests import factories
from tests.pages.browser import Browser

pytestmark = pytest.mark.slow

SITE = "https://akiya.example.jp"
MONDAY, DAY = date(2026, 6, 1), timedelta(days=1)


def text(storage: Storage, day: date, name: str, folder: Path) -> str:
    storage.fetch(f"public/opendata/{day}/{name}", folder / "fetched")
    return (folder / "fetched").read_text(encoding="utf-8")


def changes(storage: Storage, day: date, folder: Path) -> dict:
    return json.loads(text(storage, day, CHANGES, folder))


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_a_snapshot_holds_every_open_home_in_every_form(inside, storage: Storage, homes, tmp_path: Path) -> None:
    made = make(storage, SITE, MONDAY)
    assert made is not None
    assert (made.day, made.listings, made.added, made.changed, made.removed) == (MONDAY, 2, 2, 0, 0)
    assert {key.rpartition("/")[2] for key in storage.keys(made.key)} == set(FILES)
    lines = [json.loads(line) for line in text(storage, MONDAY, LINES, tmp_path).splitlines()]
    assert {line["id"] for line in lines} == {homes["house"], homes["shop"]}
    house = next(line for line in lines if line["id"] == homes["house"])
    assert house["url"] == f"{SITE}/listings/{homes['house']}"
    assert all(photo.startswith("http") for photo in house["photos"])
    collection = json.loads(text(storage, MONDAY, "listings.geojson", tmp_path))
    assert collection["license"].startswith("https://www.digital.go.jp/")
    assert "出典" in collection["attribution"]
    assert [records.feature(line) for line in lines] == collection["features"]
    table = text(storage, MONDAY, "listings.csv", tmp_path)
    assert table.startswith("\ufeff全国地方公共団体コード,ID,地方公共団体名,名称,")
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert {"緯度", "経度", "備考", "出典"} <= rows[0].keys()
    assert {row["ID"] for row in rows} == {str(line["id"]) for line in lines}
    assert next(row for row in rows if row["ID"] == str(homes["shop"]))["種別"] == "店舗・事業用"
    dictionary = list(csv.reader(io.StringIO(text(storage, MONDAY, "dictionary.csv", tmp_path).removeprefix("\ufeff"))))
    assert [row[0] for row in dictionary[1:]] == list(house)
    assert [row[1] for row in dictionary[1:]] == list(rows[0])
    assert "公共データ利用規約" in text(storage, MONDAY, "licence.txt", tmp_path)
    assert make(storage, SITE, MONDAY) is None


def test_the_changes_since_the_snapshot_before_are_told(
    inside, people, storage: Storage, homes, tmp_path: Path
) -> None:
    aoi = factories.staff(people["aoi"])
    make(storage, SITE, MONDAY)
    assert changes(storage, MONDAY, tmp_path)["since"] is None
    new = factories.listing(people["aoi"], number="9")
    service.update(aoi, homes["house"], None, {"price": 3_000_000, "owner_name": "持主 太郎"})
    lifecycle.close(factories.staff(people["sora"]), homes["shop"], Status.WITHDRAWN, None, {"reason": "所有者の都合"})
    made = make(storage, SITE, MONDAY + 2 * DAY)
    assert (made.listings, made.added, made.changed, made.removed) == (2, 1, 1, 1)
    told = changes(storage, made.day, tmp_path)
    assert (told["day"], told["since"]) == ("2026-06-03", "2026-06-01")
    assert (told["added"], told["removed"]) == ([new], [homes["shop"]])
    (changed,) = told["changed"]
    assert (changed["id"], changed["fields"]["price"]) == (homes["house"], [4_800_000, 3_000_000])
    # A private field changes the time of the last save, but not the open data.
    service.update(aoi, homes["house"], None, {"owner_name": "持主 次郎"})
    with transaction() as session:
        session.get(Listing, homes["house"]).updated_at = now() + DAY
    made = make(storage, SITE, MONDAY + 3 * DAY)
    assert (made.added, made.changed, made.removed) == (0, 0, 0)


def test_where_files_were_taken_away_the_next_snapshot_begins_anew(
    inside, storage: Storage, homes, tmp_path: Path
) -> None:
    storage.delete(make(storage, SITE, MONDAY).key)
    assert make(storage, SITE, MONDAY + DAY).added == 2
    assert changes(storage, MONDAY + DAY, tmp_path)["since"] is None


def test_a_snapshot_with_what_should_not_be_public_is_taken_back(inside, storage: Storage, homes) -> None:
    make(storage, SITE, MONDAY)
    kept = make(storage, SITE, MONDAY + DAY)
    remove(storage, MONDAY)
    assert [snapshot.id for snapshot in search.snapshots()] == [kept.id]
    assert {key.split("/")[2] for key in storage.keys("public/opendata")} == {str(kept.day)}
    with pytest.raises(NotFound):
        remove(storage, MONDAY)


def test_thirty_five_days_and_the_first_of_each_month_are_kept() -> None:
    days = [date(2026, 1, 5) + n * DAY for n in range(200)]
    today = days[-1]
    kept = to_keep(days, today)
    assert sorted(kept)[:6] == [date(2026, 1, 5), *[date(2026, month, 1) for month in range(2, 7)]]
    assert {today - n * DAY for n in range(35)} <= kept
    assert today - 35 * DAY not in kept


def test_what_is_not_kept_is_deleted_with_its_files(inside, storage: Storage, homes) -> None:
    for day in (MONDAY, MONDAY + DAY, MONDAY + 40 * DAY):
        make(storage, SITE, day)
    assert [snapshot.day for snapshot in search.snapshots()] == [MONDAY + 40 * DAY, MONDAY]
    assert {key.split("/")[2] for key in storage.keys("public/opendata")} == {"2026-06-01", "2026-07-11"}


def test_a_snapshot_is_made_once_a_day_after_eight(inside, storage: Storage, homes) -> None:
    daily = DailySnapshot(storage, SITE)
    seven, eight = (datetime(2026, 6, 1, hour - 9 + 24, tzinfo=UTC) - DAY for hour in (7, 8))
    assert not daily.look(seven)
    assert daily.look(eight)
    assert not daily.look(eight)
    assert not DailySnapshot(storage, SITE).look(eight + timedelta(hours=3))
    assert daily.look(eight + DAY)
    assert db.session.query(Snapshot).count() == 2


def test_pruning_leaves_snapshots_alone_and_misses_their_files(inside, storage: Storage, homes) -> None:
    made = make(storage, SITE, MONDAY)
    compared = media.compare(storage, now() + DAY)
    assert not [file.key for file in compared.orphans if file.key.startswith(made.key)]
    assert not [named for named, _names in compared.missing if named.key == made.key]
    storage.delete(f"{made.key}/{LINES}")
    (missing,) = [names for named, names in media.compare(storage, now() + DAY).missing if named.key == made.key]
    assert missing == [f"{made.key}/{LINES}"]


def test_the_page_tells_people_everything(visit: Browser, app: Flask, homes) -> None:
    before = visit.get("/opendata/")
    assert "まだありません" in before.text
    with app.app_context():
        make(app.extensions["akiya_storage"], SITE, MONDAY)
    for prefix, words in (("", "公共データ利用規約"), ("/en", "Public Data License")):
        page = visit.get(f"{prefix}/opendata/")
        assert words in page.text
        assert "price_demolished" in page.text
        assert "http://localhost" in page.text
        for name in FILES:
            assert visit.status(f"/media/opendata/2026-06-01/{name}") == 200
            assert f"/media/opendata/2026-06-01/{name}" in page.links
        for link in page.links:
            if link.startswith((f"{prefix}/opendata/", f"{prefix}/api/")):
                assert visit.status(link) == 200, link
    assert "/opendata/" in visit.get("/listings/").links
    with visit.client.get("/media/opendata/2026-06-01/listings.geojson") as file:
        assert file.mimetype == "application/geo+json"


def test_the_data_of_now_are_given_in_every_form(visit: Browser, homes) -> None:
    table = visit.client.get("/opendata/listings.csv")
    assert table.data == visit.client.get("/listings.csv").data
    assert 'rel="license"' in table.headers["Link"]
    same = visit.client.get("/opendata/listings.csv", headers={"If-None-Match": table.headers["ETag"]})
    assert same.status_code == 304
    lines = [json.loads(line) for line in visit.client.get("/opendata/listings.jsonl").data.splitlines()]
    collection = visit.client.get("/opendata/listings.geojson").get_json()
    assert [records.feature(line) for line in lines] == collection["features"]
    assert (
        visit.client.get("/en/opendata/listings.csv")
        .get_data(as_text=True)
        .startswith("\ufeffLocal government code,ID,")
    )
    visit.get("/opendata/listings.xlsx", 404)


def test_imported_homes_name_their_source(visit: Browser, app: Flask, homes) -> None:
    with app.app_context(), transaction() as session:
        session.get(Listing, homes["shop"]).source_file = "listed.csv"
    lines = {row["id"]: row for row in map(json.loads, visit.client.get("/opendata/listings.jsonl").data.splitlines())}
    assert "国土交通省 Project LINKS" in lines[homes["shop"]]["attribution"]
    assert lines[homes["house"]]["attribution"] is None


def test_the_catalogue_says_what_there_is(visit: Browser, app: Flask, homes) -> None:
    with app.app_context():
        make(app.extensions["akiya_storage"], SITE, MONDAY)
    answer = visit.client.get("/opendata/catalogue.jsonld")
    assert answer.mimetype == "application/ld+json"
    told = answer.get_json(force=True)
    (dataset,) = told["dcat:dataset"]
    assert told["dct:publisher"]["foaf:name"][0]["@value"] == "熊本県空き家バンク"
    assert dataset["dct:license"]["@id"].startswith("https://www.digital.go.jp/")
    assert dataset["dct:modified"]["@value"]
    for distribution in dataset["dcat:distribution"]:
        address = distribution.get("dcat:downloadURL", distribution["dcat:accessURL"])["@id"]
        assert visit.status(address.removeprefix("http://localhost")) == 200
    (version,) = dataset["dcat:hasVersion"]
    for distribution in version["dcat:distribution"]:
        assert visit.status(distribution["dcat:downloadURL"]["@id"].removeprefix("http://localhost")) == 200

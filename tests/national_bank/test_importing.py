"""Importing the national bank's files: counted, repeatable, in batches, and nothing lost."""

import csv
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from akiya.db import db
from akiya.errors import Invalid
from akiya.listings import search, service
from akiya.listings.enums import Precision, Status
from akiya.listings.models import Closing, Event, Listing, PrivateRecord
from akiya.municipalities import service as municipalities
from akiya.municipalities.models import Municipality, Town
from akiya.national_bank import importing
from tests import factories
from tests.national_bank.test_file_format import BASE, CLOSED_HEADER, LISTED_HEADER
from tests.waiting import until

pytestmark = pytest.mark.engines

DAY = date(2025, 3, 31)


def write(path: Path, header: list[str], rows: list[dict[str, str]], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, header, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**BASE, **row} for row in rows)
    return path


def some(count: int, **cells: str) -> list[dict[str, str]]:
    return [
        {"PROPERTY_NUMBER_ID": f"N{n}", "ID": f"N{n}", "AMOUNT/RENT": str(1_000_000 + n), **cells} for n in range(count)
    ]


def take(path: Path, prefecture: str = "熊本県", **more):
    return importing.import_listings(path, as_of=DAY, prefecture=prefecture, **more)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_is_taken_in_whatever_its_encoding_and_twice_changes_nothing(
    app: Flask, tmp_path: Path, encoding: str
) -> None:
    path = write(tmp_path / "f.csv", LISTED_HEADER, some(7, STRONG_POINTS="一行目\n二行目、,「引用」"), encoding)
    with app.app_context():
        report = take(path)
        assert (report.new, report.changed, report.refused) == (7, 0, [])
        home = db.session.scalar(db.select(Listing).where(Listing.number == "N3"))
        assert (home.status, home.published_on, home.price) == (Status.OPEN, DAY, 1_000_003)
        assert home.appeal == "一行目\n二行目、,「引用」"
        assert (home.precision, home.source_row) == (Precision.OFFICE, 5)
        assert db.session.query(PrivateRecord).count() == 7
        events = db.session.query(Event).count()
        version = home.version
        again = take(path)
        assert (again.new, again.changed, again.unchanged) == (0, 0, 7)
        db.session.expire_all()
        assert db.session.query(Event).count() == events
        assert db.session.scalar(db.select(Listing.version).where(Listing.number == "N3")) == version


def test_a_change_is_taken_over_and_recorded(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        take(write(tmp_path / "a.csv", LISTED_HEADER, some(3)))
        report = take(write(tmp_path / "b.csv", LISTED_HEADER, [{**some(1)[0], "AMOUNT/RENT": "900000"}, *some(3)[1:]]))
        assert (report.changed, report.unchanged) == (1, 2)
        home = db.session.scalar(db.select(Listing).where(Listing.number == "N0"))
        assert home.price == 900_000
        assert search.events(home.id)[0].changes == {"price": [1_000_000, 900_000]}


def test_what_staff_wrote_by_hand_stays(app: Flask, people, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", LISTED_HEADER, some(1))
    with app.app_context():
        take(path)
        home = db.session.scalar(db.select(Listing))
        service.update(
            factories.staff(people["hana"]), home.id, None, {"title": "海の見える家", "pets": True, "remarks": "犬だけ"}
        )
        assert take(path).unchanged == 1
        home = db.session.scalar(db.select(Listing))
        assert (home.title, home.pets, home.remarks) == ("海の見える家", True, "犬だけ")


def test_bad_rows_are_reported_and_the_good_ones_taken(app: Flask, tmp_path: Path) -> None:
    rows = [*some(2), {"PROPERTY_NUMBER_ID": "X", "CITY": "存在しない町"}, {"PROPERTY_NUMBER_ID": "Y", "PROPERTY_CATEGORY": "交換"},
            {"PROPERTY_NUMBER_ID": "Z", "AMOUNT/RENT": "たかい"}, {"PROPERTY_NUMBER_ID": "O", "PREFECTURE": "大分県", "CITY": "大分市"},
            some(1)[0]]  # fmt: skip
    path = write(tmp_path / "f.csv", LISTED_HEADER, rows)
    with app.app_context():
        report = take(path)
        assert (report.new, report.skipped.total()) == (3, 1)
        assert [(r.row, r.column) for r in report.refused] == [
            (4, "CITY"),
            (5, "PROPERTY_CATEGORY"),
            (8, "PROPERTY_NUMBER_ID"),
        ]
        assert [(r.row, r.column, r.value) for r in report.partial] == [(6, "AMOUNT/RENT", "たかい")]
        assert report.rows == len(rows)
        report.write(tmp_path / "report.csv")
    lines = list(csv.reader((tmp_path / "report.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert lines[1][:4] == ["行を取り込まない", "4", "CITY", "熊本県存在しない町"]


def test_a_dry_run_tells_the_same_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", LISTED_HEADER, some(5))
    with app.app_context():
        assert take(path, dry_run=True).new == 5
        assert db.session.query(Listing).count() == 0
        assert take(path).new == 5


def test_counties_and_wards_belong_to_their_municipality(app: Flask, tmp_path: Path) -> None:
    rows = [
        {**row, "CITY": city}
        for row, city in zip(some(3), ("球磨郡湯前町", "熊本市中央区", "上益城郡山都町"), strict=True)
    ]
    with app.app_context():
        assert take(write(tmp_path / "f.csv", LISTED_HEADER, rows)).new == 3
        names = db.session.scalars(
            db.select(Municipality.name).join(Listing, Listing.municipality_code == Municipality.code)
        )
        assert set(names) == {"湯前町", "熊本市", "山都町"}


def test_a_town_named_in_the_text_places_the_home(app: Flask, tmp_path: Path) -> None:
    rows = [{**some(1)[0], "STRONG_POINTS": "荒尾市大字万田の閑静な家"}]
    with app.app_context():
        db.session.add(Town(municipality_code="43204", name="万田", lon=130.45, lat=32.98))
        db.session.commit()
        take(write(tmp_path / "f.csv", LISTED_HEADER, rows))
        home = db.session.scalar(db.select(Listing))
        assert (home.precision, home.town, home.lon) == (Precision.TOWN, "万田", 130.45)


def test_the_closed_file_closes_and_adds_and_erases_nothing(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        take(write(tmp_path / "a.csv", LISTED_HEADER, some(2, LAYOUT="5DK", WATER_SUPPLY="公営")))
        rows = [{**some(1)[0], "CONTRACT_INFO_DATE": "02/24/25", "NUMBER_OF_ROOMS": "5"}, {"ID": "new"}]
        closed = write(tmp_path / "b.csv", CLOSED_HEADER, rows)
        report = take(closed)
        assert (report.closed, report.new) == (1, 1)
        home = db.session.scalar(db.select(Listing).where(Listing.number == "N0"))
        assert (home.status, home.closed_on, home.layout, str(home.water)) == (
            Status.CONTRACTED,
            date(2025, 2, 24),
            "5DK",
            "public",
        )
        assert home.closing.contracted_on == date(2025, 2, 24)
        added = db.session.scalar(db.select(Listing).where(Listing.number == "new"))
        assert (added.status, added.closed_on, added.closing.contracted_on) == (Status.CONTRACTED, DAY, None)
        assert take(closed).unchanged == 2
        relisted = take(write(tmp_path / "a.csv", LISTED_HEADER, some(2, LAYOUT="5DK", WATER_SUPPLY="公営")))
        assert (relisted.unchanged, relisted.skipped.total()) == (1, 1)
        later = take(write(tmp_path / "c.csv", CLOSED_HEADER, [{"ID": "new", "CONTRACT_INFO_DATE": "03/01/25"}]))
        assert later.changed == 1
        db.session.expire_all()
        assert db.session.get(Closing, added.id).contracted_on == date(2025, 3, 1)


def test_a_file_of_neither_format_is_refused(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    for content in (b"a,b\n1,2\n", b"", b"\xff\xfe\x00\x81"):
        path.write_bytes(content)
        with app.app_context(), pytest.raises(Invalid, match=r"x\.csv"):
            take(path)


@pytest.mark.slow
def test_a_killed_import_leaves_whole_batches_and_is_finished_by_the_next(app: Flask, tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", LISTED_HEADER, some(2000))
    config = app.config["AKIYA"]
    environment = {
        **os.environ,
        "AKIYA_DATA": str(config.data),
        "DATABASE_URL": config.database_url.replace("+psycopg", ""),
    }
    third_batch = [sys.executable, "-m", "tests.parked", "akiya.national_bank.importing", "_apply", "3"]
    command = [*third_batch, "listings", "import", path, "--as-of", "2025-03-31"]

    def stored() -> int:
        with app.app_context():
            return db.session.query(Listing).count()

    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: stored() == 2 * importing.BATCH)  # the third batch is being written and is never committed
    finally:
        process.kill()
        process.wait()
    with app.app_context():
        assert stored() == 2 * importing.BATCH
        assert db.session.query(Event).count() == db.session.query(PrivateRecord).count() == 2 * importing.BATCH
        report = take(path)
        assert (report.new, report.unchanged) == (2000 - 2 * importing.BATCH, 2 * importing.BATCH)


@pytest.mark.slow
def test_all_of_kyushu_is_taken_in_and_closed(app: Flask, shared: Path) -> None:
    files = shared / "data/akiya-listings"
    with app.app_context():
        municipalities.import_municipalities(shared / "data/japan/municipalities.csv", "all")
        report = take(files / "registered_kyushu.csv", "all")
        assert report.new + len(report.refused) == report.rows == 1200
        assert report.refused == []
        closed = take(files / "contracted_kyushu.csv", "all")
        assert closed.new + closed.closed == 396
        assert db.session.query(Listing).filter(Listing.status == Status.OPEN).count() == 1200 - closed.closed

"""Importing the national bank's file of a later year: old file, new file and home are compared by field."""

import csv
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from akiya.db import db
from akiya.listings import search, service
from akiya.listings.enums import Status
from akiya.listings.models import Event, Listing
from akiya.municipalities import service as municipalities
from tests import factories
from tests.national_bank.test_file_format import CLOSED_HEADER, LISTED_HEADER
from tests.national_bank.test_importing import some, take, write

pytestmark = pytest.mark.engines


def home(number: str = "N0") -> Listing:
    db.session.expire_all()
    return db.session.scalars(db.select(Listing).where(Listing.number == number)).one()


def yearly(folder: Path, *rows: dict[str, str], name: str = "file.csv") -> Path:
    return write(folder / name, LISTED_HEADER, list(rows))


@pytest.fixture
def taken(app: Flask, people: dict[str, int], tmp_path: Path) -> Any:
    """Import last year's file with three homes; yield a function that changes a home as a clerk does.

    An application context is active.
    """

    def clerk(number: str = "N0", **values: Any) -> None:
        service.update(factories.staff(people["hana"]), home(number).id, None, values)

    with app.app_context():
        take(yearly(tmp_path, *some(3, WATER_SUPPLY="公営", STRONG_POINTS="静かな家")))
        yield clerk


def test_what_only_the_file_changed_is_taken(taken: Any, tmp_path: Path) -> None:
    rows = some(3, WATER_SUPPLY="公営", STRONG_POINTS="静かな家")
    path = yearly(tmp_path, {**rows[0], "AMOUNT/RENT": "900000"}, *rows[1:], *some(4)[3:])
    report = take(path)
    assert (report.new, report.changed, report.unchanged, report.gone) == (1, 1, 2, [])
    assert home().price == 900_000
    [told] = report.updates
    assert (told.row, told.column, told.home, told.field) == (2, "AMOUNT/RENT", "荒尾市 N0", "売買価格")
    assert (told.before, told.says) == ("1,000,000円", "900,000円")


def test_what_only_the_clerk_changed_stays_and_asks_nothing(taken: Any, tmp_path: Path) -> None:
    taken(price=500_000, appeal="")
    report = take(yearly(tmp_path, *some(3, WATER_SUPPLY="公営", STRONG_POINTS="静かな家")))
    assert (report.changed, report.by_hand, report.differences) == (0, 2, [])
    assert (home().price, home().appeal) == (500_000, "")


def test_what_both_changed_stays_the_clerks_and_is_told_with_its_cell(taken: Any, tmp_path: Path) -> None:
    taken(price=500_000, pets=True)
    rows = some(3, WATER_SUPPLY="井戸", STRONG_POINTS="静かな家")
    path = yearly(tmp_path, rows[1], {**rows[0], "AMOUNT/RENT": "900000"}, rows[2])
    for dry_run in (True, False, False):
        report = take(path, dry_run=dry_run)
        [told] = report.differences
        assert (told.row, told.column, told.field) == (3, "AMOUNT/RENT", "売買価格")
        assert (told.before, told.says, told.held) == ("1,000,000円", "900,000円", "500,000円")
        assert any("3行目 AMOUNT/RENT 荒尾市 N0 売買価格" in line for line in report.lines())
        assert home().price == 500_000
    assert str(home().water) == "well", "the other fields of the home are imported"
    assert not report.updates, "the second time nothing is left to import"
    report.write(tmp_path / "report.csv")
    lines = list(csv.DictReader((tmp_path / "report.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(line["行"], line["列"], line["値"], line["登録されている値"]) for line in lines] == [
        ("3", "AMOUNT/RENT", "900,000円", "500,000円")
    ]
    assert "--take-file" in lines[0]["理由"]


def test_both_changed_to_the_same_is_no_difference(taken: Any, tmp_path: Path) -> None:
    taken(price=900_000)
    rows = some(3, WATER_SUPPLY="公営", STRONG_POINTS="静かな家")
    report = take(yearly(tmp_path, {**rows[0], "AMOUNT/RENT": "900000"}, *rows[1:]))
    assert (report.changed, report.by_hand, report.differences) == (0, 0, [])


def test_the_file_is_taken_where_that_was_decided_and_only_there(taken: Any, tmp_path: Path) -> None:
    taken(price=500_000, appeal="縁側のある家")
    rows = some(3, WATER_SUPPLY="公営", STRONG_POINTS="静かな家")
    path = yearly(tmp_path, {**rows[0], "AMOUNT/RENT": "900000"}, *rows[1:])
    assert take(path, decide="file").changed == 1
    assert (home().price, home().appeal) == (900_000, "縁側のある家"), "the file's text is that of last year"
    assert search.events(home().id)[0].changes == {"price": [500_000, 900_000]}
    again = take(path)
    assert (again.changed, again.differences) == (0, [])


def test_staffs_value_stays_where_that_was_decided_until_the_file_says_something_new(
    taken: Any, tmp_path: Path
) -> None:
    taken(price=500_000)
    rows = some(3, WATER_SUPPLY="公営", STRONG_POINTS="静かな家")
    path = yearly(tmp_path, {**rows[0], "AMOUNT/RENT": "900000"}, *rows[1:])
    assert take(path, decide="ours", dry_run=True).differences == []
    assert len(take(path).differences) == 1, "a dry run decides nothing"
    decided = take(path, decide="ours")
    assert (decided.changed, decided.by_hand, decided.differences) == (0, 1, [])
    assert search.events(home().id)[0].changes == {"price": [900_000, 500_000]}
    events = db.session.query(Event).count()
    again = take(path)
    assert (home().price, again.by_hand, again.differences) == (500_000, 1, [])
    assert db.session.query(Event).count() == events
    [told] = take(yearly(tmp_path, {**rows[0], "AMOUNT/RENT": "800000"}, *rows[1:])).differences
    assert (told.before, told.says) == ("900,000円", "800,000円")


def test_a_date_and_how_exact_it_is_are_decided_together(taken: Any, tmp_path: Path) -> None:
    rows = some(3, WATER_SUPPLY="公営", STRONG_POINTS="静かな家")
    take(yearly(tmp_path, {**rows[0], "DATE_OF_CONSTRUCTION": "1980/01/01"}, *rows[1:]))
    taken(built_on=home().built_on.replace(year=1981))
    path = yearly(tmp_path, {**rows[0], "DATE_OF_CONSTRUCTION": "1975/06/20"}, *rows[1:])
    assert [told.column for told in take(path).differences] == ["DATE_OF_CONSTRUCTION"]
    assert str(home().built_precision) == "year"
    take(path, decide="file")
    assert (home().built_on.isoformat(), str(home().built_precision)) == ("1975-06-20", "day")


def test_homes_that_the_file_no_longer_has_are_told_and_stay(
    taken: Any, people: dict[str, int], tmp_path: Path
) -> None:
    factories.listing(people["sora"], factories.B, number="our own")
    take(write(tmp_path / "closed.csv", CLOSED_HEADER, [{"ID": "N1"}]))
    rows = some(3, WATER_SUPPLY="公営", STRONG_POINTS="静かな家")
    report = take(yearly(tmp_path, rows[0]))
    assert report.gone == ["荒尾市 N2"], "neither the closed home nor the home that was never in a file"
    assert home("N2").status is Status.OPEN
    assert any("ファイルにない物件：荒尾市 N2" in line for line in report.lines())
    refused = take(yearly(tmp_path, rows[0], {**rows[2], "PROPERTY_CATEGORY": "交換"}))
    assert refused.gone == [], "a row that is refused is in the file"
    assert take(yearly(tmp_path, {**rows[0], "PREFECTURE": "大分県", "CITY": "大分市"})).gone == []


@pytest.mark.slow
def test_the_real_files_twice_change_nothing_and_ask_nothing(app: Flask, shared: Path) -> None:
    with app.app_context():
        municipalities.import_municipalities(shared / "data/japan/municipalities.csv", "all")
        files = [shared / f"data/akiya-listings/{name}_kyushu.csv" for name in ("registered", "contracted")]
        for path in files:
            take(path, "all")
        events = db.session.query(Event).count()
        for path in files:
            again = take(path, "all")
            assert (again.new, again.changed, again.closed, again.by_hand) == (0, 0, 0, 0)
            assert (again.updates, again.differences, again.gone) == ([], [], [])
        assert db.session.query(Event).count() == events

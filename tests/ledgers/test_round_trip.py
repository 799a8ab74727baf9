"""Importing an exported ledger changes nothing; changed cells are imported, and undone in one step."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from akiya.db import db, transaction
from akiya.ledgers.models import Phase
from akiya.listings import lifecycle, search, service
from akiya.listings.enums import DatePrecision, Gas, Status, Structure, Water
from akiya.listings.events import EventKind
from akiya.listings.models import Event, Listing
from akiya.national_bank import importing
from tests import factories
from tests.factories import A, B
from tests.ledgers import ledger

pytestmark = [pytest.mark.engines, pytest.mark.slow]

AWKWARD: dict[str, Any] = {
    "number": "=1+1", "title": "@山 +海 -空 '=x", "town": "内牧", "appeal": "一行目\r\n二行目\x0b _x0041_ 𠮷 🏠 \u202e", "remarks": "'=SUM(A1)",
    "conditions": "-", "layout": "0012", "built_on": date(1978, 1, 1), "built_precision": DatePrecision.YEAR, "floor_area": 121.27,
    "land_area": 317.123, "price": 4_805_500, "rent": 45_000, "is_rent": True, "station_m": 641, "coverage_ratio": 60, "road_width": 4.2,
    "structure": Structure.WOOD, "water": Water.PUBLIC, "gas": Gas.LP, "pets": False, "garden": True, "vacant_since": date(2019, 1, 1),
    "true_lon": 131.043217, "true_lat": 32.95123400000001, "owner_name": "+81 持主", "lot_number": "976番地1", "consent_on": date(2025, 4, 1),
    "handover_on": date(1871, 3, 4), "notes": "なし", "parking": True, "parking_spaces": 2, "common_fee": 0,
}  # fmt: skip


@pytest.fixture
def homes(app: Flask, people) -> None:
    with app.app_context():
        for n in range(25):
            factories.listing(people["aoi"], number=f"空き家第{n}号", built_on=date(1970 + n, 5, 1 + n), built_precision=DatePrecision(("year", "month", "day")[n % 3]) if n else None,
                              floor_area=80.5 + n, price=1_000_000 * (n + 1), status=(Status.OPEN, Status.DRAFT, Status.CONTRACTED)[n % 3])  # fmt: skip
        factories.listing(people["aoi"], **AWKWARD)
        factories.listing(people["aoi"], number="'-0", title="", town="鹿本町123", remarks="a\tb")
        factories.listing(people["sora"], B, number="空き家第1号")


@pytest.mark.parametrize("name", ["l.xlsx", "l.csv"])
def test_an_export_is_taken_in_without_a_change(app: Flask, homes, tmp_path: Path, name: str) -> None:
    with app.app_context():
        taken = ledger.send(app, "aoi", ledger.save(tmp_path / name))
        assert ledger.found(taken).phase is Phase.CHECKED, ledger.found(taken).problem
        assert [
            (row.number, row.changes, row.problems) for row in ledger.rows(taken) if row.outcome != "unchanged"
        ] == []
        assert ledger.counts(taken) == {"unchanged": 27}


@pytest.mark.parametrize("name", ["l.xlsx", "l.csv"])
def test_a_municipalitys_own_columns_and_units_come_back_too(app: Flask, homes, tmp_path: Path, name: str) -> None:
    own = [["管理No.", "number"], ["所在", "town"], ["印", ""], ["希望価格（万円）", "price"], ["床面積（坪）", "floor_area"],
           ["駅徒歩（分）", "station_m"], ["取引", "deal"], ["築年", "built_on"], ["所有者", "owner_name"]]  # fmt: skip
    with app.app_context():
        taken = ledger.send(app, "aoi", ledger.save(tmp_path / name, columns=own))
        assert ledger.found(taken).columns == own
        assert ledger.counts(taken) == {"unchanged": 27}


CHANGES: dict[tuple[str, str], Any] = {
    ("空き家第0号", "売買価格（円）"): 990_000, ("空き家第1号", "売買価格（円）"): "250万円", ("空き家第2号", "賃料（円）"): "4万5千円",
    ("空き家第3号", "延床面積（m²）"): "36坪", ("空き家第4号", "建築年月"): "昭和53年", ("空き家第5号", "建築年月"): date(1988, 7, 9),
    ("空き家第6号", "間取り"): "5DK", ("空き家第7号", "水道"): "井戸水", ("空き家第8号", "ガス"): "LPG", ("空き家第9号", "排水"): "合併浄化槽",
    ("空き家第10号", "構造"): "木造瓦葺2階建", ("空き家第11号", "ペット"): "可", ("空き家第12号", "庭"): "無", ("空き家第13号", "駅まで（m）"): "徒歩8分",
    ("空き家第14号", "紹介文"): "日当たりのよい家\n犬と", ("空き家第15号", "所有者の氏名（非公開）"): "カナリア持主", ("空き家第16号", "町・字"): "一の宮町宮地",
    ("空き家第17号", "建ぺい率（%）"): 60, ("空き家第18号", "見出し"): "@山の家", ("空き家第19号", "洪水"): "区域外",
}  # fmt: skip


def test_twenty_changed_cells_are_twenty_changes_and_one_step_takes_them_back(
    app: Flask, homes, people, tmp_path: Path
) -> None:
    with app.app_context():
        before = ledger.homes()
        path = ledger.save(tmp_path / "l.xlsx")
        ledger.set_cells(path, CHANGES)
        taken = ledger.send(app, "aoi", path)
        assert ledger.problems(taken) == []
        assert ledger.counts(taken) == {"changed": 20, "unchanged": 7}
        assert ledger.homes() == before
        ledger.do(app, "aoi", taken)
        assert ledger.found(taken).phase is Phase.APPLIED
        after = ledger.homes()
        changed = {
            number: {name for name in home if home[name] != before[number][name]} for number, home in after.items()
        }
        assert sum(bool(names) for names in changed.values()) == 20
        assert after[f"{A} 空き家第3号"]["floor_area"] == pytest.approx(119.01)
        assert after[f"{A} 空き家第13号"]["station_m"] == 640
        assert "カナリア" not in after[f"{A} 空き家第15号"]["search_text"]
        assert after[f"{A} 空き家第14号"]["search_text"].count("日当たりのよい家") == 1
        assert after[f"{A} 空き家第12号"]["features"] == before[f"{A} 空き家第12号"]["features"]
        events = db.session.scalars(db.select(Event).where(Event.action == EventKind.LEDGER)).all()
        assert len(events) == 20
        assert {(event.actor, event.staff_id) for event in events} == {("あおい", people["aoi"])}
        home = db.session.scalar(
            db.select(Listing).where(Listing.number == "空き家第1号", Listing.municipality_code == A)
        )
        assert search.events(home.id)[0].changes == {"price": [2_000_000, 2_500_000]}
        assert home.version == 2
        ledger.undo(app, "aoi", taken)
        assert ledger.found(taken).phase is Phase.UNDONE
        assert ledger.homes() == before
        assert db.session.query(Event).filter(Event.action == EventKind.LEDGER_UNDONE).count() == 20


def test_what_somebody_changed_since_stays_and_is_listed(app: Flask, homes, people, tmp_path: Path) -> None:
    with app.app_context():
        path = ledger.xlsx(tmp_path / "l.xlsx", [["番号", "売買価格", "間取り"], ["空き家第0号", 111, "1K"], ["空き家第1号", 222, "2K"],
                                                 ["新1", 333, "3K"], ["新2", 444, "4K"], ["新3", 555, "5K"]])  # fmt: skip
        taken = ledger.send(app, "aoi", path)
        ledger.do(app, "aoi", taken)
        ids = {home.number: home.id for home in db.session.scalars(db.select(Listing))}
        aoi = factories.staff(people["aoi"])
        service.update(aoi, ids["空き家第0号"], None, {"price": 999})
        service.update(aoi, ids["新2"], None, {"title": "よい家"})
        service.update(aoi, ids["新3"], None, {"town": "内牧"})
        lifecycle.move(aoi, ids["新3"], Status.OPEN)
        ledger.undo(app, "aoi", taken)
        numbers = {
            home.number: home for home in db.session.scalars(db.select(Listing).where(Listing.municipality_code == A))
        }
        assert (numbers["空き家第0号"].price, numbers["空き家第0号"].layout) == (999, "")
        assert numbers["空き家第1号"].price == 2_000_000
        assert {"新1", "新2", "新3"} & numbers.keys() == {"新2", "新3"}
        told = {row.number: row.problems[0][3] for row in ledger.rows(taken) if row.problems}
        assert "戻していません（今は「999」）" in told["空き家第0号"]
        assert "変更された" in told["新2"]
        assert "公開された" in told["新3"]


def test_an_open_home_that_lacked_its_price_lacks_it_again(app: Flask, people, tmp_path: Path) -> None:
    with app.app_context():
        for number in ("前から公開", "あとで公開"):
            factories.listing(people["aoi"], number=number, price=None, status=Status.DRAFT)
        with transaction():
            home = db.session.scalar(db.select(Listing).where(Listing.number == "前から公開"))
            home.status = Status.OPEN  # like homes that were imported from the national bank's file
        before = ledger.homes()
        path = ledger.xlsx(
            tmp_path / "l.xlsx", [["番号", "売買価格"], ["前から公開", 4_800_000], ["あとで公開", 5_000_000]]
        )
        taken = ledger.send(app, "aoi", path)
        ledger.do(app, "aoi", taken)
        later = db.session.scalar(db.select(Listing.id).where(Listing.number == "あとで公開"))
        lifecycle.move(factories.staff(people["aoi"]), later, Status.OPEN)
        ledger.undo(app, "aoi", taken)
        after = ledger.homes()
        assert after[f"{A} 前から公開"] == before[f"{A} 前から公開"]
        assert after[f"{A} あとで公開"]["price"] == 5_000_000
        (told,) = [row for row in ledger.rows(taken) if row.problems]
        assert (told.number, "売買価格" in told.problems[0][3]) == ("あとで公開", True)


def test_the_real_homes_of_kumamoto(app: Flask, people, shared: Path, tmp_path: Path) -> None:
    with app.app_context():
        importing.import_listings(
            shared / "data/akiya-listings/registered_kyushu.csv", as_of=date(2025, 3, 31), prefecture="熊本県"
        )
        before = ledger.homes()
        assert len(before) == 117
        path = ledger.save(tmp_path / "l.xlsx", None)
        # Municipalities number their homes independently: a number that occurs once identifies its home.
        counted = Counter(key.split(" ", 1)[1] for key in before)
        numbers = sorted(
            home["number"]
            for home in before.values()
            if counted[home["number"]] == 1 and home["water"] is not Water.WELL
        )[:20]
        values = {
            "売買価格（円）": 1_234_567,
            "間取り": "9DK",
            "内部メモ（非公開）": "カナリア",
            "水道": "井戸",
            "町・字": "どこか",
        }
        columns = list(values) * 4
        ledger.set_cells(
            path, {(number, column): values[column] for number, column in zip(numbers, columns, strict=True)}
        )
        taken = ledger.send(app, "hana", path, None)
        assert ledger.found(taken).problem == ""
        assert (ledger.counts(taken), ledger.problems(taken)) == ({"changed": 20, "unchanged": 97}, [])
        ledger.do(app, "hana", taken)
        events = db.session.scalars(db.select(Event).where(Event.action == EventKind.LEDGER)).all()
        assert sum(len(event.changes) for event in events) == len(events) == 20
        ledger.undo(app, "hana", taken)
        assert ledger.homes() == before
        again = ledger.send(app, "hana", ledger.save(tmp_path / "l.csv", None), None)
        assert ledger.counts(again) == {"unchanged": 117}

"""Reports R2 to R7, and closed months."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from akiya.db import db, today, transaction
from akiya.errors import Invalid, NotAllowed
from akiya.inquiries.models import InquiryKind
from akiya.listings import lifecycle
from akiya.listings.enums import Deal, PropertyKind, Status, Use
from akiya.listings.models import Closing, Listing
from akiya.national_bank import importing
from akiya.reports import registry, service
from akiya.reports import scope as scopes
from akiya.reports.exporters import workbook
from akiya.reports.models import ClosedMonth
from akiya.reports.monthly import counting
from akiya.reports.periods import next_month, of_fiscal_year, period
from akiya.reports.registry import Scope
from akiya.reports.table import Table
from akiya.visits.models import VisitKind
from tests import factories
from tests.pages.browser import Browser
from tests.reports.exporters.test_exporters import saved
from tests.reports.monthly.test_counting import MONTHS, TODAY, make
from tests.reports.monthly.test_counting import life as a_life

LAST_YEAR = of_fiscal_year(2025, TODAY)
FAMILY = {"deal": Deal.SALE, "use": Use.HOME, "household_size": 4, "children": 2, "previous_prefecture": "東京都"}


def tables(key: str, **scope: Any) -> dict[str, Table]:
    asked = Scope(**{"today": TODAY, "period": MONTHS, **scope})
    return {table.key: table for table in registry.make(registry.SORTS[key], asked).tables}


def lines(table: Table) -> list[dict[str, Any]]:
    return [dict(zip([column.key for column in table.columns], row, strict=True)) for row in table.rows]


def contracted(on: date, **closing: Any) -> dict[str, Any]:
    opened = date(2026, 1, 10)
    return a_life((opened, Status.OPEN), (on, Status.CONTRACTED), closing={**FAMILY, **closing})


def test_every_report_says_what_it_is(app: Flask, people, visit: Browser) -> None:
    visit.sign_in("hana")
    page = visit.get("/prefecture/reports/")
    assert [sort.number for sort in registry.SORTS.values()] == [f"R{n}" for n in range(1, 8)]
    for sort in registry.SORTS.values():
        assert sort.definition in page.text
        shown = visit.get(f"/prefecture/reports/{sort.key}")
        with app.app_context():
            for table in registry.make(sort, scopes.scope({}, today(), None)).tables:
                assert all(column.definition in shown.text for column in table.columns)
                _answer, content = saved(visit, f"/prefecture/reports/{sort.key}.csv?table={table.key}")
                head = next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
                assert head == [column.label for column in table.columns]


def test_a_contract_in_the_list(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"], price=4_800_000)
        factories.published_on(home, today() - timedelta(days=9))
        answers = {**FAMILY, "agreed_amount": 4_500_000, "ages": "30代、40代", "subsidy_used": True}
        lifecycle.close(factories.staff(people["aoi"]), home, Status.CONTRACTED, today(), answers)
        factories.listing(people["sora"], factories.B, number="別", status=Status.WITHDRAWN)
        now = {"today": today(), "period": period(today(), today(), today())}
        (row,) = lines(tables("closings", **now)["closings"])
        expected = {
            "number": "空き家第1号", "closed_on": today(), "asked": 4_800_000, "agreed": 4_500_000, "days": 9, "origin": "東京都",
            "people": 4, "ages": "30代、40代", "use": "移住・定住", "deal": "売買", "kind": "住宅", "subsidy": "はい",
            "link": f"/staff/listings/{home}/close",
        }  # fmt: skip
        assert {key: row[key] for key in expected} == expected
        assert row["closed_on_era"].startswith("令和")
        assert lines(tables("closings", **now, municipality=factories.B)["closings"]) == []


def test_a_municipality_sees_its_own_and_nothing_of_others(app: Flask, people, visit: Browser) -> None:
    with app.app_context():
        factories.listing(people["aoi"], number="阿蘇の家", status=Status.CONTRACTED)
        factories.listing(people["sora"], factories.B, number="八代の家", status=Status.CONTRACTED)
        factories.listing(people["sora"], factories.B, number="八代の空き家")
    for who, seen, hidden in (("ren", "阿蘇", "八代"), ("aoi", "阿蘇", "八代"), ("sora", "八代", "阿蘇")):
        visit = Browser(app)
        visit.sign_in(who)
        for key in ("closings", "ledger", "quality"):
            for query in ("", f"?municipality={factories.A}", f"?municipality={factories.B}", "?municipality="):
                text = visit.get(f"/prefecture/reports/{key}{query}").text
                _answer, content = saved(visit, f"/prefecture/reports/{key}.csv{query}")
                assert f"{hidden}の" not in text + content.decode()
        assert f"{seen}の家" in visit.get("/prefecture/reports/closings").text
        for key in ("monthly", "opendata", "origins", "funnel"):
            visit.get(f"/prefecture/reports/{key}", 403)
            visit.get(f"/prefecture/reports/{key}.csv", 403)
            assert f"/prefecture/reports/{key}" not in visit.get("/prefecture/reports/").links
        with app.app_context(), pytest.raises(NotAllowed):
            service.make(factories.staff(people[who]), "closings", Scope(TODAY, MONTHS))


def files(app: Flask, folder: Path) -> tuple[Path, Path]:
    """Save report R3 as the national bank's two files, and return their paths."""
    made = []
    for key in ("listed", "closed"):
        made.append(folder / f"{key}.csv")
        made[-1].write_bytes(b"".join(workbook.csv(tables("ledger")[key], "")))
    return made[0], made[1]


def taken_in(path: Path) -> Any:
    return importing.import_listings(path, as_of=today(), prefecture="all")


def test_the_ledger_is_taken_in_again_without_a_change(app: Flask, people, tmp_path: Path) -> None:
    odd: list[dict[str, Any]] = [
        {"appeal": "-10分で海。\n「庭」,広い", "station": "宮地駅", "station_m": 50},
        {"is_rent": True, "rent": 30_000, "layout": "5DK", "land_area": 300.5, "floor_area": 121.0},
        {"kind": PropertyKind.LAND, "layout": "R", "roads": "1方", "parking": False, "parking_note": "近隣にあり"},
        {"is_sale": False, "is_rent": True, "price": None, "rent": 20_000, "built_on": date(1972, 1, 1), "built_precision": "month"},
        {"built_on": date(1972, 6, 1), "built_precision": "day", "toilet": "flush", "water": "spring", "garden": False},
        {"built_on": date(1972, 6, 15), "built_precision": "day", "zoning": "指定なし", "bath": False, "coverage_ratio": 60},
    ]  # fmt: skip
    with app.app_context():
        for number, values in enumerate(odd):
            factories.listing(people["aoi"], number=f"第{number}号", **values)
            factories.listing(people["aoi"], number=f"成約{number}", status=Status.CONTRACTED, **values)
        before = [dict(row._mapping) for row in db.session.execute(db.select(Listing.__table__).order_by(Listing.id))]
        for path in files(app, tmp_path):
            report = taken_in(path)
            assert (report.unchanged, report.rows, report.refused, report.partial) == (len(odd), len(odd), [], [])
        after = [dict(row._mapping) for row in db.session.execute(db.select(Listing.__table__).order_by(Listing.id))]
        assert after == before
        assert "'-10分で海" in (tmp_path / "listed.csv").read_text()
    with (tmp_path / "listed.csv").open(encoding="utf-8-sig") as file:
        rows = {row["PROPERTY_NUMBER_ID"]: row for row in csv.DictReader(file)}
    # Values that an import would read differently are blank: it takes 50 m for minutes and 1 January for only the year.
    assert (rows["第0号"]["DISTANCE_TO_NEAREST_STATION_ON_FOOT"], rows["第3号"]["DATE_OF_CONSTRUCTION"]) == ("", "")
    assert (rows["第5号"]["DATE_OF_CONSTRUCTION"], rows["第1号"]["LAYOUT"]) == ("1972/6/15", "5DK")


def test_the_national_files_come_back_as_they_were(app: Flask, tmp_path: Path, shared: Path) -> None:
    folder = shared / "data/akiya-listings"
    with app.app_context():
        for name in ("registered_kyushu.csv", "contracted_kyushu.csv"):
            importing.import_listings(folder / name, as_of=date(2025, 3, 31), prefecture="熊本県")
        listed, closed = files(app, tmp_path)
        for given, back in ((folder / "registered_kyushu.csv", listed), (folder / "contracted_kyushu.csv", closed)):
            with given.open(encoding="utf-8-sig") as one, back.open(encoding="utf-8-sig") as other:
                original = [row for row in csv.DictReader(one) if row["PREFECTURE"] == "熊本県"]
                mine = list(csv.DictReader(other))
            assert list(mine[0]) == list(original[0])
            kinds = [sorted(row["PROPERTY_CATEGORY"] for row in rows) for rows in (original, mine)]
            assert kinds[0] == kinds[1]
            assert len(mine) > 5
            report = taken_in(back)
            assert (report.unchanged, report.rows, report.refused) == (len(mine), len(mine), [])


def test_open_data_holds_what_is_on_offer(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(
            people["aoi"], title="", floor_area=121.5, built_on=date(1975, 1, 1), built_precision="year"
        )
        factories.listing(people["aoi"], number="2", status=Status.CONTRACTED)
        factories.listing(people["aoi"], number="3", status=Status.DRAFT)
        (row,) = lines(tables("opendata")["listings"])
        shown = db.session.get(Listing, home)
        assert (row["id"], row["code"], row["name"], row["lat"]) == (str(home), "432148", "内牧の住宅", shown.lat)
        assert (row["price"], row["floor_area"], row["built"], row["link"]) == (
            4_800_000,
            121.5,
            "1975",
            f"/listings/{home}",
        )


def test_quality_names_what_to_look_at(app: Flask, people) -> None:
    whole = {"land_area": 300.0, "floor_area": 120.0, "layout": "5DK", "structure": "wood", "built_on": date(1975, 1, 1), "water": "well",
             "drain": "pit", "toilet": "pit", "gas": "lp", "parking": True, "appeal": "庭が広い"}  # fmt: skip
    with app.app_context():
        homes = {
            "odd": factories.listing(people["aoi"], number="1", **{**whole, "price": 480}),
            "twin": factories.listing(people["aoi"], number="2", **whole),
            "again": factories.listing(people["aoi"], number="3", **whole),
            "bare": factories.listing(people["sora"], factories.B, number="4", kind=PropertyKind.LAND),
        }
        with transaction():
            db.session.get(Listing, homes["bare"]).review_due_on = TODAY - timedelta(days=1)
        made = tables("quality")
        rows = lines(made["homes"])
        found = {(row["number"], row["problem"]): row for row in rows}
        assert found["1", "あやしい値"]["what"] == "売買価格 480円"
        assert found["1", "あやしい値"]["link"] == f"/staff/listings/{homes['odd']}/edit"
        assert {number for number, problem in found if problem == "重複の疑い"} == {"2", "3"}
        assert found["4", "確認の期限切れ"]["link"] == f"/staff/listings/{homes['bare']}"
        assert "土地面積" in found["4", "抜け"]["what"]
        assert "間取り" not in found["4", "抜け"]["what"]
        by_place = {row["name"]: row for row in lines(made["places"])}
        keys = ("homes", "missing", "overdue", "odd", "twice")
        assert [by_place["阿蘇市"][key] for key in keys] == [3, 3, 0, 1, 2]
        assert [by_place["八代市"][key] for key in keys] == [1, 1, 1, 0, 0]
        assert [by_place["熊本市"][key] for key in keys] == [0, 0, 0, 0, 0]
        assert len(lines(tables("quality", municipality=factories.B)["places"])) == 1


def test_origins_agree_with_the_monthly_report(app: Flask) -> None:
    with app.app_context(), transaction():
        make(contracted(date(2026, 3, 31)), 0)
        make(contracted(date(2026, 4, 1)), 1)
        make(contracted(date(2026, 5, 1), previous_prefecture="", household_size=None), 2)
        make(contracted(date(2026, 5, 1), previous_prefecture="熊本県"), 3)
        make(contracted(date(2026, 5, 1), use=Use.BUSINESS), 4)
        make(contracted(date(2027, 5, 1)), 5)
        db.session.flush()
        fiscal = tables("origins")
        assert list(fiscal["households"].rows) == [("熊本県", 0, 1, 1), ("東京都", 1, 1, 2), ("答えなし", 0, 1, 1)]
        assert [row["sum"] for row in lines(fiscal["people"])] == [4, 8, 0]
        calendar = tables("origins", fiscal=False)["households"]
        assert list(calendar.rows) == [("熊本県", 1, 1), ("東京都", 2, 2), ("答えなし", 1, 1)]
        whole = lines(counting.tables(MONTHS, {})[1])
        assert sum(row["households"] for row in whole) == 4
        assert sum(row["people"] for row in whole) == 12


def test_the_way_from_a_page_to_a_home(app: Flask) -> None:
    on = date(2026, 6, 1)
    seen = contracted(on)
    seen |= {
        "views": [(on, VisitKind.LISTING), (on, VisitKind.PANORAMA)],
        "asked": [(on, InquiryKind.INQUIRY), (on, InquiryKind.VIEWING), (on, InquiryKind.ONLINE)],
    }
    with app.app_context(), transaction():
        make(seen, 9)
        db.session.flush()
        made = tables("funnel")
        row = next(row for row in lines(made["places"]) if row["name"] == "阿蘇市")
        keys = ("views", "tours", "inquiries", "seen", "contracted", "households")
        assert [row[key] for key in keys] == [10, 10, 1, 2, 1, 1]
        assert (row["asked"], row["shown"], row["agreed"], row["moved"]) == (10.0, 200.0, 50.0, 100.0)
        assert [row["count"] for row in lines(made["whole"])] == [10, 10, 1, 2, 1, 1]


def test_a_closed_month_stays_as_it_was_and_corrections_are_listed(app: Flask, people, visit: Browser) -> None:
    month = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
    asked = f"since={month:%Y-%m}&until={month:%Y-%m}"
    with app.app_context(), transaction():
        make(a_life((month, Status.OPEN)), 0)
    visit.sign_in("hana")
    visit.post("/prefecture/reports/monthly/close", {"month": f"{month:%Y-%m}"})
    first = saved(visit, f"/prefecture/reports/monthly.csv?{asked}")[1]
    with app.app_context(), transaction():
        make(a_life((month, Status.OPEN)), 1)
    assert saved(visit, f"/prefecture/reports/monthly.csv?{asked}")[1] == first
    page = visit.get(f"/prefecture/reports/monthly?{asked}")
    assert f"確定した月（確定したときの数値）：{month:%Y-%m}" in page.text
    with app.app_context():
        made = tables("monthly", today=today(), period=period(month, month, today()))
        found = [(row["name"], row["column"], row["then"], row["now"]) for row in lines(made["corrections"])]
        assert ("阿蘇市", "新規登録（売買）", 1, 2) in found
        assert ("県全体", "掲載中（募集中）", 1, 2) in found
        assert {name for name, *_rest in found} == {"阿蘇市", "県全体"}
        assert lines(made["whole"])[0]["new_sale"] == 1
        assert db.session.query(ClosedMonth).one().actor == "はな"
    visit.post("/prefecture/reports/monthly/close", {"month": f"{month:%Y-%m}"}, 400)


def test_only_past_months_are_closed_and_only_by_coordinators(app: Flask, people, visit: Browser) -> None:
    this = today().replace(day=1)
    with app.app_context():
        for month in (this, next_month(this)):
            with pytest.raises(Invalid):
                service.close_month(factories.staff(people["hana"]), month)
        with pytest.raises(NotAllowed):
            service.close_month(factories.staff(people["aoi"]), date(2026, 1, 1))
    visit.sign_in("hana")
    assert (
        "まだ終わっていません" in visit.post("/prefecture/reports/monthly/close", {"month": f"{this:%Y-%m}"}, 400).text
    )
    visit.post("/prefecture/reports/monthly/close", {"month": "x"}, 400)
    with app.app_context():
        assert db.session.query(ClosedMonth).count() == 0


def test_a_contract_without_answers_is_in_the_list(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"], status=Status.CONTRACTED, is_rent=True, rent=1)
        with transaction() as session:
            session.delete(session.get(Closing, home))
        (row,) = lines(tables("closings", today=today(), period=period(today(), today(), today()))["closings"])
        assert (row["deal"], row["people"], row["subsidy"]) == (None, None, None)

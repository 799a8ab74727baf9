"""Report R1: the same figures everywhere, equal to counting day by day."""

import csv
import io
import random
from collections import defaultdict
from datetime import date, timedelta

import pytest
from flask import Flask
from openpyxl import load_workbook

from akiya.db import db
from akiya.errors import Invalid
from akiya.listings.enums import CLOSED, LISTED, Kind, Precision, Status
from akiya.listings.models import Event, Listing
from akiya.reports import export, queries
from tests.pages import Browser

TODAY = date(2026, 9, 17)
CODES = ("43214", "43202")


def random_histories(count: int = 120) -> list[tuple[Listing, list[tuple[date, Status]]]]:
    rng = random.Random(3)
    made = []
    for number in range(count):
        day = date(2026, 1, 1) + timedelta(days=rng.randint(0, 240))
        sale = rng.random() < 0.8
        home = Listing(
            municipality_code=rng.choice(CODES), number=str(number), lon=131.0, lat=32.9, precision=Precision.OFFICE, version=1,
            is_sale=sale, is_rent=not sale or rng.random() < 0.2, kind=rng.choice([Kind.HOUSE, Kind.LAND]), published_on=day,
        )  # fmt: skip
        history = [(day, Status.OPEN)]
        while rng.random() < 0.6 and history[-1][1] not in CLOSED:
            day += timedelta(days=rng.randint(0, 70))
            if day > TODAY:
                break
            history.append((day, rng.choice([Status.NEGOTIATING, Status.OPEN, *CLOSED])))
        home.status = history[-1][1]
        db.session.add(home)
        db.session.flush()
        db.session.add_all(
            Event(listing_id=home.id, actor="x", action="moved", status=s, effective_on=d) for d, s in history
        )
        made.append((home, history))
    db.session.commit()
    return made


def day_by_day(histories, code: str, first: date) -> dict[str, float | None]:
    end = queries.month_end(first, TODAY)
    counts: dict[str, float | None] = defaultdict(int)
    waits = []
    for home, history in histories:
        if home.municipality_code != code:
            continue
        land, published = home.kind is Kind.LAND, first <= home.published_on <= end
        counts["new_land"] += published and land
        counts["new_sale"] += published and home.is_sale and not land
        counts["new_rent"] += published and home.is_rent and not land
        state = {}
        for day, status in history:
            state[day] = status
        at_end = [status for day, status in history if day <= end][-1:]
        before = [status for day, status in history if day < first][-1:]
        if at_end and at_end[0] in LISTED:
            counts[str(at_end[0])] += 1
            opened = [day for day, status in history if status is Status.OPEN and day <= end]
            counts["unconfirmed"] += (end - opened[-1]).days > 90
        if at_end and at_end[0] in CLOSED and at_end != before:
            counts[str(at_end[0])] += 1
            waits.append(([day for day, _status in history if day <= end][-1] - home.published_on).days)
    counts["days"] = round(sum(waits) / len(waits), 1) if waits else None
    return counts


def test_the_report_equals_counting_day_by_day(app: Flask) -> None:
    with app.app_context():
        histories = random_histories()
        table = queries.monthly(date(2026, 1, 1), date(2026, 12, 1), today=TODAY)
        keys = [column.key for column in table.columns]
        assert {row[2] for row in table.rows} == {f"2026-{month:02d}" for month in range(1, 10)}
        assert len(table.rows) == 9 * 45
        seen = 0
        for row in table.rows:
            found = dict(zip(keys, row, strict=True))
            code = next((c for c in CODES if found["code"].startswith(c)), None)
            if code is None:
                assert not any(found[key] for key in keys[3:])
                continue
            expected = day_by_day(histories, code, queries.month(found["month"]))
            for key in (
                "new_sale",
                "new_rent",
                "new_land",
                "open",
                "negotiating",
                "contracted",
                "withdrawn",
                "expired",
                "unconfirmed",
            ):
                assert found[key] == expected[key], (code, found["month"], key)
                seen += found[key]
            assert found["days"] == expected["days"]
        assert seen > 200


def test_page_csv_and_workbook_have_the_same_figures(app: Flask, people, visit: Browser) -> None:
    with app.app_context():
        random_histories(40)
        table = queries.monthly(date(2026, 4, 1), date(2026, 6, 1), today=queries.today())
    visit.sign_in("hana")
    period = "since=2026-04&until=2026-06"
    content = visit.client.get(f"/prefecture/reports/monthly.csv?{period}").data
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[0] == [column.label for column in table.columns]
    assert lines[1:] == [["" if cell is None else str(cell) for cell in row] for row in table.rows]
    book = load_workbook(io.BytesIO(visit.client.get(f"/prefecture/reports/monthly.xlsx?{period}").data))
    sheet, definitions = book.worksheets
    read = [list(row) for row in sheet.iter_rows(min_row=2, max_row=1 + len(table.rows), values_only=True)]
    assert read == [list(row) for row in table.rows]
    assert sheet.freeze_panes == "D2"
    assert definitions["A4"].value == "全国地方公共団体コード"
    page = visit.get(f"/prefecture/reports/monthly?{period}")
    assert all(str(cell) in page.text for row in table.rows[:45] for cell in row if cell is not None)


@pytest.mark.parametrize(
    "period", ["since=x&until=2026-05", "since=2026-06&until=2026-04", "since=1990-01&until=2026-04"]
)
def test_an_impossible_period_is_explained(visit: Browser, people, period: str) -> None:
    visit.sign_in("hana")
    assert "期間を確かめてください" in visit.get(f"/prefecture/reports/monthly?{period}", 400).text
    assert visit.client.get(f"/prefecture/reports/monthly.csv?{period}").status_code == 400


def test_a_text_that_looks_like_a_formula_is_only_text() -> None:
    columns = (queries.Column("name", "市町村名", "", summed=False),)
    table = queries.Table("t", TODAY, columns, [["=1+1"], ["@x"], ["-3"], ["普通"]])
    lines = b"".join(export.csv(table)).decode("utf-8-sig").split("\r\n")
    assert lines[1:5] == ["'=1+1", "'@x", "'-3", "普通"]
    sheet = load_workbook(io.BytesIO(export.xlsx(table))).worksheets[0]
    assert sheet["A2"].value == "=1+1"
    assert sheet["A2"].data_type == "s"


def test_counts_of_now(app: Flask) -> None:
    with app.app_context():
        random_histories(60)
        rows, totals = queries.counts(TODAY)
        assert len(rows) == 45
        for status in LISTED:
            assert totals[str(status)] == db.session.query(Listing).filter(Listing.status == status).count()
        with pytest.raises(Invalid):
            queries.month("2026")

"""Report R1: every figure equals a slow recount in plain Python, for any records."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akiya.db import db, transaction
from akiya.errors import Invalid
from akiya.inquiries.models import Inquiry, InquiryKind
from akiya.listings.enums import PUBLIC, Deal, Precision, PropertyKind, Status, Use
from akiya.listings.events import EventKind
from akiya.listings.models import Closing, Event, Listing
from akiya.municipalities.codes import code6
from akiya.municipalities.models import Municipality
from akiya.panoramas.models import Scene, SceneState
from akiya.reports import periods
from akiya.reports.monthly import counting
from akiya.reports.monthly.figures import FIGURES
from akiya.reports.table import Table
from akiya.visits.models import VisitKind, Visits
from tests.reports import recount

pytestmark = pytest.mark.slow

TODAY = date(2026, 9, 17)
CODES = ("43214", "43202")
MONTHS = periods.period(date(2026, 1, 1), date(2026, 9, 1), TODAY)
# Edges of months, of the fiscal year and of today come up far more often than by chance.
DAYS = st.one_of(
    st.sampled_from([date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), TODAY, TODAY + timedelta(days=1)]),
    st.dates(date(2025, 10, 1), date(2026, 10, 5)),
)  # fmt: skip
STATES = st.sampled_from([*PUBLIC, Status.DRAFT, Status.REJECTED, None])
CLOSING = st.fixed_dictionaries(
    {
        "deal": st.sampled_from([None, *Deal]),
        "use": st.sampled_from([None, *Use]),
        "household_size": st.sampled_from([None, 1, 4]),
        "children": st.sampled_from([None, 0, 2]),
        "previous_prefecture": st.sampled_from(["", "熊本県", "東京都"]),
    }
)
LIFE = st.fixed_dictionaries(
    {
        "code": st.sampled_from(CODES),
        "kind": st.sampled_from(list(PropertyKind)),
        "deals": st.sampled_from([(True, False), (False, True), (True, True)]),
        "published": st.one_of(st.none(), DAYS),
        "records": st.lists(st.tuples(DAYS, STATES), max_size=7),
        "closing": st.one_of(st.none(), CLOSING),
        "scene": st.one_of(st.none(), DAYS),
        "views": st.lists(st.tuples(DAYS, st.sampled_from(list(VisitKind))), max_size=3, unique=True),
        "merged": st.one_of(st.none(), st.none(), DAYS),
        "asked": st.lists(st.tuples(DAYS, st.sampled_from(list(InquiryKind))), max_size=3),
    }
)


def empty() -> None:
    for model in (Inquiry, Visits, Scene, Event, Closing, Listing):
        db.session.execute(db.delete(model))


def make(life: dict[str, Any], number: int) -> None:
    sale, rent = life["deals"]
    home = Listing(
        municipality_code=life["code"], number=str(number), lon=131.0, lat=32.9, precision=Precision.OFFICE, version=1,
        is_sale=sale, is_rent=rent, kind=life["kind"], published_on=life["published"],
    )  # fmt: skip
    db.session.add(home)
    db.session.flush()
    own = {"listing_id": home.id}
    for on, status in life["records"]:
        action = EventKind.MOVED if status else EventKind.CONFIRMED
        db.session.add(Event(**own, actor="x", action=action, status=status, effective_on=on))
        db.session.flush()  # the order of their ids is that of the records
    if life["closing"]:
        db.session.add(Closing(**own, **life["closing"]))
    if life["scene"]:
        # 15:00 in UTC is midnight in Japan: the day begins there.
        at = datetime.combine(life["scene"], datetime.min.time(), UTC) - timedelta(hours=9)
        db.session.add(Scene(**own, original_key="o", salt="s", published=True, state=SceneState.READY, created_at=at))
    for on, kind in life["views"]:
        db.session.add(Visits(**own, day=on, kind=kind, count=number + 1))
    if life.get("merged"):
        other = CODES[1 - CODES.index(life["code"])]
        home.municipality_code = other
        moved = {"municipality_code": [life["code"], other]}
        db.session.add(Event(**own, actor="x", action=EventKind.MERGED, changes=moved, effective_on=life["merged"]))
    for on, asked in life["asked"]:
        db.session.add(Inquiry(**own, municipality_code=life["code"], kind=asked, on=on))


def figures(table: Table, first: date) -> dict[str, dict[str, Any]]:
    keys = [column.key for column in table.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in table.rows]
    return {row.get("code", ""): row for row in rows if row["month"] == f"{first:%Y-%m}"}


def check(period: periods.Period = MONTHS) -> None:
    places, whole = counting.tables(period, {})
    for first in period.months:
        expected = recount.month(first, period.last)
        found = figures(places, first) | figures(whole, first)
        assert len(found) == 46
        for code, row in found.items():
            for column in FIGURES:
                slow = expected[code][column.key] if code in expected else None
                assert row[column.key] == slow or (not row[column.key] and not slow), (first, code, column.key)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=st.lists(LIFE, min_size=1, max_size=6))
def test_every_figure_equals_a_slow_recount(app: Flask, lives: list[dict[str, Any]]) -> None:
    with app.app_context(), transaction():
        empty()
        for number, life in enumerate(lives):
            make(life, number)
        db.session.flush()
        check()


def life(*records: tuple[date, Status | None], **more: Any) -> dict[str, Any]:
    usual = {"code": CODES[0], "kind": PropertyKind.HOUSE, "deals": (True, False), "published": records[0][0], "closing": None,
             "scene": None, "views": [], "asked": []}  # fmt: skip
    return {**usual, "records": list(records), **more}


def row(first: date, code: str = CODES[0], period: periods.Period = MONTHS) -> dict[str, Any]:
    return figures(counting.tables(period, {})[0], first)[code6(code)]


JUNE = date(2026, 6, 1)
OPENED = (date(2026, 5, 1), Status.OPEN)


def test_a_corrected_closing_counts_once_on_its_last_day(app: Flask) -> None:
    with app.app_context(), transaction():
        make(life(OPENED, (date(2026, 5, 31), Status.CONTRACTED), (date(2026, 6, 1), Status.CONTRACTED)), 0)
        make(life(OPENED, (date(2026, 6, 30), Status.WITHDRAWN), (date(2026, 6, 20), Status.CONTRACTED)), 1)
        db.session.flush()
        assert (row(date(2026, 5, 1))["contracted"], row(date(2026, 5, 1))["open"]) == (0, 2)
        assert (row(JUNE)["contracted"], row(JUNE)["withdrawn"], row(JUNE)["days"], row(JUNE)["rate"]) == (
            2,
            0,
            40.5,
            100.0,
        )


def test_an_expiry_that_turns_out_a_contract_counts_as_each_in_its_month(app: Flask) -> None:
    with app.app_context(), transaction():
        make(life(OPENED, (date(2026, 6, 10), Status.EXPIRED), (date(2026, 7, 3), Status.CONTRACTED)), 0)
        db.session.flush()
        assert (row(JUNE)["expired"], row(JUNE)["rate"]) == (1, 0.0)
        assert (row(date(2026, 7, 1))["expired"], row(date(2026, 7, 1))["contracted"]) == (0, 1)


def test_who_moved_in(app: Flask) -> None:
    family = {"deal": None, "use": Use.HOME, "household_size": 4, "children": 2, "previous_prefecture": "東京都"}
    contracted = (date(2026, 6, 1), Status.CONTRACTED)
    with app.app_context(), transaction():
        make(life(OPENED, contracted, closing=family), 0)
        make(
            life(OPENED, contracted, closing={**family, "use": Use.TWO_BASE, "children": 0, "household_size": None}), 1
        )
        make(life(OPENED, contracted, closing={**family, "previous_prefecture": "熊本県"}), 2)
        make(life(OPENED, contracted, closing={**family, "use": Use.BUSINESS}), 3)
        make(life(OPENED, closing=family), 4)  # open again: nobody moved in
        db.session.flush()
        june = row(JUNE)
        keys = ("contracted", "households", "people", "from_outside", "with_children")
        assert [june[key] for key in keys] == [4, 3, 8, 2, 2]


def test_days_begin_at_midnight_in_japan(app: Flask) -> None:
    with app.app_context(), transaction():
        make(life(OPENED, scene=date(2026, 7, 1)), 0)
        make(life(OPENED, scene=date(2026, 6, 30)), 1)
        db.session.flush()
        assert [row(JUNE)["panorama"], row(date(2026, 7, 1))["panorama"]] == [1, 2]


def test_this_month_ends_today_and_months_to_come_are_left_out(app: Flask) -> None:
    with app.app_context(), transaction():
        make(life((date(2026, 9, 17), Status.OPEN), views=[(TODAY, VisitKind.LISTING)]), 0)
        make(life((date(2026, 9, 18), Status.OPEN), asked=[(TODAY + timedelta(days=1), InquiryKind.INQUIRY)]), 1)
        db.session.flush()
        ahead = periods.period(date(2026, 8, 1), date(2027, 3, 1), TODAY)
        assert [f"{first:%Y-%m}" for first in ahead.months] == ["2026-08", "2026-09"]
        september = row(date(2026, 9, 1), period=ahead)
        assert [september[key] for key in ("open", "new_sale", "views", "inquiries")] == [1, 1, 1, 0]
        assert counting.tables(periods.period(date(2026, 10, 1), date(2026, 12, 1), TODAY), {})[0].rows == []


def test_a_range_without_data_and_a_municipality_without_listings_are_zeros(app: Flask) -> None:
    with app.app_context(), transaction():
        make(life(OPENED), 0)
        db.session.flush()
        past = periods.period(date(2016, 10, 1), date(2026, 9, 1), TODAY)
        assert len(past.months) == periods.MOST_MONTHS
        places = counting.tables(past, {})[0]
        assert len(list(places.rows)) == 120 * 45
        numbers = [
            cell for line in places.rows if line[2] < "2026-05" or line[0] != code6(CODES[0]) for cell in line[4:]
        ]
        assert not any(numbers)


def test_a_municipality_of_elsewhere_has_rows_once_it_has_a_figure(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.add(Municipality(code="40100", name="北九州市", lon=130.8, lat=33.8))
        session.flush()
    with app.app_context(), transaction():
        assert "401005" not in figures(counting.tables(MONTHS, {})[0], JUNE)
        make(life((date(2026, 6, 15), Status.OPEN), code="40100"), 0)
        db.session.flush()
        assert [row(first, "40100")["open"] for first in (date(2026, 5, 1), JUNE)] == [0, 1]


@pytest.mark.parametrize(
    ("since", "until"), [(date(2026, 6, 1), date(2026, 4, 1)), (date(2016, 9, 1), date(2026, 9, 1))]
)
def test_an_impossible_period_is_refused(since: date, until: date) -> None:
    with pytest.raises(Invalid):
        periods.period(since, until, TODAY)
    with pytest.raises(Invalid):
        periods.month("2026")


def test_a_fiscal_year_is_april_to_march() -> None:
    year = periods.of_fiscal_year(2025, TODAY)
    assert (year.first, year.last) == (date(2025, 4, 1), date(2026, 3, 31))
    assert [periods.fiscal_year(day) for day in (date(2026, 3, 31), date(2026, 4, 1))] == [2025, 2026]
    assert periods.of_fiscal_year(2026, TODAY).last == TODAY

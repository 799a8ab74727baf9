"""The dashboard: its figures are those of R1 for any records; who sees what."""

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akiya.db import db, transaction
from akiya.errors import NotAllowed
from akiya.inquiries.models import Inquiry, InquiryKind
from akiya.listings.enums import Status, Use
from akiya.municipalities.codes import code6
from akiya.municipalities.models import Municipality
from akiya.pages import panels
from akiya.reports import dashboard, ranks, service
from akiya.reports.monthly import closed, counting
from akiya.reports.monthly.figures import FIGURES
from akiya.reports.periods import Period, period
from akiya.reports.table import share
from tests import factories
from tests.pages.browser import Browser
from tests.reports.monthly.test_counting import CODES, LIFE, TODAY, empty, figures, life, make

pytestmark = pytest.mark.slow

SPAN = period(date(2025, 10, 1), date(2026, 9, 1), TODAY)
SUMMED = [column.key for column in FIGURES if column.summed]
FAMILY = {"deal": None, "use": Use.HOME, "household_size": 4, "children": 2, "previous_prefecture": "東京都"}
APRIL = "since=2026-04&until=2026-06"


def committed(*lives: dict[str, Any]) -> None:
    with transaction():
        empty()
        for number, each in enumerate(lives):
            make(each, number)


def expected(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the dashboard's figures for rows of R1: sums, or the value at the end of the last month."""
    found = {
        key: sum(row[key] for row in rows) if key in SUMMED else rows[-1][key]
        for key in dashboard.COLUMN
        if not key.endswith("_share")
    }
    offered = found["open"] + found["negotiating"]
    found["panorama_share"] = share(found["panorama"], offered)
    found["confirmed_share"] = share(offered - found["unconfirmed"], offered)
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=st.lists(LIFE, min_size=1, max_size=6))
def test_every_figure_is_that_of_report_r1(app: Flask, lives: list[dict[str, Any]]) -> None:
    with app.app_context():
        committed(*lives)
        places, whole = counting.tables(SPAN, {})
        by_month = {first: figures(places, first) | figures(whole, first) for first in SPAN.months}
        years = [SPAN.months[:6], SPAN.months[6:]]
        for yearly, steps in ((False, [[first] for first in SPAN.months]), (True, years)):
            board = dashboard.make(SPAN, yearly=yearly)
            assert [step.period.months for step in board.steps] == steps
            assert len(board.places) == 45
            for place in (board.whole, *board.places):
                rows = [by_month[first][code6(place.code) if place.code else ""] for first in SPAN.months]
                assert place.total == expected(rows)
                for step, months in zip(place.steps, steps, strict=True):
                    assert step == expected([rows[SPAN.months.index(first)] for first in months])


def test_a_closed_month_is_as_it_was_closed(app: Flask, people: dict[str, int]) -> None:
    june = Period(date(2026, 6, 1), date(2026, 6, 30))
    with app.app_context():
        committed(life((date(2026, 6, 3), Status.OPEN)))
        service.close_month(factories.staff(people["hana"]), june.first)
        committed(life((date(2026, 6, 3), Status.OPEN)), life((date(2026, 6, 4), Status.OPEN)))
        board = dashboard.make(june)
        assert counting.tables(june, {})[1].rows != counting.tables(june, closed.stored(june))[1].rows
        assert board.whole.total["new_sale"] == board.of(CODES[0]).total["new_sale"] == 1


def test_figures_follow_what_is_written_at_once(app: Flask, people: dict[str, int]) -> None:
    with app.app_context():
        committed(life((date(2026, 6, 3), Status.OPEN)))
        assert dashboard.make(SPAN).whole.total["inquiries"] == 0
        make_inquiry(people["aoi"])
        assert dashboard.make(SPAN).whole.total["inquiries"] == 1
        committed(life((date(2026, 6, 3), Status.OPEN)), life((date(2026, 6, 3), Status.OPEN)))
        assert dashboard.make(SPAN).whole.total["open"] == 2


def make_inquiry(staff_id: int) -> None:
    with transaction(public=False) as session:
        session.add(
            Inquiry(municipality_code=CODES[0], kind=InquiryKind.INQUIRY, on=TODAY, staff_id=staff_id, actor="x")
        )


def change(code: str, **values: Any) -> None:
    with transaction() as session:
        for name, value in values.items():
            setattr(session.get(Municipality, code), name, value)


def test_the_mean_is_of_those_that_took_part(app: Flask) -> None:
    opened = [life((date(2026, 4, 2), Status.OPEN)) for _ in range(9)]
    with app.app_context():
        committed(*opened)
        for place in db.session.query(Municipality).all():
            change(place.code, joined=place.code in CODES)
        change(CODES[1], joined_on=date(2026, 6, 15))
        board = dashboard.make(period(date(2026, 4, 1), date(2026, 6, 1), TODAY))
        mean = dashboard.means(board)
        assert [step["open"] for step in mean.steps] == [9, 9, 4.5]
        assert mean.total["new_sale"] == 4.5
        assert mean.total["confirmed_share"] == board.whole.total["confirmed_share"] == 100
        assert dashboard.rank(board, CODES[0], "open") == (1, 2)
        assert dashboard.rank(board, CODES[1], "open") == (2, 2)
        assert dashboard.rank(board, "43203", "open") is None


def test_one_that_joins_or_leaves_in_mid_month_is_told(app: Flask) -> None:
    with app.app_context():
        change(CODES[0], joined_on=date(2026, 5, 12))
        change(CODES[1], joined=False, left_on=date(2026, 5, 20))
        board = dashboard.make(period(date(2026, 4, 1), date(2026, 6, 1), TODAY))
        assert board.of(CODES[0]).note == "参加 2026-05-12"
        assert board.of(CODES[1]).note == "離脱 2026-05-20"
        may, june = (Period(date(2026, m, 1), date(2026, m, 28)) for m in (5, 6))
        assert [dashboard.took_part(board.of(code).municipality, may) for code in CODES] == [True, True]
        assert [dashboard.took_part(board.of(code).municipality, june) for code in CODES] == [True, False]
        assert dashboard.make(june).of(CODES[0]).note == ""


@pytest.fixture
def homes(app: Flask, people: dict[str, int]) -> None:
    """Create three homes of A, one of them contracted by a family, and one of B."""
    contracted = (date(2026, 6, 5), Status.CONTRACTED)
    with app.app_context():
        committed(
            life((date(2026, 4, 2), Status.OPEN)),
            life((date(2026, 5, 2), Status.OPEN)),
            life((date(2026, 4, 3), Status.OPEN), contracted, closing=FAMILY),
            life((date(2026, 6, 3), Status.OPEN), code=CODES[1]),
        )


def rows(page: str, of: str) -> list[list[str]]:
    """Return the body of the table with the heading `of`, as texts."""
    table = page[page.index(f'aria-labelledby="{of}"') :]
    body = table[table.index("<tbody>") : table.index("</tbody>")]
    return [
        [re.sub(r"<[^>]+>", " ", cell).split()[0] if re.sub(r"<[^>]+>", "", cell).strip() else "" for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.S)
    ]  # fmt: skip


def test_the_page_shows_the_figures_and_what_is_behind_them(app: Flask, homes, visit: Browser) -> None:
    visit.sign_in("hana")
    page = visit.get(f"/prefecture/?{APRIL}")
    with app.app_context():
        board = dashboard.make(period(date(2026, 4, 1), date(2026, 6, 1), TODAY))
    shown = {row[0]: row[1:] for row in rows(page.markup, "places-title")}
    assert len(shown) == 45
    keys = list(dashboard.COLUMN)
    for place in board.places:
        assert [text.replace(",", "") for text in shown[place.name]] == [
            "" if place.total[key] is None else str(place.total[key]) for key in keys
        ]
    assert f"/prefecture/reports/closings?since=2026-04&amp;until=2026-06&amp;municipality={CODES[0]}" in page.markup
    for link in {link for link in page.links if link.startswith(("/prefecture", "/staff/figures", "/staff/inquiries"))}:
        assert visit.status(link.partition("#")[0]) == 200, link
    assert page.markup.count('role="img"') == len(panels.together(board)) == 6
    for described in re.findall(r'aria-describedby="([^"]+)"', page.markup):
        assert page.ids[described] == 1


def test_the_table_is_sorted_without_a_script(homes, visit: Browser) -> None:
    visit.sign_in("hana")
    page = visit.get(f"/prefecture/?{APRIL}&sort=open&dir=desc")
    assert [row[1] for row in rows(page.markup, "places-title")][:3] == ["2", "1", "0"]
    assert page.markup.count('aria-sort="descending"') == 1
    page = visit.get(f"/prefecture/?{APRIL}&sort=confirmed_share&dir=asc")
    shown = [row[-1] for row in rows(page.markup, "places-title")]
    assert shown[:2] == ["100.0", "100.0"]
    assert set(shown[2:]) == {""}
    names = [row[0] for row in rows(visit.get("/prefecture/?sort=name&dir=desc").markup, "places-title")]
    assert names == [row[0] for row in rows(visit.get("/prefecture/").markup, "places-title")][::-1]


def test_the_map_shows_any_figure_in_words_and_a_legend(app: Flask, homes, visit: Browser) -> None:
    visit.sign_in("hana")
    assert "境界がまだ取り込まれていない" in visit.get("/prefecture/").text
    square = "SRID=4326;MULTIPOLYGON(((131 32.9,131.2 32.9,131.2 33.1,131 33.1,131 32.9)))"
    with app.app_context():
        change(CODES[0], boundary=square)
    page = visit.get(f"/prefecture/?{APRIL}&figure=new_sale")
    area = re.search(
        rf'<a href="[^"]*municipality={CODES[0]}[^"]*" class="area c(\d)" aria-label="([^"]+)"', page.markup
    )
    assert area
    assert area.groups() == ("3", f"{name_of(app)} 新規登録（売買） 3")
    assert re.findall(r'<g class="area c3" aria-hidden="true"><text[^>]*>([^<]*)</text>', page.markup) == ["3"]
    assert '<option value="new_sale" selected>' in page.markup
    assert page.markup.count('class="area c3"') == 3  # the municipality, its figure, and its class in the legend
    page = visit.get("/prefecture/?figure=nonsense")
    assert '<option value="open" selected>' in page.markup


def name_of(app: Flask) -> str:
    with app.app_context():
        found = db.session.get(Municipality, CODES[0])
        assert found
        return str(found.name)


@pytest.mark.parametrize("query", ["since=2099-01", "since=2026-06&until=2026-04", "since=x", "fiscal_year=26", "since=1990-01&until=2026-01"])  # fmt: skip
def test_an_impossible_period_is_told_and_months_to_come_are_not_offered(homes, visit: Browser, query: str) -> None:
    visit.sign_in("hana")
    for address in ("/prefecture/", "/staff/figures"):
        page = visit.get(f"{address}?{query}", 400)
        assert 'role="alert"' in page.markup
        assert len(re.findall(r'type="month"[^>]*max="\d{4}-\d\d"|max="\d{4}-\d\d"[^>]*type="month"', page.markup)) == 2


def test_staff_see_their_own_beside_the_mean_and_nobody_elses(app: Flask, homes, visit: Browser) -> None:
    for who in ("aoi", "ren"):
        visit = Browser(app)
        visit.sign_in(who)
        page = visit.get(f"/staff/figures?{APRIL}")
        shown = {row[0]: row[1:] for row in rows(page.markup, "own-title")}
        assert shown["掲載中（募集中）"] == ["2", "0.1"]
        assert shown["移住者"] == ["4", "0.1"]
        assert shown["90日以内に確認（%）"] == ["100.0", "100.0"]
        assert "順位" not in page.text
        assert page.markup.count('role="img"') == len(dashboard.SHOWN)
        assert visit.status(f"/staff/figures?municipality={CODES[0]}") == 200
        visit.get(f"/staff/figures?municipality={CODES[1]}", 404)
        visit.get("/staff/figures?municipality=99999", 404)
        assert visit.status("/prefecture/") == 403
        for link in {link for link in page.links if link.startswith(("/prefecture", "/staff/inq", "/staff/?"))}:
            assert visit.status(link) == 200, link
    coordinator = Browser(app)
    coordinator.sign_in("hana")
    assert name_of(app) in coordinator.get(f"/staff/figures?municipality={CODES[0]}").text
    assert Browser(app).status("/staff/figures") == 302


def test_ranks_are_seen_once_the_prefecture_shows_them(app: Flask, homes, visit: Browser) -> None:
    visit.sign_in("hana")
    aoi = Browser(app)
    aoi.sign_in("aoi")
    aoi.post("/prefecture/ranks", {"shown": "1"}, status=403)
    visit.post("/prefecture/ranks", {"shown": "1"})
    shown = {row[0]: row for row in rows(aoi.get(f"/staff/figures?{APRIL}").markup, "own-title")}
    assert shown["掲載中（募集中）"][3] == "45市町村中"
    assert "45市町村中 1位" in aoi.get(f"/staff/figures?{APRIL}").text
    visit.post("/prefecture/ranks", {"shown": "0"})
    assert "順位" not in aoi.get(f"/staff/figures?{APRIL}").text
    with app.app_context(), pytest.raises(NotAllowed):
        ranks.show(factories.staff(factories.account("aoi")), True)

"""The periods of reports: whole months, up to today."""

from datetime import date

import pytest

from akiya.errors import Invalid
from akiya.reports import periods
from akiya.reports.periods import Period

TODAY = date(2026, 9, 15)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 4, 1), date(2026, 6, 30), [date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)]),
        (date(2025, 12, 1), date(2026, 1, 1), [date(2025, 12, 1), date(2026, 1, 1)]),
        (date(2026, 4, 1), date(2026, 4, 1), [date(2026, 4, 1)]),
        (date(2026, 4, 1), date(2026, 3, 31), []),
    ],
)
def test_a_period_has_the_months_that_have_begun(first: date, last: date, months: list[date]) -> None:
    assert Period(first, last).months == months


@pytest.mark.parametrize(("text", "first"), [("2026-04", date(2026, 4, 1)), (" 2026-12 ", date(2026, 12, 1))])
def test_a_month_is_read(text: str, first: date) -> None:
    assert periods.month(text) == first


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "2026-04-01", "2026/04", "令和8年4月"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        periods.month(text)
    assert str(caught.value) == f"「{text}」は年月ではありません。2026-04 のように入れてください。"


@pytest.mark.parametrize(
    ("first", "limit", "end"),
    [
        (date(2024, 2, 1), date.max, date(2024, 2, 29)),
        (date(2026, 2, 1), date(2026, 2, 28), date(2026, 2, 28)),
        (date(2026, 2, 1), date(2026, 2, 27), date(2026, 2, 27)),
        (date(2026, 9, 15), TODAY, TODAY),
        (date(2026, 8, 1), TODAY, date(2026, 8, 31)),
    ],
)
def test_a_month_ends_with_its_last_day_or_the_limit(first: date, limit: date, end: date) -> None:
    assert periods.month_end(first, limit) == end


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 1, 31), date(2026, 2, 1)),
        (date(2026, 2, 1), date(2026, 3, 1)),
        (date(2026, 8, 1), date(2026, 9, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_the_next_month_begins_on_its_first(day: date, following: date) -> None:
    assert periods.next_month(day) == following


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (date(2026, 4, 20), date(2026, 6, 1), Period(date(2026, 4, 1), date(2026, 6, 30))),
        (date(2026, 9, 15), date(2026, 9, 15), Period(date(2026, 9, 1), TODAY)),
        (date(2026, 8, 1), date(2026, 12, 1), Period(date(2026, 8, 1), TODAY)),
        (date(2026, 10, 1), date(2026, 12, 1), Period(date(2026, 10, 1), TODAY)),
        (date(2016, 10, 1), date(2026, 9, 1), Period(date(2016, 10, 1), TODAY)),
    ],
)
def test_a_period_ends_with_its_last_month_or_today(since: date, until: date, found: Period) -> None:
    assert periods.period(since, until, TODAY) == found


@pytest.mark.parametrize(
    ("since", "until", "message"),
    [
        (date(2026, 5, 1), date(2026, 4, 30), "終わりの月が始めの月より前です。始めと終わりを入れ替えてください。"),
        (date(2016, 9, 1), date(2026, 9, 1), "期間が121か月あります。120か月までにしてください。"),
    ],
)
def test_a_period_that_cannot_be_is_refused(since: date, until: date, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        periods.period(since, until, TODAY)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2026, 12, 31), 2026)]
)
def test_a_fiscal_year_begins_in_april(day: date, year: int) -> None:
    assert periods.fiscal_year(day) == year


@pytest.mark.parametrize(
    ("year", "found"),
    [
        (2025, Period(date(2025, 4, 1), date(2026, 3, 31))),
        (2026, Period(date(2026, 4, 1), TODAY)),
        (1900, Period(date(1900, 4, 1), date(1901, 3, 31))),
        (9000, Period(date(9000, 4, 1), TODAY)),
    ],
)
def test_a_fiscal_year_is_april_to_march_up_to_today(year: int, found: Period) -> None:
    assert periods.of_fiscal_year(year, TODAY) == found


@pytest.mark.parametrize("year", [1899, 9001])
def test_a_year_without_a_calendar_is_refused(year: int) -> None:
    with pytest.raises(Invalid) as caught:
        periods.of_fiscal_year(year, TODAY)
    assert str(caught.value) == f"「{year}」という年度はありません。2026 のように西暦で入れてください。"


def test_a_period_is_written_in_eras() -> None:
    assert periods.written(Period(date(2026, 4, 1), TODAY)) == "令和8年4月〜令和8年9月"
    assert periods.written(Period(date(2019, 4, 1), date(2019, 5, 31))) == "平成31年4月〜令和元年5月"
    assert periods.written(Period(date(2026, 10, 1), TODAY)) == ""

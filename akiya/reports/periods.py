"""The periods of reports: whole months, the current one up to today."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from akiya.errors import Invalid
from akiya.reports.table import era_month

MOST_MONTHS = 120


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, which is today if its month is not over."""

    first: date
    last: date

    @property
    def months(self) -> list[date]:
        """Return the first day of each month that has begun."""
        found, first = [], self.first
        while first <= self.last:
            found.append(first)
            first = next_month(first)
        return found


def month(text: str) -> date:
    """Return the first day of a month such as "2026-04". Raise Invalid for another form."""
    try:
        year, number = text.strip().split("-")
        return date(int(year), int(number), 1)
    except ValueError:
        raise Invalid(f"「{text}」は年月ではありません。2026-04 のように入れてください。") from None


def month_end(first: date, limit: date) -> date:
    """Return the last day of the month, or `limit` if that is earlier."""
    return min(first.replace(day=monthrange(first.year, first.month)[1]), limit)


def next_month(first: date) -> date:
    """Return the first day of the following month."""
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def period(since: date, until: date, today: date) -> Period:
    """Return the period from the month of `since` to that of `until`, without months to come.

    Raise Invalid if `until` is before `since`, or if there are more than MOST_MONTHS months.
    """
    if until < since:
        raise Invalid("終わりの月が始めの月より前です。始めと終わりを入れ替えてください。")
    found = Period(since.replace(day=1), min(month_end(until, date.max), today))
    if (count := len(found.months)) > MOST_MONTHS:
        raise Invalid(f"期間が{count}か月あります。{MOST_MONTHS}か月までにしてください。")
    return found


def fiscal_year(day: date) -> int:
    """Return the fiscal year of the day; it begins on 1 April."""
    return day.year if day.month >= 4 else day.year - 1


def of_fiscal_year(year: int, today: date) -> Period:
    """Return the period from April to March, up to today. Raise Invalid for a year outside the calendar."""
    if not 1900 <= year <= 9000:
        raise Invalid(f"「{year}」という年度はありません。2026 のように西暦で入れてください。")
    return period(date(year, 4, 1), date(year + 1, 3, 1), today)


def written(found: Period) -> str:
    """Return the period in Japanese, such as 令和8年4月〜令和8年9月; "" if it has not begun."""
    months = found.months
    return f"{era_month(months[0])}〜{era_month(months[-1])}" if months else ""

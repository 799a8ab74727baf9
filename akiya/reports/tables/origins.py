"""Report R6: the previous prefectures of the households that moved in, by year."""

from collections import Counter
from datetime import date

from akiya.municipalities import search as municipalities
from akiya.municipalities import service as municipality_service
from akiya.reports.monthly import counting, timeline
from akiya.reports.periods import Period, fiscal_year
from akiya.reports.table import Cell, CellType, ReportColumn, Table

_UNTOLD = "答えなし"


def tables(period: Period, *, fiscal: bool) -> list[Table]:
    """Return households and people by previous prefecture and year, counted as R1 does, so that the sums agree."""
    households: Counter[tuple[str, int]] = Counter()
    people: Counter[tuple[str, int]] = Counter()
    for origin, day, size in _moved_in(period):
        year = fiscal_year(day) if fiscal else day.year
        households[origin or _UNTOLD, year] += 1
        people[origin or _UNTOLD, year] += size
    years = sorted({fiscal_year(first) if fiscal else first.year for first in period.months})
    return [
        _table("households", "移住世帯", "世帯", households, years, fiscal),
        _table("people", "移住者", "人", people, years, fiscal),
    ]


def _moved_in(period: Period) -> list[tuple[str, date, int]]:
    """Return (previous prefecture, day, people) of each household."""
    if not period.months:
        return []
    homes, _stretches, endings = timeline.load()
    home, day = counting.contracted(endings, counting.Months.of_period(period, homes))
    settled = homes.settled[home]
    rows = zip(home[settled].tolist(), day[settled].tolist(), strict=True)
    first, last = period.first.toordinal(), period.last.toordinal()
    return [
        (homes.origin[row], date.fromordinal(on), int(homes.people[row])) for row, on in rows if first <= on <= last
    ]


def _table(key: str, title: str, unit: str, counted: Counter[tuple[str, int]], years: list[int], fiscal: bool) -> Table:
    own = municipalities.prefecture()
    known = list(municipality_service.prefectures())
    names = {origin for origin, _year in counted}
    order = [*([own.name] if own else []), *known]
    rows: list[tuple[Cell, ...]] = [
        (name, *(counted[name, year] for year in years), sum(counted[name, year] for year in years))
        for name in sorted(names, key=lambda name: (order.index(name) if name in order else 99, name == _UNTOLD, name))
    ]
    year_of = "年度（4月〜3月）" if fiscal else "年（1月〜12月）"
    columns = (
        ReportColumn(
            "origin",
            "前の住所",
            "入居する人の前の都道府県。県内は初めの行、答えのないものは終わりの行。",
            CellType.TEXT,
        ),
        *(
            ReportColumn(
                str(year),
                f"{year}年{'度' if fiscal else ''}",
                f"その{year_of}に成約となった{title}（R1と同じ数え方）。",
                summed=True,
            )
            for year in years
        ),
        ReportColumn("sum", f"計（{unit}）", "期間の合計。", summed=True),
    )
    return Table(key, title, columns, rows)

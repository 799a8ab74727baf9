"""Closed months: the figures as they were when the month was closed, and what a recount now finds different."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from akiya.db import db
from akiya.reports.models import ClosedMonth
from akiya.reports.monthly import counting
from akiya.reports.monthly.figures import COLUMNS, FIGURES
from akiya.reports.periods import Period, month_end
from akiya.reports.table import Cell, CellType, ReportColumn, Table

_CORRECTIONS = (
    ReportColumn("month", "年月", "確定した月。", CellType.TEXT),
    ReportColumn("code", "全国地方公共団体コード", "6桁。県全体の行は空欄。", CellType.TEXT),
    ReportColumn("name", "市町村名", "", CellType.TEXT),
    ReportColumn("column", "項目", "", CellType.TEXT),
    ReportColumn("then", "確定した値", "確定したときの値。空欄は値なし。", CellType.MEAN),
    ReportColumn("now", "今の値", "同じ数え方で今数え直した値。確定のあとに記録が直されると変わる。", CellType.MEAN),
)


def stored(period: Period) -> dict[date, list[dict[str, Cell]]]:
    """Return the rows of R1, as {column: cell}, of each closed month in the period; the prefecture's is last."""
    kept = select(ClosedMonth).where(ClosedMonth.month.between(period.first, period.last))
    return {
        each.month: [dict(zip(each.columns, row, strict=True)) for row in each.rows]
        for each in db.session.scalars(kept.order_by(ClosedMonth.month))
    }


def corrections(period: Period) -> list[Table]:
    """Return a table of the differences between closed months and a recount; no table without a closed month."""
    kept = stored(period)
    if not kept:
        return []
    rows: list[tuple[Cell, ...]] = []
    span = Period(min(kept), month_end(max(kept), date.max))
    counted = counting.count(span)
    for number, first in enumerate(counted.months):
        if first in kept:
            now = {
                str(row[0]): dict(zip(_KEYS, row, strict=True)) for row in counting.rows_of(counted, number, whole=True)
            }
            rows += _differences(first, kept[first], now)
    return [Table("corrections", "訂正一覧", _CORRECTIONS, rows)]


_KEYS = [column.key for column in COLUMNS]


def _differences(
    first: date, kept: list[dict[str, Cell]], now: Mapping[str, dict[str, Cell]]
) -> list[tuple[Cell, ...]]:
    then = {str(row["code"]): row for row in kept}
    found: list[tuple[Cell, ...]] = []
    for code in sorted(then.keys() | now.keys(), key=lambda code: (code == "", code)):
        before, after = then.get(code, {}), now.get(code, {})
        name = before.get("name") or after.get("name")
        for column in FIGURES:
            # A column that did not exist when the month was closed has no earlier figure to compare with; a municipality
            # without a row had no figures, so all of them count as 0.
            if column.key in before or code not in then:
                pair = before.get(column.key, 0), after.get(column.key, 0)
                if pair[0] != pair[1] and any(pair):
                    found.append((f"{first:%Y-%m}", code, name, column.label, *pair))
    return found

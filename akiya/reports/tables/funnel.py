"""Report R7: how many views lead to inquiries, viewings, contracts and households that move in."""

from akiya.municipalities import search as municipalities
from akiya.municipalities.codes import code6
from akiya.reports.monthly import counting
from akiya.reports.periods import Period
from akiya.reports.table import Cell, CellType, ReportColumn, SheetChart, Table, share

_STEPS = (
    ReportColumn("views", "閲覧", "物件のページが開かれた回数。", summed=True),
    ReportColumn("tours", "360度画像", "360度画像が開かれた回数。", summed=True),
    ReportColumn("inquiries", "問合せ", "問合せの記録。", summed=True),
    ReportColumn("seen", "内覧", "内覧とオンライン内見の記録。", summed=True),
    ReportColumn("contracted", "成約", "R1の成約（月ごとの件数の合計）。", summed=True),
    ReportColumn("households", "移住", "R1の移住世帯（月ごとの件数の合計）。", summed=True),
)
_COLUMNS = (
    ReportColumn("code", "全国地方公共団体コード", "6桁（検査数字つき）。", CellType.TEXT),
    ReportColumn("name", "市町村名", "", CellType.TEXT),
    *_STEPS,
    ReportColumn(
        "asked",
        "閲覧→問合せ（%）",
        "問合せ ÷ 閲覧。閲覧がなければ空欄。同じ期間の件数を比べたもので、同じ人を追ったものではない。",
        CellType.PERCENT,
    ),
    ReportColumn("shown", "問合せ→内覧（%）", "内覧 ÷ 問合せ。", CellType.PERCENT),
    ReportColumn("agreed", "内覧→成約（%）", "成約 ÷ 内覧。", CellType.PERCENT),
    ReportColumn("moved", "成約→移住（%）", "移住 ÷ 成約。", CellType.PERCENT),
)
_WHOLE = (
    ReportColumn("step", "段階", "上の表の列。", CellType.TEXT),
    ReportColumn("count", "件数", "県全体の合計。"),
    ReportColumn("share", "前の段階に対する割合（%）", "前の段階がなければ空欄。", CellType.PERCENT),
)


def tables(period: Period) -> list[Table]:
    """Return the counts of each step by municipality, and for the whole prefecture."""
    counted = counting.count(period) if period.months else None
    own = {place.code for place in municipalities.served()}
    rows: list[tuple[Cell, ...]] = []
    totals = [0] * len(_STEPS)
    for row, place in enumerate(counted.places if counted else ()):
        assert counted is not None
        sums = {key: int(grid[row].sum()) for key, grid in counted.grids.items()}
        steps = [sums[c.key] if c.key != "seen" else sums["viewings"] + sums["online"] for c in _STEPS]
        totals = [total + step for total, step in zip(totals, steps, strict=True)]
        if place.code in own or any(steps):
            views, _tours, asked, seen, contracted, moved = steps
            pairs = ((asked, views), (seen, asked), (contracted, seen), (moved, contracted))
            rows.append((code6(place.code), place.name, *steps, *(share(*pair) for pair in pairs)))
    before = [0, *totals]
    whole: list[tuple[Cell, ...]] = [
        (column.label, total, share(total, before[n]))
        for n, (column, total) in enumerate(zip(_STEPS, totals, strict=True))
    ]
    return [
        Table("places", "市町村別", _COLUMNS, rows),
        Table("whole", "県全体", _WHOLE, whole, chart=SheetChart("step", ("count",))),
    ]

"""The reports R1 to R7: their titles, definitions, who may see them and how they are made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from akiya.db import today as today  # for the pages, which know no database
from akiya.reports.monthly import closed, counting
from akiya.reports.periods import Period
from akiya.reports.table import Table
from akiya.reports.tables import contracts, funnel, national_ledger, open_data, origins, quality


@dataclass(frozen=True)
class Scope:
    """The scope of a report: a period, a municipality (None for all), and years that begin in April or in January."""

    today: date
    period: Period
    municipality: str | None = None
    fiscal: bool = True


@dataclass(frozen=True)
class ReportDefinition:
    """A report that users can choose.

    `own` means that a municipality's staff may see it, of their municipality. `asks` are the parts of Scope it depends
    on.
    """

    key: str
    number: str
    title: str
    definition: str
    make: Callable[[Scope], list[Table]]
    own: bool = False
    asks: frozenset[str] = field(default_factory=lambda: frozenset({"period"}))


@dataclass(frozen=True)
class Report:
    """A finished report: the tables for `scope`."""

    sort: ReportDefinition
    scope: Scope
    tables: list[Table]


def _monthly(scope: Scope) -> list[Table]:
    return [*counting.tables(scope.period, closed.stored(scope.period)), *closed.corrections(scope.period)]


_SORTS = (
    ReportDefinition(
        "monthly",
        "R1",
        "月別・市町村別の登録状況",
        "月ごと・市町村ごとの、新規登録から成約・移住までの件数。状態は記録の順にたどり、終わりの記録を直したときは直したあとだけを数える。",
        _monthly,
    ),
    ReportDefinition(
        "closings",
        "R2",
        "成約一覧",
        "今「成約」の物件のうち、成約日が期間に入るもの。人数・年代・成約価格は公開しない情報なので、ファイルの扱いに気をつける。",
        lambda scope: [contracts.table(scope.period, scope.municipality)],
        own=True,
        asks=frozenset({"period", "municipality"}),
    ),
    ReportDefinition(
        "ledger",
        "R3",
        "全国版空き家・空き地バンクの形の台帳",
        "全国版のファイルと同じ列・言葉の台帳。募集中・商談中は「登録物件」、成約は「成約物件」。"
        "CSV は akiya listings import で読み直しても何も変わらない。"
        "全国版の言葉で書けない値（読み直すと別の値になるもの）は空欄。所有者などの公開しない情報はない。",
        lambda scope: national_ledger.tables(scope.municipality),
        own=True,
        asks=frozenset({"municipality"}),
    ),
    ReportDefinition(
        "opendata",
        "R4",
        "オープンデータ（登録物件）",
        "今、募集中・商談中の物件の、公開してよい項目。自治体標準オープンデータセットの列の名前に合わせる。",
        lambda scope: [open_data.table(scope.municipality)],
        asks=frozenset({"municipality"}),
    ),
    ReportDefinition(
        "quality",
        "R5",
        "鮮度とデータの質",
        "今、募集中・商談中の物件の、抜け、確認の期限切れ、あやしい値、重複の疑い。直すページへのリンクつき。",
        lambda scope: quality.tables(scope.today, scope.municipality),
        own=True,
        asks=frozenset({"municipality"}),
    ),
    ReportDefinition(
        "origins",
        "R6",
        "移住元の都道府県",
        "移住した世帯と人数（R1の移住世帯・移住者）を、前の都道府県と年で分ける。確定した月も、今の記録で数える。",
        lambda scope: origins.tables(scope.period, fiscal=scope.fiscal),
        asks=frozenset({"period", "years"}),
    ),
    ReportDefinition(
        "funnel",
        "R7",
        "閲覧から移住まで",
        "閲覧、360度画像、問合せ、内覧、成約、移住の件数を、期間で数えて並べる。確定した月も、今の記録で数える。",
        lambda scope: funnel.tables(scope.period),
    ),
)
SORTS: Mapping[str, ReportDefinition] = {sort.key: sort for sort in _SORTS}


def make(sort: ReportDefinition, scope: Scope) -> Report:
    """Return the finished report for the scope."""
    return Report(sort, scope, sort.make(scope))

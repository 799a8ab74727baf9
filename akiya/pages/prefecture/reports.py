"""The pages of reports: those for coordinators, and those that staff of a municipality may see of their own."""

import logging
import tempfile
from pathlib import Path
from typing import Any  # as url_for takes it

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse
from werkzeug.wsgi import wrap_file

from akiya.errors import Invalid, NotFound
from akiya.municipalities import search as municipalities
from akiya.pages import guard
from akiya.pages.blueprints import reports_staff
from akiya.pages.report_forms import ScopeForm, filled
from akiya.reports import registry, service, table
from akiya.reports import scope as scopes
from akiya.reports.exporters import pdf, workbook
from akiya.reports.periods import fiscal_year, month
from akiya.reports.registry import Report, Scope
from akiya.web import running
from akiya.web.downloads import CSV, XLSX, attachment

SHOWN = 200
"""The number of rows of a table that its page shows; files contain all."""
log = logging.getLogger("akiya")
_TYPES = {"csv": CSV, "xlsx": XLSX, "pdf": "application/pdf"}
_WHOLE = ",".join(sort.key for sort in registry.SORTS.values() if not sort.own)
_OWN = ",".join(sort.key for sort in registry.SORTS.values() if sort.own)
_FILE = ".<any(csv,xlsx,pdf):suffix>"


@reports_staff.get("/reports/")
@guard.signed_in
def offered() -> str:
    """List the reports that the account may see."""
    return render_template("prefecture/reports/offered.html", sorts=service.offered(guard.me()))


@reports_staff.get(f"/reports/<any({_WHOLE}):report>")
@guard.prefecture
def show(report: str) -> ResponseReturnValue:
    """Show a report for coordinators."""
    return _page(report)


@reports_staff.get(f"/reports/<any({_WHOLE}):report>{_FILE}")
@guard.prefecture
def save(report: str, suffix: str) -> AnyResponse:
    """Return a report for coordinators as a file."""
    return _file(report, suffix)


@reports_staff.get(f"/reports/<any({_OWN}):own_report>")
@guard.signed_in
def show_own(own_report: str) -> ResponseReturnValue:
    """Show a report that staff of a municipality may see of their own."""
    return _page(own_report)


@reports_staff.get(f"/reports/<any({_OWN}):own_report>{_FILE}")
@guard.signed_in
def save_own(own_report: str, suffix: str) -> AnyResponse:
    """Return a report that staff of a municipality may see of their own as a file."""
    return _file(own_report, suffix)


@reports_staff.post("/reports/monthly/close")
@guard.prefecture
def close_month() -> ResponseReturnValue:
    """Close a month: from now on its figures are those of now."""
    try:
        closed = service.close_month(guard.me(), month(request.form.get("month", "")[:20]))
    except Invalid as error:
        return _page("monthly", str(error))
    flash(f"{closed.month:%Y-%m} を確定しました。これからは、この月には今の数値が出ます。")
    when = f"{closed.month:%Y-%m}"
    return redirect(url_for("reports_staff.show", report="monthly", since=when, until=when), 303)


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("since", "until", "fiscal_year", "municipality", "years")}


def _scope() -> Scope:
    return scopes.scope(_asked(), registry.today(), guard.me().municipality_code)


def _page(key: str, problem: str = "") -> ResponseReturnValue:
    made: Report | None = None
    try:
        made = service.make(guard.me(), key, _scope())
    except Invalid as error:
        problem = problem or str(error)
    asked = {name: value for name, value in _asked().items() if value}
    sort = registry.SORTS[key]
    shown = [(each, *workbook.first_rows(each, SHOWN)) for each in made.tables] if made else []
    page = render_template(
        "prefecture/reports/show.html",
        sort=sort,
        report=made,
        tables=[(each, rows, more, _total(each)) for each, rows, more in shown],
        form=_form(made.scope if made else None),
        problem=problem,
        address=lambda suffix, **more: _address(sort, suffix=suffix, **asked, **more),
        shown_as=table.shown_as,
        is_number=table.is_number,
        most=SHOWN,
    )
    return (page, 400) if problem else page


def _total(each: table.Table) -> list[table.Cell]:
    if not any(column.summed for column in each.columns):
        return []  # summing would read all rows again, and there may be many
    sums = [0.0] * len(each.columns)
    for row in each.rows:
        table.add(sums, each.columns, row)
    return table.total_of(each, sums)


def _address(sort: registry.ReportDefinition, **more: Any) -> str:
    if sort.own:
        return url_for("reports_staff.save_own", own_report=sort.key, **more)
    return url_for("reports_staff.save", report=sort.key, **more)


def _form(scope: Scope | None) -> ScopeForm:
    asked, this_year = _asked(), fiscal_year(registry.today())
    if scope is not None and not asked["fiscal_year"]:
        asked |= {"since": f"{scope.period.first:%Y-%m}", "until": f"{scope.period.last:%Y-%m}"}
    years = range(this_year, scopes.FIRST_YEAR - 1, -1)
    return filled(asked, years, [(place.code, place.name) for place in municipalities.served()])


def _file(key: str, suffix: str) -> AnyResponse:
    """Return the report as a file.

    Rows are first written to a file on the server, so that they are never all in memory.
    """
    made = service.make(guard.me(), key, _scope())
    address = running.config().address
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report"
        if suffix == "xlsx":
            workbook.write_xlsx(path, made, address)
        elif suffix == "pdf":
            path.write_bytes(pdf.render(made))
        else:
            with path.open("wb") as written:
                written.writelines(workbook.csv(_table(made), address))
        size, file = path.stat().st_size, path.open("rb")
    log.info("a report was saved", extra={"fields": {"staff": guard.me().id, "report": key, "as": suffix}})
    answer = attachment(wrap_file(request.environ, file), _name(made, suffix), _TYPES[suffix])
    answer.content_length = size
    answer.call_on_close(file.close)
    return answer


def _table(made: Report) -> table.Table:
    wanted = request.args.get("table") or made.tables[0].key
    found = next((each for each in made.tables if each.key == wanted), None)
    if found is None:
        raise NotFound("この表はありません。")
    return found


def _name(made: Report, suffix: str) -> str:
    parts = ["akiya", made.sort.key]
    if suffix == "csv" and len(made.tables) > 1:
        parts.append(_table(made).key)
    if made.scope.municipality:
        parts.append(made.scope.municipality)
    if "period" in made.sort.asks:
        parts += [f"{made.scope.period.first:%Y%m}", f"{made.scope.period.last:%Y%m}"]
    else:
        parts.append(f"{made.scope.today:%Y%m%d}")
    return f"{'-'.join(parts)}.{suffix}"

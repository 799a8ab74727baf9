"""The coordinators' pages."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from akiya.accounts import guard
from akiya.errors import Invalid
from akiya.reports import export, queries
from akiya.reports.forms import PeriodForm

blueprint = Blueprint("reports_staff", __name__, url_prefix="/prefecture")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/")
@guard.prefecture
def index() -> str:
    rows, totals = queries.counts(queries.today())
    return render_template("reports/index.html", rows=rows, totals=totals)


@blueprint.get("/reports/monthly")
@guard.prefecture
def monthly() -> str | tuple[str, int]:
    form = PeriodForm(data=_period())
    problem = table = None
    try:
        table = _table()
    except Invalid as error:
        problem = str(error)
    period = _period()
    page = render_template(
        "reports/monthly.html",
        form=form,
        table=table,
        problem=problem,
        csv_url=url_for("reports_staff.monthly_csv", **period),
        xlsx_url=url_for("reports_staff.monthly_xlsx", **period),
    )
    return (page, 400) if problem else page


@blueprint.get("/reports/monthly.csv")
@guard.prefecture
def monthly_csv() -> Response:
    return _download(b"".join(export.csv(_table())), "text/csv; charset=utf-8", "csv")


@blueprint.get("/reports/monthly.xlsx")
@guard.prefecture
def monthly_xlsx() -> Response:
    return _download(export.xlsx(_table()), _XLSX, "xlsx")


def _period() -> dict[str, Any]:
    today = queries.today()
    fiscal_year = date(today.year if today.month >= 4 else today.year - 1, 4, 1)
    return {
        "since": request.args.get("since", "")[:20] or f"{fiscal_year:%Y-%m}",
        "until": request.args.get("until", "")[:20] or f"{today:%Y-%m}",
    }


def _table() -> queries.Table:
    period = _period()
    return queries.monthly(queries.month(period["since"]), queries.month(period["until"]), today=queries.today())


def _download(content: bytes, mimetype: str, suffix: str) -> Response:
    period = _period()
    name = f"akiya-monthly-{period['since']}-{period['until']}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, content_type=mimetype, headers=headers)

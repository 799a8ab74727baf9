"""Shared by the pages of figures: the period of the request, the response, and links to what a figure counts."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from akiya.errors import Invalid
from akiya.municipalities import search as municipalities
from akiya.pages import guard
from akiya.pages.report_forms import ScopeForm, filled
from akiya.reports import charts, dashboard, registry
from akiya.reports import scope as scopes
from akiya.reports.dashboard import Board
from akiya.reports.periods import Period, fiscal_year, written
from akiya.reports.table import shown_as
from akiya.values import Values

_ASKED = ("since", "until", "fiscal_year", "municipality")


_OF_CLOSINGS = ("contracted", "households", "people")


_OF_INQUIRIES = {"inquiries": "inquiry", "viewings": "viewing", "online": "online"}


_OF_STATES = ("open", "negotiating")


@dataclass(frozen=True)
class FiguresRequest:
    """A request for figures: the board of figures that it asks for, or the problem with the request."""

    form: ScopeForm
    board: Board | None
    problem: str
    yearly: bool


def asked_for(**known: str) -> FiguresRequest:
    """Read the period and municipality of the request, and make its board; `known` overrides the address."""
    given = {name: request.args.get(name, "") for name in _ASKED} | known
    today, board, problem = registry.today(), None, ""
    yearly = request.args.get("by") == "year"
    try:
        scope = scopes.scope(given, today, guard.me().municipality_code)
        if not scope.period.months:
            raise Invalid("その期間はまだ始まっていません。今月までの月を選んでください。")
        board = dashboard.make(scope.period, yearly=yearly)
        if not given["fiscal_year"]:
            given |= {"since": f"{scope.period.first:%Y-%m}", "until": f"{scope.period.last:%Y-%m}"}
    except Invalid as error:
        problem = str(error)
    years = range(fiscal_year(today), scopes.FIRST_YEAR - 1, -1)
    places = [(place.code, place.name) for place in municipalities.served()]
    return FiguresRequest(filled(given, years, places), board, problem, yearly)


def answer(template: str, asked: FiguresRequest, **more: object) -> ResponseReturnValue:
    """Render the page of figures from `template`, with status 400 if there is a problem with the request."""
    period = asked.board.period if asked.board else None
    page = render_template(
        template,
        asked=asked,
        board=asked.board,
        written=written(period) if period else "",
        this_month=f"{registry.today():%Y-%m}",
        columns=dashboard.SHOWN,
        mean_column=dashboard.mean_column,
        shown_as=shown_as,
        chart_mark=charts.mark,
        behind=_behind(period) if period else None,
        monthly=_monthly if guard.me().is_prefecture else None,
        place_url=lambda code: url_for("figures_staff.show", municipality=code, **_period(period) if period else {}),
        **more,
    )
    return (page, 400) if asked.problem else page


def _period(period: Period) -> Values:
    return {"since": f"{period.first:%Y-%m}", "until": f"{period.last:%Y-%m}"}


def _monthly(period: Period) -> str:
    return url_for("reports_staff.show", report="monthly", **_period(period))


def _behind(period: Period) -> Callable[..., str]:
    """Return a function for the address of what a figure counts, in one municipality or all; "" if no page shows it."""
    staff, asked = guard.me(), _period(period)
    one_month, now = asked["since"] == asked["until"], period.last == registry.today()

    def address(key: str, code: str = "") -> str:
        if key in _OF_CLOSINGS:
            return url_for("reports_staff.show_own", own_report="closings", **asked, municipality=code or None)
        if key in _OF_STATES and now:
            return url_for("listings_staff.index", status=key, municipality=code or None)
        if staff.is_prefecture and code:
            return url_for("figures_staff.show", municipality=code, **asked, _anchor=f"{key}-title")
        if key in _OF_INQUIRIES and one_month:
            return url_for("inquiries_staff.index", month=asked["since"], kind=_OF_INQUIRIES[key])
        return _monthly(period) if staff.is_prefecture else ""

    return address

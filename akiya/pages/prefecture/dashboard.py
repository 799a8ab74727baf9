"""The prefecture's figures for coordinators, and a municipality's own beside the mean."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from akiya.accounts import guard
from akiya.errors import Invalid, NotFound
from akiya.municipalities import search as municipalities
from akiya.municipalities.outlines import of_prefecture
from akiya.reports import charts, dashboard, panels, queries, ranks, scopes
from akiya.reports.dashboard import COLUMN, Board, Place
from akiya.reports.forms import ScopeForm, filled
from akiya.reports.periods import Period, fiscal_year, written
from akiya.reports.staff import blueprint as prefecture_pages
from akiya.reports.table import shown_as

own_pages = Blueprint("figures_staff", __name__, url_prefix="/staff")
Answer = str | tuple[str, int] | Response
_ASKED = ("since", "until", "fiscal_year", "municipality")
_OF_CLOSINGS = ("contracted", "households", "people")
_OF_INQUIRIES = {"inquiries": "inquiry", "viewings": "viewing", "online": "online"}
_OF_STATES = ("open", "negotiating")


@dataclass(frozen=True)
class _Asked:
    """What the address asks for: a board, or what is wrong with the question."""

    form: ScopeForm
    board: Board | None
    problem: str
    yearly: bool


@prefecture_pages.get("/")
@guard.prefecture
def index() -> Answer:
    asked = _asked()
    key = request.args.get("figure", "")
    key = key if key in COLUMN else "open"
    sort, down = request.args.get("sort", ""), request.args.get("dir") == "desc"
    page: dict[str, Any] = {"key": key, "sort": sort, "down": down, "ranks_shown": ranks.shown()}
    if asked.board is not None:
        prefecture = municipalities.prefecture()
        drawn = of_prefecture(prefecture.code if prefecture else "")
        page["areas"], page["legend"] = panels.areas(asked.board, key, drawn)
        page["drawn"] = drawn
        page["panels"] = panels.together(asked.board)
        page["places"] = dashboard.ordered(asked.board.places, sort, down=down)
        page["heads"] = [_head(column.key, sort, down=down) for column in dashboard.SHOWN]
        page["name_head"] = _head("name", sort if sort in COLUMN else "name", down=down)
    return _answer("reports/index.html", asked, **page)


@prefecture_pages.post("/ranks")
@guard.prefecture
def show_ranks() -> Answer:
    shown = request.form.get("shown") == "1"
    ranks.show(guard.me(), shown)
    flash("市町村の職員に、順位を見せるようにしました。" if shown else "市町村の職員に、順位を見せないようにしました。")
    return redirect(url_for("reports_staff.index"), 303)


@own_pages.get("/figures")
@guard.signed_in
def show() -> Answer:
    staff, wanted = guard.me(), request.args.get("municipality", "")
    if not staff.is_prefecture and wanted not in ("", staff.municipality_code):
        raise NotFound("この市町村の数字は見られません。")
    served = municipalities.served()
    code = wanted or staff.municipality_code or (served[0].code if served else "")
    municipality = municipalities.by_code(code)
    if municipality is None:
        raise NotFound("この市町村は登録されていません。")
    asked = _asked(municipality=code)
    page: dict[str, Any] = {"municipality": municipality, "ranks": {}}
    if asked.board is not None:
        # A municipality of elsewhere has no row until it has a figure.
        none = dashboard.over(())
        place = asked.board.of(code) or Place(code, municipality.name, "", (none,) * len(asked.board.steps), none)
        mean = dashboard.means(asked.board)
        page |= {"place": place, "mean": mean, "panels": panels.beside(asked.board, place, mean)}
        if ranks.shown():
            page["ranks"] = {key: dashboard.rank(asked.board, code, key) for key in COLUMN}
    return _answer("reports/figures.html", asked, **page)


def _asked(**known: str) -> _Asked:
    given = {name: request.args.get(name, "") for name in _ASKED} | known
    today, board, problem = queries.today(), None, ""
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
    return _Asked(filled(given, years, places), board, problem, yearly)


def _answer(template: str, asked: _Asked, **more: Any) -> Answer:
    period = asked.board.period if asked.board else None
    page = render_template(
        template,
        asked=asked,
        board=asked.board,
        written=written(period) if period else "",
        this_month=f"{queries.today():%Y-%m}",
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


def _head(key: str, sort: str, *, down: bool) -> tuple[str, str, str]:
    """(label, address, aria-sort) of a heading that sorts: the greatest figures come first, names from the first on."""
    chosen = key == sort
    then_down = not down if chosen else key in COLUMN
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name not in ("sort", "dir")}
    direction = "desc" if then_down else "asc"
    url = url_for("reports_staff.index", **kept, sort=key, dir=direction, _anchor="places")
    label = COLUMN[key].label if key in COLUMN else "市町村"
    return label, url, ("descending" if down else "ascending") if chosen else ""


def _period(period: Period) -> dict[str, Any]:
    return {"since": f"{period.first:%Y-%m}", "until": f"{period.last:%Y-%m}"}


def _monthly(period: Period) -> str:
    return url_for("reports_staff.show", report="monthly", **_period(period))


def _behind(period: Period) -> Callable[..., str]:
    """The address of what a figure of the period counts: of a municipality, or of all. "" where nothing shows it."""
    staff, asked = guard.me(), _period(period)
    one_month, now = asked["since"] == asked["until"], period.last == queries.today()

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

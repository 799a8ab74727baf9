"""The dashboard of coordinators: the prefecture's figures as charts, a map and a table."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from akiya.municipalities import search as municipalities
from akiya.municipalities.outlines import of_prefecture
from akiya.pages import figures, guard, panels
from akiya.pages.blueprints import reports_staff
from akiya.reports import dashboard, ranks
from akiya.reports.dashboard import COLUMN
from akiya.values import Values


@reports_staff.get("/")
@guard.prefecture
def index() -> ResponseReturnValue:
    """Show the figures of the period that is asked for."""
    asked = figures.asked_for()
    key = request.args.get("figure", "")
    key = key if key in COLUMN else "open"
    sort, down = request.args.get("sort", ""), request.args.get("dir") == "desc"
    page: Values = {"key": key, "sort": sort, "down": down, "ranks_shown": ranks.shown()}
    if asked.board is not None:
        prefecture = municipalities.prefecture()
        drawn = of_prefecture(prefecture.code if prefecture else "")
        page["areas"], page["legend"] = panels.areas(asked.board, key, drawn)
        page["drawn"] = drawn
        page["panels"] = panels.together(asked.board)
        page["places"] = dashboard.ordered(asked.board.places, sort, down=down)
        page["heads"] = [_head(column.key, sort, down=down) for column in dashboard.SHOWN]
        page["name_head"] = _head("name", sort if sort in COLUMN else "name", down=down)
    return figures.answer("prefecture/dashboard.html", asked, **page)


@reports_staff.post("/ranks")
@guard.prefecture
def show_ranks() -> ResponseReturnValue:
    """Choose whether staff of municipalities see the ranks."""
    shown = request.form.get("shown") == "1"
    ranks.show(guard.me(), shown)
    flash("市町村の職員に、順位を見せるようにしました。" if shown else "市町村の職員に、順位を見せないようにしました。")
    return redirect(url_for("reports_staff.index"), 303)


def _head(key: str, sort: str, *, down: bool) -> tuple[str, str, str]:
    """Return (label, address, aria-sort) of a heading that sorts the table.

    Figures are sorted from the greatest first, names in ascending order first.
    """
    chosen = key == sort
    then_down = not down if chosen else key in COLUMN
    kept: Values = {name: value for name, value in request.args.items() if name not in ("sort", "dir")}
    direction = "desc" if then_down else "asc"
    url = url_for("reports_staff.index", **kept, sort=key, dir=direction, _anchor="places")
    label = COLUMN[key].label if key in COLUMN else "市町村"
    return label, url, ("descending" if down else "ascending") if chosen else ""

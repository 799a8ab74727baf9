"""A municipality's own figures, compared with the mean of all."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from akiya.errors import NotFound
from akiya.municipalities import search as municipalities
from akiya.pages import figures, guard, panels
from akiya.reports import dashboard, ranks
from akiya.reports.dashboard import COLUMN, PlaceFigures

blueprint = Blueprint("figures_staff", __name__, url_prefix="/staff")


@blueprint.get("/figures")
@guard.signed_in
def show() -> ResponseReturnValue:
    """Show the figures of the account's municipality; coordinators may ask for any."""
    staff, wanted = guard.me(), request.args.get("municipality", "")
    if not staff.is_prefecture and wanted not in ("", staff.municipality_code):
        raise NotFound("この市町村の数字は見られません。")
    served = municipalities.served()
    code = wanted or staff.municipality_code or (served[0].code if served else "")
    municipality = municipalities.by_code(code)
    if municipality is None:
        raise NotFound("この市町村は登録されていません。")
    asked = figures.asked_for(municipality=code)
    page: dict[str, object] = {"municipality": municipality, "ranks": {}}
    if asked.board is not None:
        # A municipality outside the prefecture has no row until it has a figure.
        none = dashboard.over(())
        place = asked.board.of(code) or PlaceFigures(
            code, municipality.name, "", (none,) * len(asked.board.steps), none
        )
        mean = dashboard.means(asked.board)
        page |= {"place": place, "mean": mean, "panels": panels.beside(asked.board, place, mean)}
        if ranks.shown():
            page["ranks"] = {key: dashboard.rank(asked.board, code, key) for key in COLUMN}
    return figures.answer("staff/figures.html", asked, **page)

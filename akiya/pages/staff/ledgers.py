"""The staff's pages of ledgers: upload one, see what it would change, apply or undo that, and download one."""

import logging
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any  # as url_for takes it

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from akiya.errors import Invalid
from akiya.ledgers import export, report, search, service
from akiya.ledgers.models import BUSY, Import, Phase, RowOutcome
from akiya.listings.models import Listing
from akiya.listings.service import today
from akiya.municipalities import search as municipalities
from akiya.pages import guard
from akiya.pages.staff.ledger_forms import LedgerForm, choices
from akiya.tabular.workbook import MOST_ROWS
from akiya.web import running
from akiya.web.downloads import CSV, XLSX, attachment
from akiya.web.pagination import Page, page_number
from akiya.web.uploads import on_disk

blueprint = Blueprint("ledgers_staff", __name__, url_prefix="/staff/ledger")
PER_PAGE = 100
log = logging.getLogger("akiya")


@blueprint.get("")
@guard.writer
def index() -> ResponseReturnValue:
    """Show the form for a ledger, and recent imports."""
    return _index_page(LedgerForm())


@blueprint.post("")
@guard.writer
def upload() -> ResponseReturnValue:
    """Receive a ledger; the worker then reads and checks it."""
    form, code = LedgerForm(), _code()
    if not form.validate_on_submit():
        return _index_page(form), 400
    with on_disk(form.file.data) as path:
        try:
            taken = service.receive(guard.me(), code, form.file.data.filename or "", path, running.storage())
        except Invalid as error:
            form.file.errors = [error.errors.get("file", str(error))]
            return _index_page(form), 400
    return _worked_on(taken.id)


def _index_page(form: LedgerForm) -> str:
    staff, code = guard.me(), _code()
    municipality = search.municipality_for(staff, code)
    return render_template(
        "staff/ledgers/index.html",
        form=form,
        municipality=municipality,
        code=code,
        served=municipalities.served() if staff.is_prefecture else [],
        has_layout=search.layout(code) is not None,
        imports=search.recent(staff, code),
        running=search.running(code),
        most_rows=MOST_ROWS,
    )


@blueprint.get("/export.xlsx")
@guard.writer
def export_xlsx() -> Response:
    """Return the homes as a ledger in Excel, with private facts."""
    return _export("xlsx")


@blueprint.get("/export.csv")
@guard.writer
def export_csv() -> Response:
    """Return the homes as a ledger in CSV, with private facts."""
    return _export("csv")


@blueprint.get("/template.xlsx")
@guard.writer
def template_xlsx() -> Response:
    """Return an empty ledger in Excel."""
    return _ledger("xlsx", [], "-template")[0]


def _export(kind: str) -> Response:
    code = _code()
    response, count = _ledger(kind, search.homes(_codes(code)), "")
    fields = {"staff": guard.me().id, "municipality": code or "all", "homes": count}
    log.info("a ledger with private facts was exported", extra={"fields": fields})
    return response


def _ledger(kind: str, homes: Iterable[Listing], suffix: str) -> tuple[Response, int]:
    """Return the ledger of these homes as a file to download, and the number of homes in it."""
    municipality = search.municipality_for(guard.me(), _code())
    code, place = (municipality.code, municipality.name) if municipality else ("all", "県全体")
    columns = export.columns_of(search.layout(_code()), everything=request.args.get("columns") == "all")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger"
        if kind == "csv":
            count = export.write_csv(path, columns, homes)
        else:
            count = export.write_xlsx(path, columns, homes, title=f"{place}の空き家台帳", today=today())
        content = path.read_bytes()
    name = f"akiya-ledger-{code}-{today():%Y%m%d}{suffix}.{kind}"
    return attachment(content, name, XLSX if kind == "xlsx" else CSV), count


@blueprint.get("/<id:import_id>")
@guard.writer
def show(import_id: int) -> ResponseReturnValue:
    """Show what an import would change, or has changed."""
    return _page(import_id)


@blueprint.get("/<id:import_id>/state.json")
@guard.writer
def state(import_id: int) -> Response:
    """Return the progress of an import, for the script of its page."""
    taken = search.for_staff(guard.me(), import_id)
    answer = jsonify(phase=str(taken.phase), done=taken.done, rows=taken.rows, text=_progress(taken))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/<id:import_id>/report.csv")
@guard.writer
def report_csv(import_id: int) -> Response:
    """Return what an import does with each row, as CSV."""
    taken = search.for_staff(guard.me(), import_id)
    content = b"".join(report.csv(search.rows(taken.id, _outcome(), MOST_ROWS + 10, 0)))
    return attachment(content, f"akiya-ledger-{import_id}.csv")


@blueprint.get("/<id:import_id>/columns")
@guard.writer
def columns(import_id: int) -> ResponseReturnValue:
    """Show what each column of the ledger was taken for."""
    return _columns_page(import_id, None, [])


@blueprint.post("/<id:import_id>/columns")
@guard.writer
def choose_columns(import_id: int) -> ResponseReturnValue:
    """Choose what the columns of the ledger mean; the worker then checks it again."""
    taken = search.for_staff(guard.me(), import_id)
    sheet = request.form.get("sheet", taken.reading.get("sheet", ""))
    chosen = [[header, request.form.get(f"column-{place}", name)] for place, (header, name) in enumerate(taken.columns)]
    try:
        service.choose_columns(guard.me(), import_id, sheet, chosen)
    except Invalid as error:
        return _columns_page(import_id, chosen, [str(error)]), 400
    return _worked_on(import_id)


@blueprint.post("/<id:import_id>/apply")
@guard.writer
def apply(import_id: int) -> ResponseReturnValue:
    """Start making the changes that the import has shown."""
    return _act(import_id, service.apply)


@blueprint.post("/<id:import_id>/undo")
@guard.writer
def undo(import_id: int) -> ResponseReturnValue:
    """Start undoing the changes that the import has made."""
    return _act(import_id, service.undo)


@blueprint.post("/<id:import_id>/discard")
@guard.writer
def discard(import_id: int) -> ResponseReturnValue:
    """Discard an import that has changed nothing."""
    code = search.for_staff(guard.me(), import_id).municipality_code
    try:
        service.discard(guard.me(), import_id, running.storage())
    except Invalid as error:
        return _page(import_id, [str(error)]), 400
    flash("取り込みをやめました。物件は何も変わっていません。", "success")
    return redirect(_index_url(code), 303)


def _act(import_id: int, act: Callable[..., None]) -> ResponseReturnValue:
    try:
        act(guard.me(), import_id)
    except Invalid as error:
        return _page(import_id, [str(error)]), 400
    return _worked_on(import_id)


def _worked_on(import_id: int) -> AnyResponse:
    running.wake("ledgers")
    return redirect(url_for("ledgers_staff.show", import_id=import_id), 303)


def _code() -> str | None:
    """Return the code of the municipality whose ledger is meant, None for the whole prefecture. Raise NotFound."""
    municipality = search.municipality_for(guard.me(), request.args.get("municipality"))
    return municipality.code if municipality else None


def _codes(code: str | None) -> list[str]:
    return [code] if code else [m.code for m in municipalities.served()]


def _index_url(code: str | None) -> str:
    return url_for("ledgers_staff.index", municipality=code if guard.me().is_prefecture else None)


def _outcome() -> RowOutcome | None:
    return RowOutcome.of(request.args.get("outcome"))


def _progress(taken: Import) -> str:
    of = f"{taken.rows:,}行のうち" if taken.rows and taken.phase in (Phase.APPLYING, Phase.UNDOING) else ""
    return f"{taken.phase.label}です（{of}{taken.done:,}行）。"


def _page(import_id: int, problems: list[str] | None = None) -> str:
    taken = search.for_staff(guard.me(), import_id)
    outcome, counts = _outcome(), search.counts(taken.id)
    number = page_number()
    rows = search.rows(taken.id, outcome, PER_PAGE, (number - 1) * PER_PAGE)
    total = counts.get(outcome, 0) if outcome else sum(counts.values())

    def url(**changes: Any) -> str:
        kept = {"outcome": str(outcome) if outcome else None, **changes}
        return url_for("ledgers_staff.show", import_id=import_id, **{k: v for k, v in kept.items() if v})

    return render_template(
        "staff/ledgers/show.html",
        taken=taken,
        phases=Phase,
        busy=taken.phase in BUSY,
        progress=_progress(taken),
        counts=counts,
        tabs=[(o, counts[o], url(outcome=str(o)), o is outcome) for o in RowOutcome if o in counts],
        all_url=url(outcome=None),
        outcome=outcome,
        total=total,
        lines=report.lines(rows),
        page=Page(rows, total, number, PER_PAGE, lambda n: url(page=n)),
        to_do=counts.get(RowOutcome.NEW, 0) + counts.get(RowOutcome.CHANGED, 0),
        kept=search.kept(taken.id) if taken.phase is Phase.UNDONE else 0,
        unused=[header for header, name in taken.columns if not name],
        index_url=_index_url(taken.municipality_code),
        problems=problems or [],
    )


def _columns_page(import_id: int, chosen: list[list[str]] | None, problems: list[str]) -> str:
    taken = search.for_staff(guard.me(), import_id)
    columns = chosen if chosen is not None else taken.columns
    names = [name for _header, name in columns if name]
    return render_template(
        "staff/ledgers/columns.html",
        taken=taken,
        columns=columns,
        samples=taken.reading.get("samples", []),
        sheets=taken.reading.get("sheets", []),
        twice={name for name in names if names.count(name) > 1},
        choices=choices(),
        can_choose=taken.phase is Phase.CHECKED,
        problems=problems,
    )

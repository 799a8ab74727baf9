"""The coordinators' page of the audit log, and its file."""

from datetime import date, timedelta

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from akiya.audits.models import AuditKind
from akiya.audits.search import MOST, AuditCriteria, AuditEntry
from akiya.errors import Invalid
from akiya.municipalities import search as municipalities
from akiya.pages import guard
from akiya.pages.prefecture.recording import ENDPOINTS, SEEN
from akiya.tabular.csv import csv_lines
from akiya.values import Values
from akiya.web import filters, running
from akiya.web.downloads import attachment
from akiya.web.pagination import Page, page_number

blueprint = Blueprint("audits_staff", __name__, url_prefix="/prefecture")
PER_PAGE = 100
_DAYS = 30
_HEADINGS = ("日時", "した人", "種類", "内容", "市町村", "物件番号・アカウント")


@blueprint.get("/audit")
@guard.prefecture
def index() -> ResponseReturnValue:
    """Show the audit log, newest first, narrowed by days, person, municipality and kind."""
    number, problems = page_number(), {}
    try:
        asked = _asked()
    except Invalid as error:
        problems, asked = error.errors, AuditCriteria(*_usual())

    def url(endpoint: str = ".index", **more: object) -> str:
        given = {"since": asked.since, "until": asked.until, "who": asked.who, "municipality": asked.municipality}
        kept = {**given, "kind": asked.kind, **more}
        values: Values = {name: str(value) for name, value in kept.items() if value}
        return url_for(endpoint, **values)

    lines = [(line, _what(line)) for line in asked.lines(PER_PAGE, (number - 1) * PER_PAGE)]
    places = {place.code: place.name for place in municipalities.served()}
    page = render_template(
        "prefecture/audits.html",
        asked=asked,
        problems=problems,
        typed={name: request.args.get(name, "") for name in ("since", "until")},
        page=Page(lines, asked.total(), number, PER_PAGE, lambda n: url(page=n)),
        csv_url=url(".export_csv"),
        places=places,
        kinds=list(AuditKind),
        months=running.config().audit_months,
        most=MOST,
    )
    return (page, 400) if problems else page


@blueprint.get("/audit.csv")
@guard.prefecture
def export_csv() -> Response:
    """Return the narrowed audit log as CSV."""
    asked = _asked()
    places = {place.code: place.name for place in municipalities.served()}
    lines = (
        (
            f"{filters.local(line.at):%Y-%m-%d %H:%M:%S}", line.actor, line.kind.label, _what(line),
            places.get(line.municipality_code or "", line.municipality_code or "県"), line.about,
        )
        for line in asked.lines(MOST)
    )  # fmt: skip
    content = b"".join(csv_lines([_HEADINGS, *lines]))
    name = f"akiya-audit-{asked.since:%Y%m%d}-{asked.until:%Y%m%d}.csv"
    return attachment(content, name)


def _what(line: AuditEntry) -> str:
    """Return what the entry says in words; entries without a code are words already."""
    known = ENDPOINTS.get(line.what)
    return known[1] if known else SEEN.get(line.what, line.what)


def _usual() -> tuple[date, date]:
    today = filters.today()
    return today - timedelta(days=_DAYS), today


def _asked() -> AuditCriteria:
    """Return the criteria of the request, by default the last days.

    Raise Invalid, with a message for each text that is not a date or not possible.
    """
    first, last = _usual()
    problems: dict[str, str] = {}
    days = {}
    for name, usual in (("since", first), ("until", last)):
        text = request.args.get(name, "").strip()
        try:
            days[name] = date.fromisoformat(text) if text else usual
        except ValueError:
            problems[name] = f"「{text[:20]}」は年月日ではありません。2026-11-27 のように入れてください。"
    if not problems and not date(2000, 1, 1) <= days["since"] <= days["until"] <= date(2200, 1, 1):
        problems["until"] = (
            f"{days['since']} から {days['until']} までは調べられません。始まりより後の日にしてください。"
        )
    if problems:
        raise Invalid("".join(problems.values()), problems)
    args = request.args
    who, code, kind = (
        args.get("who", "").strip()[:100],
        args.get("municipality", "")[:5],
        AuditKind.of(args.get("kind")),
    )
    return AuditCriteria(days["since"], days["until"], who, code, kind)

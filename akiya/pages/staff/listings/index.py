"""The staff's list of listings, the same as CSV, and closed listings whose record lacks answers."""

from itertools import chain

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from akiya.accounts import search as accounts
from akiya.backoffice import worklist
from akiya.backoffice.criteria import OVERDUE, Charge, StaffCriteria, WorklistOrder
from akiya.errors import Invalid
from akiya.listings import titles
from akiya.listings.detached import as_listing
from akiya.listings.enums import LISTED, Need, PropertyKind, Status
from akiya.municipalities import search as municipalities
from akiya.pages import guard
from akiya.pages.blueprints import listings_staff
from akiya.tabular.csv import csv_lines
from akiya.values import Values
from akiya.web import filters
from akiya.web.downloads import attachment
from akiya.web.pagination import Page, page_number

PER_PAGE = 50


@listings_staff.get("/")
@guard.signed_in
def index() -> ResponseReturnValue:
    """List the listings that the account may see, narrowed by the filters."""
    staff, today, number = guard.me(), filters.today(), page_number()
    asked, problems = _asked()
    items, total = worklist.find(staff, asked, PER_PAGE, (number - 1) * PER_PAGE, today)
    counts, needs = worklist.status_counts(staff, asked), worklist.need_counts(staff, asked, today)

    def url(endpoint: str = ".index", **changes: object) -> str:
        kept = {**asked.asked(), **changes}
        given: Values = {name: str(value) for name, value in kept.items() if value}
        return url_for(endpoint, **given)

    page = render_template(
        "staff/listings/index.html",
        rows=[(item, titles.title(item.listing, item.municipality_name)) for item in items],
        page=Page(items, total, number, PER_PAGE, lambda n: url(page=n)),
        status_counts=[(s, counts[s], url(status=s, need=None), s is asked.status) for s in Status if s in counts],
        need_counts=[(n, needs.get(n), url(need=n, status=None), n is asked.need) for n in Need if needs.get(n, 1)],
        incomplete=worklist.incomplete_closings_count(staff),
        all_url=url(status=None, need=None),
        csv_url=url(".export_csv"),
        here=url(page=number if number > 1 else None),
        asked=asked,
        problems=problems,
        **_choices(asked),
        can_write=staff.can_write,
        listed=LISTED,
    )
    return (page, 400) if problems else page


@listings_staff.get("/listings.csv")
@guard.signed_in
def export_csv() -> Response:
    """Return the narrowed list as CSV."""
    asked = StaffCriteria.read(request.args)
    rows = worklist.csv_rows(guard.me(), asked, filters.today())
    content = b"".join(csv_lines(chain([worklist.CSV_HEADINGS], rows)))
    name = f"akiya-listings-{filters.today():%Y%m%d}.csv"
    return attachment(content, name)


def _asked() -> tuple[StaffCriteria, dict[str, str]]:
    """Return the criteria of the request, and a message for each one that cannot be read and is left out."""
    try:
        return StaffCriteria.read(request.args), {}
    except Invalid as error:
        kept = {name: value for name, value in request.args.items() if name not in error.errors}
        return StaffCriteria.read(kept), error.errors


def _choices(asked: StaffCriteria) -> dict[str, object]:
    """Return the choices that the filters of the list offer."""
    staff = guard.me()
    code = asked.municipality if staff.is_prefecture else staff.municipality_code
    people = [(str(person.id), person.name) for person in accounts.writers(code or None) if person.id != staff.id]
    if asked.charge.isdecimal() and asked.charge not in dict(people):
        people.append((asked.charge, accounts.name_of(int(asked.charge))))
    return {
        "municipalities": municipalities.served() if staff.is_prefecture else [],
        "kinds": list(PropertyKind),
        "charges": [*((str(choice), choice.label) for choice in Charge), *people],
        "overdue_days": OVERDUE,
        "orders": list(WorklistOrder),
    }


@listings_staff.get("/closings")
@guard.signed_in
def closings() -> str:
    """List the closed listings whose record lacks answers."""
    staff, number = guard.me(), page_number()
    rows = worklist.incomplete_closings(staff, PER_PAGE, (number - 1) * PER_PAGE)
    total = worklist.incomplete_closings_count(staff)
    return render_template(
        "staff/listings/closings.html",
        rows=[(row, titles.title(as_listing(row), row.municipality_name), lacks) for row, lacks in rows],
        page=Page(rows, total, number, PER_PAGE, lambda n: url_for("listings_staff.closings", page=n)),
        can_write=staff.can_write,
    )

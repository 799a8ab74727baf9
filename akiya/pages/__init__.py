"""The HTTP pages. `register` adds all of them to an application."""

from collections.abc import Mapping
from multiprocessing import util

from flask import Flask

from akiya.accounts.models import Staff
from akiya.bulletins import search as bulletin_search
from akiya.bulletins.models import Bulletin
from akiya.inquiries import search as inquiry_search
from akiya.inquiries.models import InquiryKind
from akiya.listings import pictograms
from akiya.listings.hazards import HazardKind
from akiya.municipalities import search as municipality_search
from akiya.owners import search as owner_search
from akiya.pages import blueprints, guard, listing_parts
from akiya.pages.api import items
from akiya.pages.prefecture import audits, dashboard, municipalities, recording, reports
from akiya.pages.prefecture import bulletins as prefecture_bulletins
from akiya.pages.public import (
    application,
    confirmation,
    facet_html,
    feeds,
    listing,
    municipality,
    opendata,
    search,
    seo,
    tour,
    visits,
)
from akiya.pages.staff import bulletins, figures, inquiries, ledgers, outbox, styleguide
from akiya.pages.staff import municipality as staff_municipality
from akiya.pages.staff.accounts import mail_links, me, people, resume, sign_in
from akiya.pages.staff.listings import assignment, bulk_actions, form, history, index, photos, show
from akiya.pages.staff.owners import owners, printing
from akiya.pages.staff.tours import scene
from akiya.pages.staff.tours import tour as staff_tour
from akiya.panoramas import search as panorama_search
from akiya.visits import search as visit_search
from akiya.visits import service as visit_service
from akiya.visits.counter import Counter, Key
from akiya.web.limits import limiter

# The views of these modules share a blueprint, and are registered by the import of the module.
_ON_SHARED_BLUEPRINTS = (
    search, listing, municipality, index, show, bulletins, prefecture_bulletins, reports, dashboard,
)  # fmt: skip
BLUEPRINTS = (
    sign_in.blueprint,
    mail_links.blueprint,
    me.blueprint,
    people.blueprint,
    outbox.blueprint,
    blueprints.bulletins_staff,
    blueprints.listings,
    feeds.blueprint,
    seo.blueprint,
    blueprints.listings_staff,
    bulk_actions.blueprint,
    form.blueprint,
    photos.blueprint,
    assignment.blueprint,
    history.blueprint,
    staff_municipality.blueprint,
    confirmation.blueprint,
    application.blueprint,
    owners.blueprint,
    printing.blueprint,
    ledgers.blueprint,
    tour.blueprint,
    staff_tour.blueprint,
    scene.blueprint,
    inquiries.blueprint,
    visits.blueprint,
    municipalities.blueprint,
    blueprints.reports_staff,
    figures.blueprint,
    opendata.blueprint,
    items.blueprint,
    audits.blueprint,
)
# The application form checks its token itself, so that what was typed is shown again; counting a visit uses no session.
WITHOUT_CSRF = (application.blueprint, visits.blueprint)
# Reading has no rate limit; without the exemption, looking that up would take a tenth of the time of a response.
UNLIMITED = (blueprints.listings, feeds.blueprint, seo.blueprint)
FOR_PROGRAMS = (opendata.blueprint, items.blueprint)
PROGRAMS_LIMIT = "300/minute"


def register(app: Flask) -> None:
    """Register every blueprint, hook and template global with `app`. Raise RuntimeError for an unguarded staff view."""
    guard.manager.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for blueprint in WITHOUT_CSRF:
        app.extensions["csrf"].exempt(blueprint)
    for blueprint in UNLIMITED:
        limiter.exempt(blueprint)
    for blueprint in FOR_PROGRAMS:
        limiter.shared_limit(PROGRAMS_LIMIT, scope=blueprint.name)(blueprint)
    resume.init_app(app)
    app.after_request(recording.record)
    app.context_processor(_prefecture)
    app.context_processor(lambda: {"current_staff": guard.current_staff()})
    app.jinja_env.globals.update(_template_globals())
    _add_listing_parts()
    _count_visits(app)
    if app.config["AKIYA"].debug:
        styleguide.init_app(app)
    guard.check(app)


def _prefecture() -> dict[str, object]:
    """Return what every template needs of the prefecture: itself and the name of the site."""
    prefecture = municipality_search.prefecture()
    return {"prefecture": prefecture, "site_name": municipality_search.site_name()}


def _template_globals() -> dict[str, object]:
    groups = [(g, [p for p in pictograms.PICTOGRAMS if p.group is g]) for g in pictograms.PictogramGroup]
    return {
        "unread_bulletins": _unread_bulletins,
        "pictogram_groups": groups,
        "hazards": list(HazardKind),
        "facet_boxes": facet_html.boxes,
        "facet_box": facet_html.box,
        "facet_options": facet_html.options,
        "facet_pictograms": facet_html.pictogram_boxes,
        "pictogram_chips": facet_html.chips,
        "inquiry_kinds": list(InquiryKind),  # the buttons that record one are on several pages
    }


def _unread_bulletins() -> list[Bulletin]:
    person: Staff | None = guard.current_staff()
    return bulletin_search.unread(person) if person else []


def _add_listing_parts() -> None:
    listing_parts.add("owner", staff=owner_search.overview)
    listing_parts.add("panorama", public=tour.part, staff=panorama_search.of_listing)
    listing_parts.add("inquiries", staff=inquiry_search.of_listing)
    listing_parts.add("visits", staff=visit_search.of_listing)


def _count_visits(app: Flask) -> None:
    def write(counts: Mapping[Key, int]) -> None:
        with app.app_context():
            visit_service.add(counts)

    app.extensions["akiya_visits"] = counter = Counter(write)
    # Not atexit: the web server's processes are started by multiprocessing and end without running it.
    util.Finalize(None, counter.flush, exitpriority=0)

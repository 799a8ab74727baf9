"""The listing form as a page and as JSON for its script; both say the same about the values."""

from dataclasses import dataclass, field

from flask import render_template, url_for
from wtforms import Field as BoundField

from akiya.accounts.models import FormDraft
from akiya.backoffice import checks
from akiya.backoffice.concurrent_edit import EditConflict
from akiya.listings import service
from akiya.listings.enums import LISTED
from akiya.listings.fields import BY_NAME, FIELDS, MAIN, Field, FieldGroup
from akiya.listings.models import Listing
from akiya.municipalities import settings
from akiya.municipalities.models import Municipality, Town
from akiya.municipalities.search import Near
from akiya.pages import cards
from akiya.pages.staff.listings import readings
from akiya.pages.staff.listings.fields import ListingForm
from akiya.values import Values


@dataclass
class Aid:
    """The form's remarks on its values: how they were read, and what is suggested, missing or wrong."""

    read: dict[str, str]
    suggested: dict[str, Near] = field(default_factory=dict)
    warnings: list[checks.Warning] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    home: Listing | None = None


@dataclass
class Notes:
    """The notes above the form: towns that match, others' changes, an unsaved draft."""

    place: str = ""
    towns: list[Town] = field(default_factory=list)
    differences: list[EditConflict] = field(default_factory=list)
    compared: int = 0
    draft: FormDraft | None = None


def aid(form: ListingForm, municipality: Municipality | None, listing: Listing | None) -> Aid:
    """Return what can be said about the form's values; little before a coordinator has chosen the municipality."""
    found = Aid(readings.readings(form))
    if municipality is None:
        return found
    values = form.values()
    draft = checks.unsaved(municipality, values, listing)
    found.home, found.errors = draft.home, dict(draft.errors)
    found.suggested = checks.suggestions(draft.home)
    found.warnings = checks.warnings(draft.home)
    if listing is None or listing.status not in LISTED:
        found.missing = service.missing_to_publish(draft.home)
    return found


def render(
    form: ListingForm, municipality: Municipality | None, listing: Listing | None, title: str, notes: Notes
) -> str:
    """Render the page of the form."""
    help_ = aid(form, municipality, listing)
    agents = settings.agents(municipality.code) if municipality else []
    if agents:
        form["agent_name"].render_kw = {"list": "agents"}
    return render_template(
        "staff/listings/form.html",
        agents=agents,
        form=form,
        sections=_sections(form, help_.missing),
        main=[(form[name], BY_NAME[name]) for name in MAIN],
        listing=listing,
        title=title,
        notes=notes,
        aid=help_,
        distances=checks.DISTANCES,
        ticked=form.straight.data or [],
        assist_url=url_for("listing_form.assist", listing_id=listing.id)
        if listing
        else url_for("listing_form.assist_new"),
        action=_address(listing),
        **_preview(help_.home, listing),
    )


def answer(form: ListingForm, municipality: Municipality | None, listing: Listing | None) -> Values:
    """Return the JSON for the script: parts of the page as HTML, and texts by field."""
    help_ = aid(form, municipality, listing)
    parts = {"aid": help_, "listing": listing, **_preview(help_.home, listing)}
    errors = {**form.error_messages(), **help_.errors}
    home = help_.home
    return {
        "preview": render_template("staff/listings/_form_preview.html", **parts),
        "notes": render_template("staff/listings/_form_notes.html", **parts),
        "read": help_.read,
        "errors": {name: text for name, text in errors.items() if name in BY_NAME and _filled(form[name])},
        "near": {name: {"text": near_text(near), "metres": near.metres} for name, near in help_.suggested.items()},
        "public": {"lon": home.lon, "lat": home.lat, "cell": cards.mesh_cell(home), "text": home.precision.label}
        if home is not None
        else None,
    }


def near_text(near: Near) -> str:
    """Return a straight distance as it is offered: 直線で約850m（○○小学校）."""
    return f"直線で約{near.metres:,}m（{near.name}）"


def _address(listing: Listing | None) -> str:
    if listing:
        return url_for("listing_form.edit", listing_id=listing.id)
    return url_for("listing_form.new")


def _filled(bound: BoundField) -> bool:
    return any(text for text in bound.raw_data or [])


def _sections(
    form: ListingForm, missing: dict[str, str]
) -> list[tuple[FieldGroup, list[tuple[BoundField, Field]], int, bool]]:
    """Return each group with its fields, how many are filled, and whether it is open at first."""
    sections = []
    for group in FieldGroup:
        rows = [(form[f.name], f) for f in FIELDS if f.group is group and f.name not in MAIN]
        filled = sum(bound.data not in (None, "") for bound, _f in rows)
        wrong = any(bound.errors or bound.name in missing for bound, _f in rows)
        sections.append((group, rows, filled, wrong))
    return [section for section in sections if section[1]]


def _preview(home: Listing | None, listing: Listing | None) -> Values:
    if home is None:
        return {"card": None, "pictograms": []}
    photo = listing.photos[0] if listing and listing.photos else None
    return {
        "card": cards.card(home, home.municipality, photo, "#preview"),
        "pictograms": cards.pictogram_groups(home),
    }

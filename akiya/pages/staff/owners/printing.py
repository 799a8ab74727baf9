"""The staff's sheets of A4: the application for the file, and the registration card."""

import segno
from flask import Blueprint, render_template, url_for
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from akiya import formatting
from akiya.listings import search as listings
from akiya.listings import titles
from akiya.listings.enums import PUBLIC
from akiya.listings.models import Listing
from akiya.owners import search
from akiya.owners.enums import Applicant
from akiya.owners.models import CoOwner
from akiya.pages import cards, guard
from akiya.pages.application_form import ApplicationForm
from akiya.web import running

blueprint = Blueprint("owners_print", __name__, url_prefix="/staff/listings/<id:listing_id>")
# The number of characters that fit on the card; the screen shows the rest.
_TITLE, _FACT, _TEXT, _NAME, _NOTE = 58, 32, 125, 45, 84


@blueprint.get("/application")
@guard.signed_in
def application(listing_id: int) -> str:
    """Show an owner's application for printing, or what the record knows of one that came another way."""
    listing = listings.for_staff(guard.me(), listing_id)
    guard.seen("application", listing_id)
    found = search.application(listing_id)
    municipality = listing.municipality
    form = ApplicationForm(MultiDict(found.sent if found else _known(listing)))
    form.offer([(municipality.code, municipality.name)])
    return render_template(
        "staff/owners/application.html",
        listing=listing,
        municipality=municipality,
        application=found,
        sections=form.answers(),
    )


@blueprint.get("/card")
@guard.signed_in
def card(listing_id: int) -> str:
    """Show the registration card of a home for printing, with a QR code of its public page."""
    listing = listings.for_staff(guard.me(), listing_id)
    guard.seen("card", listing_id)
    groups, _missing = cards.facts(listing)
    # The site's configured address, not the request's: any phone that reads the sheet must be able to open it.
    address = running.config().address + url_for("listings.show", listing_id=listing_id)
    texts = [(label, listing_text) for label, listing_text in _texts(listing) if listing_text]
    steps = [(e.status.label, e.effective_on) for e in reversed(listings.events(listing_id)) if e.status]
    return render_template(
        "staff/owners/card.html",
        listing=listing,
        municipality=listing.municipality,
        title=_cut(titles.title(listing, listing.municipality.name), _TITLE),
        groups=[
            (group, [(f.field.label, _cut(f.text, _FACT)) for f in facts if f.field.type.value != "long"])
            for group, facts in groups
        ],
        texts=[(label, _cut(text, _TEXT)) for label, text in texts],
        private=[(label, _cut(text, most)) for label, text, most in _private(listing) if text],
        co_owners=_cut("、".join(_co_owner(each) for each in search.co_owners(listing_id)), _NOTE),
        pictograms=[s for _group, rows in cards.pictogram_groups(listing) for s in rows if s.state == "yes"],
        photo=cards.picture(listing.photos[0]) if listing.photos else None,
        steps=steps[-6:],
        qr=Markup(segno.make(address, error="m").svg_inline(scale=2, border=2, omitsize=True)),  # noqa: S704  (drawn here)
        address=address,
        is_public=listing.status in PUBLIC,
    )


def _texts(listing: Listing) -> list[tuple[str, str]]:
    names = {
        "appeal": "紹介文",
        "remarks": "備考",
        "conditions": "条件",
        "association": "自治会のこと",
        "hazard_note": "災害についての補足",
    }
    return [(label, getattr(listing, name)) for name, label in names.items()]


def _private(listing: Listing) -> list[tuple[str, str, int]]:
    kept = listing.private
    point = f"北緯{kept.true_lat} 東経{kept.true_lon}" if kept.true_lat is not None else ""
    return [
        ("所有者", kept.owner_name, _NAME), ("連絡先", kept.owner_contact, _NOTE), ("番地", kept.lot_number, _NAME),
        ("位置", point, _NAME), ("同意の日", formatting.day(kept.consent_on) or "記録なし", _NAME),
        ("同意の範囲", kept.consent_scope, _NOTE), ("内部メモ", kept.notes, _NOTE),
    ]  # fmt: skip


def _co_owner(co_owner: CoOwner) -> str:
    agreed = f"{formatting.day(co_owner.agreed_on)}に同意" if co_owner.agreed_on else "同意なし"
    return f"{co_owner.name}（{co_owner.relation.label}・{agreed}）"


def _cut(text: str, most: int) -> str:
    """Return the text in one line, shortened to `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _known(listing: Listing) -> dict[str, str]:
    """Return the answers of a home that did not come by the public form, as far as its record has them."""
    wishes = {(True, True): "both", (True, False): "sale", (False, True): "rent"}
    names = ("town", "layout", "kind", "structure", "repair", "belongings", "water", "gas", "drain", "toilet")
    known = {name: str(getattr(listing, name) or "") for name in names}
    known |= {name: formatting.yen(getattr(listing, name)) for name in ("price", "rent")}
    known |= {name: formatting.m2(getattr(listing, name)).replace("²", "2") for name in ("floor_area", "land_area")}
    known |= {
        "municipality_code": listing.municipality_code,
        "lot_number": listing.private.lot_number,
        "wish": wishes.get((listing.is_sale, listing.is_rent), ""),
        "built_on": formatting.day(listing.built_on, str(listing.built_precision or "year")),
        "vacant_since": formatting.day(listing.vacant_since, "month"),
        "parking": {True: "yes", False: "no", None: ""}[listing.parking],
        "name": listing.private.owner_name,
        "address": _cut(listing.private.owner_contact, 300),
        "relation": str(Applicant.OWNER) if listing.private.owner_name else "",
        "consent_register": "y" if listing.private.consent_on else "",
    }
    return known

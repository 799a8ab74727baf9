"""The style guide: every component once, served in development only."""

from flask import Flask, render_template, url_for

from akiya.catalogue.answer import SearchResult
from akiya.catalogue.parameters import Criteria
from akiya.listings import pictograms, search
from akiya.listings.enums import Status
from akiya.municipalities import search as municipalities
from akiya.pages import cards
from akiya.pages.staff.accounts.forms import SignInForm


def init_app(app: Flask) -> None:
    """Add the page /styleguide to `app`."""
    app.add_url_rule("/styleguide", "styleguide", styleguide)


def styleguide() -> str:
    """Show every component once."""
    form = SignInForm(data={"email": "name@"})
    form.email.errors = ("メールアドレスの形になっていません。",)
    rows = search.rows(SearchResult(Criteria()).ids(3))
    places = {m.code: m for m in municipalities.all_municipalities()}
    photos = search.covers(row.id for row in rows)
    states = ("yes", "no", "unknown")
    return render_template(
        "staff/styleguide.html",
        form=form,
        statuses=list(Status),
        cards=[
            cards.card(r, places[r.municipality_code], photos.get(r.id), url_for("listings.show", listing_id=r.id))
            for r in rows
        ],
        pictograms=[pictograms.Shown(p, states[n % 3]) for n, p in enumerate(pictograms.PICTOGRAMS)],
    )

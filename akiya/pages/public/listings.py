"""The public pages: home, search, one listing, one municipality."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from akiya import formatting
from akiya.errors import NotFound
from akiya.listings import asking, cards, discovery, parts, search, shelf, titles
from akiya.listings.criteria import Criteria
from akiya.listings.enums import CLOSED
from akiya.listings.facets import Facets
from akiya.listings.search_fields import PER_PAGE
from akiya.listings.search_form import BANDS, SearchForm
from akiya.listings.widgets import area_links
from akiya.municipalities import search as municipalities
from akiya.municipalities.enums import Tag
from akiya.municipalities.outlines import of_prefecture
from akiya.web import filters, marks, running
from akiya.web.pagination import Page

blueprint = Blueprint("listings", __name__)
LATEST = 8
FEW = 3
NEARBY = 4
MOST_COSTLY = 4
MOST_PAGES = 10_000
_DEEP = 2
_EAGER = 2
WHOLE_COUNTRY = (128.5, 30.0, 146.0, 45.6)


@blueprint.get("/")
def home() -> str:
    form = asking.form_of(MultiDict())
    answer = search.Answer(Criteria())
    counts = answer.facets(BANDS).counts
    summary = {
        "open": answer.total,
        "municipalities": len(counts["municipality"]),
        "panoramas": counts["feature"]["panorama"],
    }
    return render_template(
        "listings/home.html",
        form=form,
        latest=_cards(answer.ids(LATEST)),
        counts=summary,
        **_map(counts["municipality"], ()),
        **discovery.of_page(url_for("listings.home", _external=True)),
    )


@blueprint.get("/listings/", endpoint="search")
def search_page() -> str:
    form = asking.form_of(request.args)
    criteria, problems = form.criteria(), form.problems()
    number = asking.whole("page", 1, MOST_PAGES, 1, problems)
    per_page = form.per_page.value or PER_PAGE[0]
    answer = search.Answer(criteria)
    ids = answer.ids(per_page, (number - 1) * per_page)
    items = _marked(ids, criteria.words) if criteria.words else _cards(ids)
    page = Page(items, answer.total, number, per_page, lambda n: asking.url(page=n if n > 1 else None))
    chips = [(text, asking.url_without(name, value)) for name, value, text in form.chips()]
    facets = answer.facets(BANDS)
    served = municipalities.served()
    few = answer.total < FEW
    deep = len(chips) > _DEEP or number > 1 or bool(criteria.words or criteria.bbox or criteria.near)
    return render_template(
        "listings/search.html",
        form=form,
        page=page,
        chips=chips,
        problems=list(problems.values()),
        suggestions=[(found, asking.url(place=found.label)) for found in form.suggestions],
        clear_url=url_for("listings.search"),
        facets=facets.counts,
        unchecked=facets.unchecked,
        unchecked_url=asking.url(unchecked="1"),
        costly=_costly(form, facets, answer.total) if few else [],
        nearby=_cards(answer.nearest_outside(NEARBY)) if few else [],
        feeds={name: asking.url(f"feeds.{name}", per_page=None, sort=None) for name in ("atom", "csv", "geojson")},
        moving={
            "url": asking.url("feeds.map_data", per_page=None, sort=None),
            "search_url": asking.url(bbox=None, place=None, near=None, radius_km=None),
            "box": of_prefecture(served[0].prefecture_code).box if served else WHOLE_COUNTRY,
        },
        hazard_maps=_hazard_maps(m for m in served if not criteria.municipalities or m.code in criteria.municipalities),
        **_map(facets.counts["municipality"], criteria.municipalities),
        **discovery.of_page(asking.url(external=True, sort=None, per_page=None), noindex=deep),
    )


@blueprint.get("/listings/<id:listing_id>")
def show(listing_id: int) -> str:
    listing = search.public(listing_id)
    municipality = listing.municipality
    groups, missing = cards.facts(listing)
    around = [m for m in municipalities.all_municipalities() if m.prefecture_code == municipality.prefecture_code]
    names = {m.code: formatting.name(m) for m in around}
    title = titles.title(listing, formatting.name(municipality))
    closed = listing.status in CLOSED
    added = parts.of_page(listing_id)
    still = getattr(added.get("panorama"), "preview_url", "")
    return render_template(
        "listings/show.html",
        listing=listing,
        title=title,
        place=f"{formatting.name(municipality)} {listing.town}".strip(),
        municipality=municipality,
        photos=[cards.picture(photo) for photo in listing.photos],
        groups=groups,
        missing=missing,
        pictograms=cards.pictogram_groups(listing),
        pin=cards.pin(listing, formatting.name(municipality), shelf.address_of(listing_id)),
        hazard_maps=_hazard_maps([municipality]),
        map=cards.mini_map(listing, municipality, of_prefecture(municipality.prefecture_code), names),
        **added,
        closed=closed,
        status=listing.status,
        confirmed_on=listing.confirmed_on,
        overdue=not closed and listing.review_due_on is not None and listing.review_due_on < filters.today(),
        contact=listing.contact or municipality.contact,
        live=not closed and titles.live_viewing(listing, municipality),
        **discovery.of_listing(listing, title, running.storage(), still=still, noindex=closed),
    )


@blueprint.get("/listings/<id:listing_id>/card")
def card(listing_id: int) -> Response:
    """The card alone, for the moving map."""
    if not search.public_rows([listing_id], ()):
        raise NotFound("この番号の物件は見つかりません。")
    return Response(_cards([listing_id])[0], headers={"X-Robots-Tag": "noindex"})


@blueprint.get("/municipalities/<code>")
def municipality(code: str) -> str | BaseResponse:
    now = municipalities.current_code(code)
    if now != code:  # merged into another, or written with its check digit
        return redirect(url_for("listings.municipality", code=now), 301)
    found = municipalities.by_code(code)
    if found is None:
        raise NotFound("この市町村は登録されていません。")
    answer = search.Answer(Criteria(municipalities=(code,)))
    facets = answer.facets(BANDS).counts
    since = filters.today() - timedelta(days=found.confirm_days)
    confirmed = search.Answer(Criteria(municipalities=(code,), confirmed_since=since)).total
    return render_template(
        "listings/municipality.html",
        municipality=found,
        total=answer.total,
        confirmed=confirmed,
        review_days=found.confirm_days,
        counts=facets,
        latest=_cards(answer.ids(LATEST)),
        tags=[Tag(tag) for tag in found.tags.split(",") if tag],
        search_url=url_for("listings.search", municipality=code),
        **_map(facets["municipality"], (code,)),
        **discovery.of_page(url_for("listings.municipality", code=code, _external=True)),
    )


def _hazard_maps(of: Iterable[Any]) -> list[tuple[str, str]]:
    return [(formatting.name(m), m.hazard_map_url) for m in of if m.hazard_map_url]


def _cards(ids: Sequence[int]) -> list[Any]:
    macro = _card_macro()
    first, others = ids[:_EAGER], ids[_EAGER:]
    return [
        *shelf.card_html(first, "eager", lambda card: macro(card, eager=True)),
        *shelf.card_html(others, "lazy", macro),
    ]


def _card_macro() -> Any:
    return current_app.jinja_env.get_template("_macros/cards.html").module.card  # type: ignore[attr-defined]


def _marked(ids: Sequence[int], words: Sequence[str]) -> list[Any]:
    """Cards in which the words are marked, with the sentence that holds them where title and place do not."""
    macro, texts, rows = _card_macro(), search.texts(ids), search.rows(ids)
    return [
        macro(card, eager=place < _EAGER, words=words, excerpt=marks.excerpt(texts[card.id], words))
        for place, card in enumerate(shelf.cards_of(rows))
    ]


def _costly(form: SearchForm, facets: Facets, total: int) -> list[tuple[str, int, str]]:
    """The filters that keep out most homes: (text, how many homes without it, the address without it)."""
    rows = []
    for name, value in facets.without:
        left = facets.without[name, value]
        if left <= total:
            continue
        asked = "place" if name == "radius_km" and asking.values("place") else name
        text = form.describe(asked, [value] if value else asking.values(asked))
        rows.append((text, left, asking.url_without(name, value)))
    return sorted(rows, key=lambda row: -row[1])[:MOST_COSTLY]


def _map(counts: Mapping[str, int], selected: Sequence[str]) -> dict[str, Any]:
    served = municipalities.served()
    drawn = of_prefecture(served[0].prefecture_code if served else "")
    names = {m.code: formatting.name(m) for m in served}
    url = asking.url(municipality="") if request.endpoint == "listings.search" else ""
    banks = [m for m in served if not m.joined and m.url and not counts.get(m.code)]
    pages = {m.code: url_for("listings.municipality", code=m.code) for m in banks}
    links = area_links(drawn.items, names, counts, url or url_for("listings.search", municipality=""), selected, pages)
    return {
        "area_map": {"viewbox": drawn.viewbox, "frame": drawn.frame, "links": links},
        "elsewhere": [(names[m.code], m.url) for m in banks],
        "chosen_elsewhere": [(names[m.code], m.url) for m in banks if m.code in selected],
    }

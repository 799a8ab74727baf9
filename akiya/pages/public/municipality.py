"""The page of a municipality: what it says about itself, its map and its newest homes."""

from datetime import timedelta

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from akiya.catalogue.answer import SearchResult
from akiya.catalogue.parameters import Criteria
from akiya.errors import NotFound
from akiya.municipalities import search as municipalities
from akiya.municipalities.enums import Tag
from akiya.pages.blueprints import listings
from akiya.pages.public import card_cache, seo
from akiya.pages.public.area_map import area_map
from akiya.web import filters

_LATEST = 8


@listings.get("/municipalities/<code>")
def municipality(code: str) -> str | BaseResponse:
    """Show a municipality; an old code is redirected to the current one."""
    now = municipalities.current_code(code)
    if now != code:  # merged into another, or written with its check digit
        return redirect(url_for("listings.municipality", code=now), 301)
    found = municipalities.by_code(code)
    if found is None:
        raise NotFound("この市町村は登録されていません。")
    answer = SearchResult(Criteria(municipalities=(code,)))
    facets = answer.facets().counts
    since = filters.today() - timedelta(days=found.confirm_days)
    confirmed = SearchResult(Criteria(municipalities=(code,), confirmed_since=since)).total
    return render_template(
        "public/municipality.html",
        municipality=found,
        total=answer.total,
        confirmed=confirmed,
        review_days=found.confirm_days,
        counts=facets,
        latest=card_cache.cards_html(answer.ids(_LATEST)),
        tags=[Tag(tag) for tag in found.tags.split(",") if tag],
        search_url=url_for("listings.search", municipality=code),
        **area_map(facets["municipality"], (code,)),
        **seo.of_page(url_for("listings.municipality", code=code, _external=True)),
    )

"""The search page, and the home page that leads to it."""

from collections.abc import Sequence

from flask import render_template, request, url_for

from akiya.catalogue.answer import SearchResult
from akiya.catalogue.facets import Facets
from akiya.catalogue.parameters import PER_PAGE, Criteria, Topic, about
from akiya.catalogue.question import Question
from akiya.listings import search
from akiya.municipalities import search as municipalities
from akiya.municipalities.outlines import of_prefecture
from akiya.pages import search_request
from akiya.pages.blueprints import listings
from akiya.pages.public import card_cache, seo
from akiya.pages.public.area_map import area_map, hazard_maps
from akiya.pages.public.search_form import SearchForm
from akiya.values import Values
from akiya.web import marks
from akiya.web.pagination import Page

LATEST = 8


FEW = 3


NEARBY = 4


MOST_COSTLY = 4


MOST_PAGES = 10_000


_DEEP = 2


WHOLE_COUNTRY = (128.5, 30.0, 146.0, 45.6)


@listings.get("/")
def home() -> str:
    """Show the home page: the map of municipalities and the newest homes."""
    answer = SearchResult(Criteria())
    counts = answer.facets().counts
    summary = {
        "open": answer.total,
        "municipalities": len(counts["municipality"]),
        "panoramas": counts["feature"]["panorama"],
    }
    return render_template(
        "public/home.html",
        latest=card_cache.cards_html(answer.ids(LATEST)),
        counts=summary,
        **area_map(counts["municipality"], ()),
        **seo.of_page(url_for("listings.home", _external=True)),
    )


@listings.get("/listings/", endpoint="search")
def search_page() -> str:
    """Show the search: the form with counts, the chosen filters, one page of homes, and the map."""
    question = search_request.question_of(request.args)
    criteria, problems = question.criteria(), dict(question.problems)
    number = search_request.whole("page", 1, MOST_PAGES, 1, problems)
    per_page = question.values.get("per_page", PER_PAGE[0])
    answer = SearchResult(criteria)
    ids = answer.ids(per_page, (number - 1) * per_page)
    items = _marked(ids, criteria.words) if criteria.words else card_cache.cards_html(ids)
    page = Page(items, answer.total, number, per_page, lambda n: search_request.url(page=n if n > 1 else None))
    chips = [(text, search_request.url_without(name, value)) for name, value, text in question.chips()]
    facets = answer.facets()
    served = municipalities.served()
    few = answer.total < FEW
    unsorted: Values = dict.fromkeys(about(Topic.ANSWER))
    anywhere: Values = dict.fromkeys(about(Topic.PLACE))
    deep = len(chips) > _DEEP or number > 1 or bool(criteria.words or criteria.bbox or criteria.near)
    return render_template(
        "public/search.html",
        form=SearchForm(question),
        page=page,
        chips=chips,
        problems=list(problems.values()),
        suggestions=[(found, search_request.url(place=found.label)) for found in question.suggestions],
        clear_url=url_for("listings.search"),
        facets=facets.counts,
        unchecked=facets.unchecked,
        unchecked_url=search_request.url(unchecked="1"),
        costly=_costly(question, facets, answer.total) if few else [],
        nearby=card_cache.cards_html(answer.nearest_outside(NEARBY)) if few else [],
        feeds={name: search_request.url(f"feeds.{name}", **unsorted) for name in ("atom", "csv", "geojson")},
        moving={
            "url": search_request.url("feeds.map_data", **unsorted),
            "search_url": search_request.url(**anywhere),
            "box": of_prefecture(served[0].prefecture_code).box if served else WHOLE_COUNTRY,
        },
        hazard_maps=hazard_maps(m for m in served if not criteria.municipalities or m.code in criteria.municipalities),
        **area_map(facets.counts["municipality"], criteria.municipalities),
        **seo.of_page(search_request.url(external=True, **unsorted), noindex=deep),
    )


def _marked(ids: Sequence[int], words: Sequence[str]) -> list[str]:
    """Return cards with the words marked, and with the sentence that contains them if title and place do not."""
    macro, texts, rows = card_cache.card_macro(), search.texts(ids), search.rows(ids)
    return [
        macro(card, eager=place < card_cache.EAGER, words=words, excerpt=marks.excerpt(texts[card.id], words))
        for place, card in enumerate(card_cache.cards_of(rows))
    ]


def _costly(question: Question, facets: Facets, total: int) -> list[tuple[str, int, str]]:
    """Return the filters that exclude most homes: (text, number of homes without it, address without it)."""
    rows = []
    for name, value in facets.without:
        left = facets.without[name, value]
        if left <= total:
            continue
        asked = "place" if name == "radius_km" and search_request.values("place") else name
        text = question.describe(asked, [value] if value else search_request.values(asked))
        rows.append((text, left, search_request.url_without(name, value)))
    return sorted(rows, key=lambda row: -row[1])[:MOST_COSTLY]

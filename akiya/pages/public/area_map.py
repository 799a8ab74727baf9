"""The map of municipalities on the home page, the search page and the pages of municipalities."""

from collections.abc import Iterable, Mapping, Sequence

from flask import request, url_for

from akiya import formatting
from akiya.municipalities import search as municipalities
from akiya.municipalities.models import Municipality
from akiya.municipalities.outlines import of_prefecture
from akiya.pages import search_request
from akiya.pages.public.facet_html import area_links


def hazard_maps(of: Iterable[Municipality]) -> list[tuple[str, str]]:
    """Return (name, address) of the hazard map of each of these municipalities that has one."""
    return [(formatting.name(m), m.hazard_map_url) for m in of if m.hazard_map_url]


def area_map(counts: Mapping[str, int], selected: Sequence[str]) -> dict[str, object]:
    """Return the template's values for the map: each municipality with its count, those in `selected` marked."""
    served = municipalities.served()
    drawn = of_prefecture(served[0].prefecture_code if served else "")
    names = {m.code: formatting.name(m) for m in served}
    url = search_request.url(municipality="") if request.endpoint == "listings.search" else ""
    banks = [m for m in served if not m.joined and m.url and not counts.get(m.code)]
    pages = {m.code: url_for("listings.municipality", code=m.code) for m in banks}
    links = area_links(drawn.items, names, counts, url or url_for("listings.search", municipality=""), selected, pages)
    return {
        "area_map": {"viewbox": drawn.viewbox, "frame": drawn.frame, "links": links},
        "elsewhere": [(names[m.code], m.url) for m in banks],
        "chosen_elsewhere": [(names[m.code], m.url) for m in banks if m.code in selected],
    }

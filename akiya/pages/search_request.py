"""What a request asks of the search: its form, its whole numbers, and addresses that ask a little differently."""

from typing import Any

from flask import g, request, url_for
from werkzeug.datastructures import MultiDict

from akiya import formatting
from akiya.cache import PerRevision
from akiya.catalogue.answer import codes_with_homes
from akiya.language import gettext, language
from akiya.municipalities import search as municipalities
from akiya.pages.search_form import SearchForm, choices

# What makes no sense without a parameter goes with it.
_TOGETHER = {
    "place": ("place", "radius_km"),
    "near": ("near", "radius_km"),
    "radius_km": ("place", "near", "radius_km"),
    "outside": ("outside", "unchecked"),
}


def _nothing_offered(connection: Any) -> dict[str, dict[str, list[Any]]]:
    return {}


_offered = PerRevision(_nothing_offered)


def form_of(args: MultiDict[str, str], *, shown: bool = True) -> SearchForm:
    """The search form of these parameters, in the page's language; a feed does not show it."""
    offered, code = _offered(), language()
    if code not in offered:
        codes = {m.code for m in municipalities.served()} | codes_with_homes()
        names = [(m.code, formatting.name(m)) for m in municipalities.all_municipalities() if m.code in codes]
        offered[code] = choices(names, code)
    if "municipality" in args:
        args = args.copy()
        args.setlist("municipality", [municipalities.current_code(code) for code in args.getlist("municipality")])
    form = SearchForm(args, offered[code], municipalities.find_places, shown=shown)
    g.heeded = form.heeded()
    return form


def values(name: str) -> list[str]:
    """The values of the parameter that the request's search heeds."""
    heeded: dict[str, list[str]] = g.get("heeded", {})
    return heeded.get(name, [])


def whole(name: str, least: int, most: int, default: int, problems: dict[str, str]) -> int:
    """The whole number of the parameter, or `default` with a message in `problems`."""
    text = request.args.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or not least <= int(text[:12]) <= most:
        problems[name] = gettext(
            "%(name)s=%(value)s は使えません。%(least)s〜%(most)s の整数で指定してください。",
            name=name,
            value=text[:40],
            least=least,
            most=f"{most:,}",
        )
        return default
    return int(text)


def url(endpoint: str = "listings.search", /, *, external: bool = False, **changes: Any) -> str:
    """The address of the request's question with these parameters changed, at its end; None takes one out."""
    # What was refused is not repeated: a page has dozens of links, and an address may be long.
    args: dict[str, Any] = {name: kept for name, kept in g.get("heeded", {}).items() if name not in changes}
    args |= {name: value for name, value in changes.items() if value is not None}
    return url_for(endpoint, _external=external, **args)


def url_without(name: str, value: str = "") -> str:
    """The address without one value of the parameter, or without all of it."""
    left = [kept for kept in values(name) if kept != value] if value else []
    changes: dict[str, Any] = {name: left} if left else dict.fromkeys(_TOGETHER.get(name, (name,)))
    return url("listings.search", **changes)

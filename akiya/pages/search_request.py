"""Read a request's search parameters, and make addresses that ask the same with small changes."""

from typing import Any  # as url_for takes it

from flask import g, request, url_for
from werkzeug.datastructures import MultiDict

from akiya.catalogue.parameters import PARAMETERS
from akiya.catalogue.question import Question
from akiya.language import gettext
from akiya.values import Values
from akiya.web import filters


def question_of(args: MultiDict[str, str]) -> Question:
    """Return the search that these parameters describe; the addresses made in this request repeat it."""
    question = Question(args.to_dict(flat=False), filters.today())
    g.search_used = question.used
    return question


def values(name: str) -> list[str]:
    """Return the values of the parameter that the request's search uses."""
    return _used().get(name, [])


def _used() -> dict[str, list[str]]:
    used: dict[str, list[str]] = g.get("search_used", {})
    return used


def whole(name: str, least: int, most: int, default: int, problems: dict[str, str]) -> int:
    """Read the parameter as a whole number; if it is wrong, return `default` and add a message to `problems`."""
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
    """Return the address of the request's search with these parameters changed, at its end; None removes one."""
    # Values that were refused are not repeated: a page has dozens of links, and an address may be long.
    args: Values = {name: kept for name, kept in _used().items() if name not in changes}
    args |= {name: value for name, value in changes.items() if value is not None}
    return url_for(endpoint, _external=external, **args)


def url_without(name: str, value: str = "") -> str:
    """Return the address of the request's search without one value of the parameter, or without the parameter."""
    left = [kept for kept in values(name) if kept != value] if value else []
    changes: Values = {name: left} if left else dict.fromkeys((name, *PARAMETERS[name].together))
    return url("listings.search", **changes)

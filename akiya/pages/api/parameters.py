"""Read a request to the API: format, page, days and search criteria. Parameters without effect are refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from math import inf

from flask import request
from werkzeug.datastructures import MultiDict

from akiya import geo
from akiya.catalogue.parameters import NAMES, Criteria
from akiya.errors import Invalid
from akiya.language import gettext
from akiya.pages import search_request
from akiya.pages.api.collections import Collection
from akiya.web.problems import prefers_html

FORMS = ("json", "html")
SEARCHED = NAMES - {"per_page", "bbox"}
"""The parameters of the search that narrow or order a collection of homes."""
PAGED = frozenset({"bbox", "datetime", "limit", "offset"})
PER_ANSWER = 100
MOST_FEATURES = 1000
MOST_OFFSET = 1_000_000
_MOST_LIMIT = 10**9
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})", re.I
)


def form() -> str:
    """Return the requested format, "json" or "html". Raise Invalid if it is unknown, or for any other parameter."""
    problems: dict[str, str] = {}
    found = _form(problems, frozenset())
    _refuse(problems)
    return found


@dataclass(frozen=True)
class Items:
    """A request for items of a collection: the format of the response, the part, and the search criteria."""

    form: str
    limit: int
    offset: int
    criteria: Criteria


def items(collection: Collection) -> Items:
    """Return what the request asks of the collection. Raise Invalid, which names every parameter that is wrong."""
    problems: dict[str, str] = {}
    form = _form(problems, PAGED | SEARCHED if collection.searched else PAGED)
    # A limit above the maximum is not an error: the response links to the next page.
    limit = min(search_request.whole("limit", 1, _MOST_LIMIT, PER_ANSWER, problems), MOST_FEATURES)
    offset = search_request.whole("offset", 0, MOST_OFFSET, 0, problems)
    kept = [(name, value) for name, value in request.args.items(multi=True) if name in SEARCHED | {"bbox"}]
    searched = search_request.question_of(MultiDict(kept))
    problems |= searched.problems
    days = _between(request.args.get("datetime", ""), problems)
    _refuse(problems)
    return Items(form, limit, offset, replace(searched.criteria(), updated_between=days))


def _form(problems: dict[str, str], others: frozenset[str]) -> str:
    for name in request.args:
        if name != "f" and name not in others:
            problems[name[:40]] = gettext("パラメータ「%(name)s」はありません。", name=name[:40])
    given = request.args.get("f")
    if given is not None and given not in FORMS:
        problems["f"] = gettext("f=%(value)s は使えません。json か html を指定してください。", value=given[:40])
    return given or ("html" if prefers_html(request.headers.get("Accept", "")) else "json")


def _refuse(problems: Mapping[str, str]) -> None:
    if problems:
        raise Invalid(" ".join(problems.values()), problems)


def _between(text: str, problems: dict[str, str]) -> tuple[float, float] | None:
    """Return the first and last second, since 1970, of a day, a moment or an interval (".." for an open end).

    None without a text; None, with a message in `problems`, for one that cannot be read.
    """
    if not text:
        return None
    ends = text.split("/")
    try:
        if len(ends) == 1:
            return _seconds(text)
        first, last = ends
        if not _open(first) or not _open(last):
            between = (
                -inf if _open(first) else _seconds(first)[0],
                inf if _open(last) else _seconds(last)[1],
            )
            if between[0] <= between[1]:
                return between
    except ValueError:
        pass
    problems["datetime"] = gettext(
        "datetime=%(value)s は使えません。2026-04-01、2026-04-01T00:00:00Z か、2026-04-01/.. のような期間で指定してください。",
        value=text[:60],
    )
    return None


def _open(end: str) -> bool:
    return end in ("", "..")


def _seconds(text: str) -> tuple[float, float]:
    """Return a day as its first and last second in Japan, a moment as itself twice. Raise ValueError."""
    if _DAY.fullmatch(text):
        day = date.fromisoformat(text)
        first, last = (datetime.combine(day, at, geo.JAPAN_TIME) for at in (time.min, time.max))
        return first.timestamp(), last.timestamp()
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    # The change of a home is stored to the second.
    moment = datetime.fromisoformat(text.upper()).timestamp() // 1
    return moment, moment

"""One question in the query language of each server, and how to read the answers.

The question is a map box with three filters (kind, for sale, highest price): 20 homes, newest first, and the exact
total. With facets it also asks for the count of each further municipality, kind and deal.
"""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

PAGE = 20
KINDS = ("house", "land", "business")

Read = Callable[[Any], Any]


@dataclass(frozen=True)
class Question:
    """A map box and three filters."""

    west: float
    south: float
    east: float
    north: float
    kind: str
    most: int

    @property
    def bbox(self) -> str:
        """Return the box as west,south,east,north."""
        return f"{self.west},{self.south},{self.east},{self.north}"


def question(rng: random.Random) -> Question:
    """Return a random question that is hardly ever repeated."""
    west, south = round(rng.uniform(130.2, 130.9), 5), round(rng.uniform(32.1, 32.9), 5)
    wide, high = rng.uniform(0.08, 0.5), rng.uniform(0.08, 0.4)
    kind = rng.choices(KINDS, (15, 4, 1))[0]
    return Question(west, south, round(west + wide, 5), round(south + high, 5), kind, rng.randint(20, 200) * 100_000)


@dataclass(frozen=True)
class Language:
    """The query language of a server: paths for a page, and for a page with facets, of which the first is the page.

    `total` and `ids` read the first answer; `facets` reads all answers, as {facet: {value: count}} without empty
    choices.
    """

    page: Callable[[Question], str]
    faceted: Callable[[Question, Sequence[str]], list[str]]
    total: Read
    ids: Read
    facets: Callable[[Sequence[Any], Sequence[str]], Mapping[str, Mapping[str, int]]]


# ── akiya ──


def _akiya(q: Question) -> str:
    return f"/listings.geojson?bbox={q.bbox}&kind={q.kind}&deal=sale&price_max={q.most}&limit={PAGE}"


def _akiya_facets(answers: Sequence[Any], codes: Sequence[str]) -> dict[str, dict[str, int]]:
    counts = answers[0]["facets"]
    return {name: {k: n for k, n in counts[name].items() if n} for name in ("municipality", "kind", "deal")}


def html(q: Question) -> str:
    """Return the path of akiya's page for people."""
    return f"/listings/?bbox={q.bbox}&kind={q.kind}&deal=sale&price_max={q.most}"


def _features(answer: Any) -> list[int]:
    return [int(feature["id"]) for feature in answer["features"]]


AKIYA = Language(
    _akiya,
    lambda q, codes: [f"{_akiya(q)}&facets=1"],
    lambda answer: answer["numberMatched"],
    _features,
    _akiya_facets,
)

# ── datasette ──


def _datasette(q: Question) -> str:
    return (
        f"/home/home.json?_shape=objects&_size={PAGE}&_sort_desc=id&kind__exact={q.kind}&is_sale__exact=1&price__lte={q.most}"
        f"&lon__gte={q.west}&lon__lte={q.east}&lat__gte={q.south}&lat__lte={q.north}"
    )


def _datasette_facets(answers: Sequence[Any], codes: Sequence[str]) -> dict[str, dict[str, int]]:
    found = answers[0]["facet_results"]
    counts = {name: {str(row["value"]): row["count"] for row in facet["results"]} for name, facet in found.items()}
    sales = {"sale": counts["is_sale"]["1"]} if counts["is_sale"] else {}
    return {"municipality": counts["municipality_code"], "kind": counts["kind"], "deal": sales}


DATASETTE = Language(
    _datasette,
    lambda q, codes: [f"{_datasette(q)}&_facet=municipality_code&_facet=kind&_facet=is_sale&_facet_size=100"],
    lambda answer: answer["filtered_table_rows_count"],
    lambda answer: [row["id"] for row in answer["rows"]],
    _datasette_facets,
)

# ── tipg and pygeoapi: no facets, so one request for the total of each choice ──


def _one_by_one(address: Callable[[Question, str], str], q: Question, codes: Sequence[str]) -> list[str]:
    own = f"kind='{q.kind}' AND is_sale=1"
    filters = [f"{own} AND municipality_code='{code}'" for code in codes]
    filters += [f"kind='{kind}' AND is_sale=1" for kind in KINDS]
    filters += [f"kind='{q.kind}' AND {deal}=1" for deal in ("is_sale", "is_rent")]
    return [address(q, quote(f"{each} AND price<={q.most}")) for each in filters]


def _counted(answers: Sequence[Any], codes: Sequence[str]) -> dict[str, dict[str, int]]:
    totals = [answer["numberMatched"] for answer in answers[1:]]
    names = [("municipality", code) for code in codes]
    names += [("kind", kind) for kind in KINDS] + [("deal", deal) for deal in ("sale", "rent")]
    counts: dict[str, dict[str, int]] = {"municipality": {}, "kind": {}, "deal": {}}
    for (facet, value), total in zip(names, totals, strict=True):
        if total:
            counts[facet][value] = total
    return counts


def _of_features(base: str, none: str) -> Language:
    def page(q: Question) -> str:
        asked = quote(f"kind='{q.kind}' AND is_sale=1 AND price<={q.most}")
        return f"{base}?bbox={q.bbox}&filter={asked}&limit={PAGE}&sortby=-id"

    def count(q: Question, asked: str) -> str:
        return f"{base}?bbox={q.bbox}&filter={asked}&{none}"

    return Language(
        page,
        lambda q, codes: [page(q), *_one_by_one(count, q, codes)],
        lambda answer: answer["numberMatched"],
        _features,
        _counted,
    )


TIPG = _of_features("/collections/public.home/items", "limit=0")
PYGEOAPI = _of_features("/collections/home/items", "resulttype=hits&f=json")


def disagreement(
    first: Language, asked: Sequence[Any], second: Language, other: Sequence[Any], codes: Sequence[str] | None
) -> str:
    """Return how the answers of two servers to one question differ, "" if they agree; facets only if `codes` are given.

    A facet value that one server does not count (datasette counts only what the answer contains) is not compared.
    """
    totals = first.total(asked[0]), second.total(other[0])
    if totals[0] != totals[1]:
        return f"totals {totals}"
    ids = first.ids(asked[0]), second.ids(other[0])
    if ids[0] != ids[1]:
        return f"ids {ids}"
    if codes is None:
        return ""
    counts, others = first.facets(asked, codes), second.facets(other, codes)
    for name, values in others.items():
        pairs = {value: (counts[name].get(value, 0), count) for value, count in values.items()}
        wrong = {value: pair for value, pair in pairs.items() if pair[0] != pair[1]}
        if wrong or (not values and totals[0]):
            return f"{name} {wrong or 'without counts'}"
    return ""


def parse(body: bytes) -> Any:
    """Return the answer, parsed as JSON."""
    return json.loads(body)

"""How a request is read: what is used, what is refused, and the resulting criteria."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from akiya.catalogue.parameters import Criteria
from akiya.catalogue.question import Question
from akiya.catalogue.sorting import Sort
from akiya.listings.enums import Deal
from akiya.listings.pictograms import BITS
from tests.factories import A, B

TODAY = date(2026, 4, 30)


@pytest.fixture
def site(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def question(**args: str | list[str]) -> Question:
    return Question({name: [value] if isinstance(value, str) else value for name, value in args.items()}, TODAY)


def test_what_can_be_used_becomes_criteria(site: None) -> None:
    asked = question(
        q="庭", deal=["rent", "rent"], municipality=[B, A], price_max=" 3000000 ", free="1", confirmed_days="30", near="131,33",
        radius_km="2.5", sort="distance", per_page="50",
    )  # fmt: skip
    assert asked.problems == {}
    assert asked.criteria() == Criteria(
        words=("庭",), municipalities=(B, A), deals=(Deal.RENT,), price_max=3_000_000, free=True, confirmed_since=date(2026, 3, 31),
        near=(131, 33), radius_m=2500, sort=Sort.DISTANCE,
    )  # fmt: skip
    assert list(asked.used) == [
        "q",
        "municipality",
        "deal",
        "price_max",
        "free",
        "confirmed_days",
        "near",
        "radius_km",
        "sort",
        "per_page",
    ]
    assert asked.used["price_max"] == ["3000000"]
    assert [text for _name, _value, text in asked.chips()] == [
        "「庭」", "八代市", "阿蘇市", "賃貸", "価格の上限 300万円", "商談中を除く", "募集中と確かめた日 30日以内に確認", "地点 131,33", "半径（km） 2.5"
    ]  # fmt: skip


def test_what_cannot_be_used_is_named_as_it_was_given_and_left_out(site: None) -> None:
    asked = question(price_max="<b>&", kind=["castle", "house"], radius_km="5", unchecked="1", sort="distance", q="a\0")
    assert list(asked.problems) == ["q", "kind", "price_max", "unchecked", "radius_km", "sort"]
    assert asked.problems["price_max"] == "「<b>&」は使えません。0〜100,000,000,000 の数で指定してください。"
    assert asked.problems["kind"] == "「castle」という選択肢はありません。"
    assert asked.used == {"kind": ["house"]}
    assert asked.criteria() == Criteria(kinds=("house",))
    assert asked.given["price_max"] == ["<b>&"]


def test_a_place_has_a_radius_of_its_own(site: None) -> None:
    near = question(place="阿蘇市").criteria()
    assert near.near is not None
    assert near.radius_m == 10_000
    assert question(place="阿蘇市", radius_km="3").criteria().radius_m == 3000
    nowhere = question(place="どこにもない", radius_km="3")
    assert list(nowhere.problems) == ["place"]
    assert (nowhere.criteria().near, nowhere.criteria().radius_m) == (None, None)


def test_too_many_choices_are_cut(site: None) -> None:
    asked = question(feature=list(BITS)[:21])
    assert asked.problems == {"feature": "ピクトグラムは20個までです。"}
    assert asked.criteria().features == tuple(BITS)[:20]


def test_the_best_match_is_an_order_only_of_words(site: None) -> None:
    assert question(sort="relevance", q="庭").criteria().sort is Sort.RELEVANCE
    assert question(sort="relevance").criteria().sort is None
    assert question(sort="relevance").problems == {}
    assert question(outside="flood", unchecked="1").criteria().unchecked is True

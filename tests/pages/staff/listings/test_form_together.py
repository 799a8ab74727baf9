"""Two people change one listing: neither's changes are overwritten silently."""

import re

import pytest
from flask import Flask

from akiya.listings import service
from tests import factories
from tests.pages.browser import Browser
from tests.pages.staff.listings.form import FORM, HOME, made, value_of

pytestmark = pytest.mark.engines

# ── two people at once ──


def opened(visit: Browser, home: int) -> dict[str, str]:
    page = visit.get(f"/staff/listings/{home}/edit")
    return {name: value_of(page, name) for name in ("version", "seen")}


def test_the_second_to_save_compares_and_chooses(aoi: Browser, app: Flask, people, home: int) -> None:
    edit = f"/staff/listings/{home}/edit"
    mine = {**HOME, **opened(aoi, home), "title": "わたしの見出し", "layout": "5DK"}
    with app.app_context():
        service.update(factories.staff(people["hana"]), home, None, {"title": "ほかの見出し", "price": 4_000_000})
    page = aoi.post(edit, mine, 409)
    assert "ほかの人の変更と見比べて" in page.text
    for text in ("開いたとき：阿蘇の平屋", "ほかの見出し", "わたしの見出し", "4,000,000円"):
        assert text in page.text
    picked = re.findall(r'name="pick-(\w+)" value="(\w+)" checked', page.markup)
    assert sorted(picked) == [("layout", "mine"), ("price", "theirs")]
    again = {**mine, "compared": value_of(page, "compared"), "pick-price": "theirs", "pick-layout": "mine"}
    unanswered = aoi.post(edit, again, 409)
    assert "「見出し」は、ほかの人の値と自分の値のどちらにするかを選んで" in unanswered.text
    assert made(app, "空き家第1号")["title"] == "ほかの見出し"
    aoi.post(edit, {**again, "pick-title": "mine"})
    stored = made(app, "空き家第1号")
    assert (stored["title"], stored["price"], stored["layout"]) == ("わたしの見出し", 4_000_000, "5DK")


def test_a_third_change_is_compared_again(aoi: Browser, app: Flask, people, home: int) -> None:
    edit, seen = f"/staff/listings/{home}/edit", opened(aoi, home)
    with app.app_context():
        service.update(factories.staff(people["hana"]), home, None, {"title": "二人目"})
    page = aoi.post(edit, {**FORM, **seen}, 409)
    with app.app_context():
        service.update(factories.staff(people["hana"]), home, None, {"title": "三人目"})
    page = aoi.post(edit, {**FORM, **seen, "compared": value_of(page, "compared"), "pick-title": "mine"}, 409)
    assert "三人目" in page.text


def test_other_changes_do_not_stop_a_save(aoi: Browser, app: Flask, people, home: int) -> None:
    seen = opened(aoi, home)
    aoi.post(f"/staff/listings/{home}/confirm")
    aoi.post(f"/staff/listings/{home}/status", {"to": "negotiating"})
    aoi.post(f"/staff/listings/{home}/edit", {**FORM, **seen})
    assert made(app)["title"] == "縁側の家"


def test_the_same_change_by_two_is_no_conflict(aoi: Browser, app: Flask, people, home: int) -> None:
    seen = opened(aoi, home)
    with app.app_context():
        service.update(factories.staff(people["hana"]), home, None, {"title": "同じ見出し"})
    aoi.post(f"/staff/listings/{home}/edit", {**HOME, **seen, "title": "同じ見出し"})
    assert made(app, "空き家第1号")["title"] == "同じ見出し"


def test_a_form_that_says_nothing_of_what_it_saw_overwrites_nothing(
    aoi: Browser, app: Flask, people, home: int
) -> None:
    aoi.post(f"/staff/listings/{home}/edit", {**FORM, "title": "上書き"}, 409)
    aoi.post(f"/staff/listings/{home}/edit", {**FORM, "version": "1", "seen": "0"}, 409)
    assert made(app, "空き家第1号")["title"] == "阿蘇の平屋"

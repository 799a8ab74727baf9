"""Words are found at any length, in any width and kana, and homes with the word in the title come first."""

import pytest
from flask import Flask

from akiya.catalogue.answer import SearchResult
from akiya.catalogue.parameters import Criteria
from akiya.db import db, transaction
from akiya.listings.models import Listing
from akiya.text import searchable
from akiya.web.marks import excerpt, hits, marked
from tests import factories
from tests.pages.browser import Browser

pytestmark = pytest.mark.engines


def found(visit: Browser, query: str) -> list[str]:
    answer = visit.client.get("/listings.geojson", query_string={"q": query}).get_json()
    return [feature["properties"]["number"] for feature in answer["features"]]


@pytest.fixture
def homes(app: Flask, people: dict[str, int]) -> None:
    with app.app_context():
        factories.listing(people["aoi"], number="1", title="カキツバタの庭", appeal="駅まで歩けます。温泉が近い。")
        factories.listing(people["aoi"], number="2", title="温泉のある家", appeal="大澤さんの畑の隣。Wi-Fi 完備")
        factories.listing(people["aoi"], number="3", title="海の家", remarks="100% 自然素材。it's \\ a_b「庭」")


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("温泉", {"1", "2"}), ("温", {"1", "2"}), ("泉", {"1", "2"}), ("ｶｷﾂﾊﾞﾀ", {"1"}), ("かきつばた", {"1"}), ("カキツ バタ", {"1"}),
        ("大沢", {"2"}), ("大澤", {"2"}), ("ｗｉ－ｆｉ", {"2"}), ("WI-FI", {"2"}), ("駅", {"1"}), ("100%", {"3"}), ("a_b", {"3"}),
        ("axb", set()), ("it's", {"3"}), ("\\", {"3"}), ("「庭」", {"3"}), ("庭 海", {"3"}), ("庭 温泉", {"1"}), ("泉温", set()), ("''", set()),
        ('"', set()), (":*", set()), ("&", set()), ("阿蘇市", {"1", "2", "3"}), ("内牧 家", {"2", "3"}), ("%", {"3"}),
    ],
)  # fmt: skip
def test_every_word_is_found(visit: Browser, homes, query: str, numbers: set[str]) -> None:
    assert set(found(visit, query)) == numbers


def test_the_title_counts_for_more_than_the_remarks(visit: Browser, homes) -> None:
    assert found(visit, "温泉") == ["2", "1"]
    answer = visit.client.get("/listings.geojson?q=温泉&sort=newest").get_json()
    assert len(answer["features"]) == 2


def test_the_index_follows_every_change(visit: Browser, app: Flask, homes) -> None:
    with app.app_context():
        with transaction() as session:
            listing = session.scalar(db.select(Listing).where(Listing.number == "1"))
            listing.search_text = "かわった"
        assert SearchResult(Criteria(words=("かわった",))).total == 1
        assert SearchResult(Criteria(words=("かきつばた",))).total == 0
        with transaction() as session:
            session.execute(db.delete(Listing).where(Listing.number == "1"))
        assert SearchResult(Criteria(words=("かわった",))).total == 0


def test_hits_are_marked_in_the_card(visit: Browser, homes) -> None:
    page = visit.get("/listings/?q=温泉 かきつばた").markup
    assert "<mark>カキツバタ</mark>の庭" in page
    assert "<mark>温泉</mark>が近い" in page


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("㈱温泉 <b>", ["温泉"], "㈱<mark>温泉</mark> &lt;b&gt;"), ("ｶﾞラス", ["がらす"], "<mark>ｶﾞラス</mark>"), ("庭庭", ["庭"], "<mark>庭庭</mark>"),
        ("大澤", ["大沢"], "<mark>大澤</mark>"), ("なし", ["庭"], "なし"), ("なし", [], "なし"),
    ],
)  # fmt: skip
def test_marks_stand_where_the_words_stand(text: str, words: list[str], expected: str) -> None:
    assert str(marked(text, words)) == expected


def test_an_excerpt_holds_the_first_hit() -> None:
    long = "あ" * 100 + "温泉" + "い" * 100
    assert "温泉" in excerpt(long, ["温泉"])
    assert len(excerpt(long, ["温泉"])) < 70
    assert excerpt(long, ["海"]) == ""
    assert hits("", ["海"]) == []


def test_searchable_text_stays_as_it_is() -> None:
    for text in ("澤ヶ原　カキツバタ﨑ﾊﾝｶｸ ABC", "関ヶ原 ㌔ Å", "がギグ"):
        assert searchable(searchable(text)) == searchable(text)

"""What is cached: public responses until something changes, staff pages never."""

import pytest
from flask import Flask
from sqlalchemy import text

from akiya.db import db, revision, time_limit, transaction
from akiya.errors import TooSlow
from akiya.listings import lifecycle
from akiya.listings.enums import Status
from akiya.web.caching import PUBLIC
from tests import factories
from tests.pages.browser import Browser

PATHS = (
    "/",
    "/listings/",
    "/listings.geojson",
    "/listings.atom",
    "/sitemap.xml",
    "/robots.txt",
    "/listings/map.json",
    "/en/listings/",
)

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT max(i) FROM n"


@pytest.mark.parametrize("path", PATHS)
def test_a_public_answer_is_kept_until_something_changes(app: Flask, people, path: str) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"], number="1")
    client = app.test_client()
    first = client.get(path)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == PUBLIC
    for word in ("s-maxage", "stale-while-revalidate", "stale-if-error"):
        assert word in PUBLIC
    again = client.get(path)
    assert again.data == first.data
    assert again.headers["ETag"] == first.headers["ETag"]
    same = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert same.status_code == 304
    assert same.data == b""
    assert client.head(path).status_code == 200
    assert client.head(path).data == b""
    small = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert small.headers.get("Content-Encoding") == ("gzip" if len(first.data) >= 1000 else None)
    assert client.get(path).data == first.data
    with app.app_context():
        lifecycle.close(factories.staff(people["aoi"]), home, Status.WITHDRAWN, None, {"reason": "所有者の都合"})
    changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == (304 if path == "/robots.txt" else 200)


def test_a_streamed_table_is_not_sent_twice(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"], number="1")
    client = app.test_client()
    first = client.get("/listings.csv")
    same = client.get("/listings.csv", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    with app.app_context():
        lifecycle.close(factories.staff(people["aoi"]), home, Status.WITHDRAWN, None, {"reason": "所有者の都合"})
    assert client.get("/listings.csv", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_what_is_kept_is_one_hosts_and_one_languages(app: Flask, people) -> None:
    with app.app_context():
        factories.listing(people["aoi"], number="1")
    client = app.test_client()
    one = client.get("/listings.geojson", base_url="http://one.example/").get_json()
    other = client.get("/listings.geojson", base_url="http://other.example/").get_json()
    assert one["features"][0]["properties"]["url"].startswith("http://one.example/")
    assert other["features"][0]["properties"]["url"].startswith("http://other.example/")
    assert client.get("/listings/").data != client.get("/en/listings/").data


def test_a_signed_in_persons_pages_are_kept_nowhere(visit: Browser, people) -> None:
    visit.client.get("/listings/")
    visit.sign_in("aoi")
    answer = visit.client.get("/listings/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    stranger = visit.app.test_client().get("/listings/")
    assert stranger.headers["Cache-Control"] == PUBLIC
    assert "Set-Cookie" not in stranger.headers


def test_a_form_is_compressed_only_where_it_repeats_nothing_of_the_request(visit: Browser, people) -> None:
    visit.sign_in("aoi")
    packed = {"Accept-Encoding": "gzip"}
    assert visit.client.get("/staff/listings/new", headers=packed).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in visit.client.get("/staff/listings/new?x=1", headers=packed).headers
    wrong = visit.client.post(
        "/staff/listings/new", data={"csrf_token": visit.token(), "price": "高い"}, headers=packed
    )
    assert wrong.status_code == 400
    assert "Content-Encoding" not in wrong.headers


def test_a_question_that_takes_too_long_is_cut_off(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(TooSlow, match="短く"), time_limit(0.2, "もっと短くしてください。"):
            db.session.execute(text(ENDLESS)).all()
        with time_limit(5, ""):
            assert db.session.execute(text("SELECT 1")).scalar() == 1
        with transaction() as session:
            assert session.execute(text("SELECT 2")).scalar() == 2


def test_a_page_says_so_when_the_question_took_too_long(app: Flask, monkeypatch) -> None:
    def endless(words: object) -> None:
        with time_limit(0.1, "言葉を足してください。"):
            db.session.execute(text(ENDLESS)).all()

    monkeypatch.setattr("akiya.catalogue.full_text._find", endless)
    answer = app.test_client().get("/listings/?q=温泉")
    assert answer.status_code == 503
    assert "言葉を足してください。" in answer.get_data(as_text=True)
    assert app.test_client().get("/listings/").status_code == 200


def test_what_no_public_page_shows_leaves_the_kept_pages_good(app: Flask, people) -> None:
    with app.app_context():
        before = revision()
        with transaction(public=False):
            factories.staff(people["aoi"]).name = "改名"
        assert revision() == before
        with transaction(public=False), transaction():
            factories.staff(people["aoi"]).name = "また改名"
        assert revision() == before + 1
        assert factories.staff(people["aoi"]).name == "また改名"

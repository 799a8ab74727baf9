"""Canary words and a point, stored in everything private, are looked for in everything public and in every log line."""

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from sqlalchemy import Enum, String

from akiya.db import db, transaction
from akiya.listings import lifecycle, photos
from akiya.listings.enums import PropertyKind, Status
from akiya.listings.models import Listing, PrivateRecord
from akiya.opendata import service as opendata
from akiya.opendata.models import FILES
from akiya.outbox.models import Message
from akiya.owners.enums import ContactWay, DocumentKind, Relation
from akiya.owners.models import Application, Contact, CoOwner, Document
from tests import factories, images
from tests.pages.browser import Browser
from tests.pages.public.test_application import answers, send

WORD = "カナリア"
POINT = {"true_lon": 131.043217, "true_lat": 32.951234}
LEAK = re.compile(
    "カナリア|canary|\\\\u30ab\\\\u30ca\\\\u30ea\\\\u30a2|%E3%82%AB%E3%83%8A%E3%83%AA|131\\.0432|32\\.9512", re.I
)
# Columns without text of a person: generated, or with our own words.
OURS = {
    "Document.key",
    "Document.media_type",
    "Document.actor",
    "Contact.actor",
    "Application.receipt",
    "Application.relation",
}


def planted(kind: type) -> dict[str, str]:
    """Return a canary for every text column of a private table, so that new columns are covered automatically."""
    columns = kind.__table__.columns  # type: ignore[attr-defined]
    words = [c.name for c in columns if isinstance(c.type, String) and not isinstance(c.type, Enum)]
    return {name: f"{WORD}{name}" for name in words if f"{kind.__name__}.{name}" not in OURS}


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Yield the text that the application writes to its log."""
    log, lines = logging.getLogger("akiya"), io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(log.handlers[0].formatter)
    log.addHandler(handler)
    yield lines
    log.removeHandler(handler)


@pytest.fixture
def nest(app: Flask, people: dict[str, int], tmp_path: Path) -> dict[str, int]:
    """Create an open, a closed and an unpublished home, each full of canaries, and return their ids."""
    storage = app.extensions["akiya_storage"]
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        made = {}
        for name, status in (("open", Status.OPEN), ("closed", Status.CONTRACTED), ("draft", Status.DRAFT)):
            values = {**planted(PrivateRecord), **POINT, "kind": PropertyKind.HOUSE}
            made[name] = factories.listing(people["aoi"], number=f"{name}の家", status=status, **values)
            photos.add(aoi, made[name], f"{WORD}.jpg", images.photo(tmp_path / f"{name}.jpg", gps=True), storage)
            with transaction() as session:
                home = {"listing_id": made[name]}
                session.add(CoOwner(**home, **planted(CoOwner), relation=Relation.HEIR))
                session.add(
                    Contact(**home, **planted(Contact), on=lifecycle.today(), way=ContactWay.PHONE, actor="あおい")
                )
                kept = {
                    "kind": DocumentKind.CONSENT,
                    "key": "private/documents/x",
                    "media_type": "application/pdf",
                    "size": 1,
                    "actor": "あおい",
                }
                session.add(Document(**home, **planted(Document), **kept))
                sent = {"message": f"{WORD}sent"}
                session.add(
                    Application(
                        **home,
                        **planted(Application),
                        receipt=f"43214-2026-{made[name]:04}",
                        relation="owner",
                        sent=sent,
                    )
                )
    return made


def text_of(visit: Browser, path: str) -> tuple[str, str]:
    """Return headers and body of the response as one text, and its media type."""
    with visit.client.get(path) as response:
        head = "\n".join(f"{name}: {value}" for name, value in response.headers)
        return f"{response.status}\n{head}\n{response.data.decode('utf-8', 'replace')}", response.mimetype


def starts(app: Flask, nest: dict[str, int]) -> set[str]:
    """Return every public address of the URL map, for every home, in both languages."""
    found = set()
    for home in nest.values():
        values: dict[str, Any] = {
            "listing_id": home,
            "code": factories.A,
            "name": "listings",
            "filename": "x",
            "token": "x",
            "suffix": "csv",
            "item_id": home,
        }
        with app.test_request_context():
            for rule in app.url_map.iter_rules():
                if "GET" not in (rule.methods or ()) or str(rule).startswith(("/staff", "/prefecture")):
                    continue
                path = app.url_map.bind("localhost").build(rule.endpoint, {n: values[n] for n in rule.arguments})
                found |= {path, f"/en{path}"}
    return found


def crawl(app: Flask, first: set[str], most: int = 400) -> dict[str, str]:
    """Return the responses at these addresses and at all of this site that they link to, pictures included."""
    visit, waiting, seen = Browser(app), sorted(first), dict[str, str]()
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen[path], media_type = text_of(visit, path)
        if media_type not in (
            "text/html",
            "application/xml",
            "application/atom+xml",
            "application/geo+json",
            "application/json",
            "application/ld+json",
        ):
            continue
        for link in re.findall(
            r"""(?:href|src)="([^"#]+)|((?:https?://localhost)?/(?:en/)?(?:listings|media)/[^\s"'<,]+)""", seen[path]
        ):
            parts = urlsplit(urljoin(f"http://localhost{path}", (link[0] or link[1]).replace("&amp;", "&")))
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            # Filters link to ever more filters: of these only the starting addresses are opened.
            if parts.netloc == "localhost" and not parts.path.startswith(("/staff", "/static")) and not parts.query:
                waiting.append(target)
    return seen


def test_nothing_private_is_in_any_public_answer(app: Flask, nest: dict[str, int], logged: io.StringIO) -> None:
    asked = {"/listings/?q=内牧", "/listings/?bbox=131,32.9,131.1,33", "/listings/?near=131.04,32.95&radius_km=3&sort=distance",
             "/listings.geojson?bbox=131,32.9,131.1,33&facets=1", "/listings/map.json?zoom=17", "/listings/map.json?zoom=8", "/nowhere",
             f"/owners/apply?municipality={factories.A}", f"/owners/apply/print?municipality={factories.A}", f"/listings/{nest['draft']}/card"}  # fmt: skip
    api = {
        f"/api/collections/{name}/items{more}"
        for name in ("listings", "municipalities")
        for more in ("", "?f=html", "?limit=1000")
    }
    api |= {
        f"/api/collections/listings/items?{words}"
        for words in ("bbox=131.0431,32.9511,131.0433,32.9513", "datetime=2000-01-01/..")
    }
    api |= {f"/api/collections/listings/items/{home}?f=html" for home in nest.values()}
    files = {f"/opendata/listings.{suffix}" for suffix in ("csv", "geojson", "jsonl")}
    with app.app_context():
        made = opendata.make(app.extensions["akiya_storage"], "http://localhost", lifecycle.today())
    answers_ = crawl(app, starts(app, nest) | asked | api | files)
    leaks = {path: LEAK.findall(text) for path, text in answers_.items() if LEAK.search(text)}
    assert leaks == {}
    assert any("/media/photos/" in path for path in answers_)
    assert {path for path in answers_ if "/media/opendata/" in path} == {
        f"/media/opendata/{made.day}/{name}" for name in FILES
    }
    assert f'"id":{nest["open"]},' in answers_["/opendata/listings.jsonl"]
    assert sum("200 OK" in text[:10] for text in answers_.values()) > 30
    assert not LEAK.search(logged.getvalue())
    # The canaries are in the private pages, so finding none elsewhere means something.
    hana = Browser(app)
    hana.sign_in("hana")
    for page in ("owner", "application", "card"):
        assert WORD in hana.get(f"/staff/listings/{nest['open']}/{page}").text


@pytest.mark.parametrize("words", ["q=カナリア", "q=カナリア番地", "place=カナリア"])
def test_no_search_finds_what_is_private(app: Flask, nest: dict[str, int], words: str) -> None:
    for path in ("/listings.geojson", "/api/collections/listings/items"):
        found = Browser(app).client.get(f"{path}?{words}").get_json()
        assert found.get("numberMatched", 0) == 0 or words.startswith("place")
    with app.app_context():
        for listing in db.session.query(Listing):
            assert not LEAK.search(listing.search_text + listing.search_head)


def test_no_work_of_staff_or_owner_leaves_a_word_in_the_log_or_in_a_mail(
    app: Flask, nest: dict[str, int], logged: io.StringIO
) -> None:
    aoi, home = Browser(app), f"/staff/listings/{nest['open']}"
    aoi.sign_in("aoi")
    for page in ("", "/owner", "/application", "/card", "/edit"):
        aoi.get(home + page)
    aoi.post(f"{home}/owner", {"owner_name": f"{WORD}一", "notes": f"{WORD}\x08"}, 400)
    aoi.post(f"{home}/owner", {"owner_name": f"{WORD}二"})
    aoi.post(f"{home}/owner/co-owners", {"name": f"{WORD}三", "relation": "heir", "contact": WORD})
    aoi.post(f"{home}/owner/contacts", {"way": "phone", "text": WORD})
    upload = {"kind": "other", "file": (io.BytesIO(b"%PDF-1.7"), f"{WORD}.pdf")}
    aoi.post(f"{home}/owner/documents", upload, content_type="multipart/form-data")
    aoi.get(f"{home}/nowhere?name={WORD}", 404)
    private = {name: f"{WORD}{name}" for name in ("lot_number", "name", "kana", "address", "message")}
    visit = Browser(app)
    send(visit, answers(app, **private, email="canary@example.jp", wish=""), 400)
    photo = (io.BytesIO(b"no picture"), f"{WORD}.jpg")
    send(visit, answers(app, **private, email="canary@example.jp", photos=[photo]))
    assert not LEAK.search(visit.get("/owners/receipt").text.replace(f"{WORD}.jpg", ""))
    assert not LEAK.search(logged.getvalue())
    with app.app_context():
        mails = db.session.query(Message).all()
        assert mails
        assert not [m.id for m in mails if LEAK.search(m.subject + m.text + m.key + m.problem)]

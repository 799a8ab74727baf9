"""The site with its files on S3, and what people see while S3 cannot be reached."""

import io
import re
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError

import pytest
from flask import Flask

from akiya import create_app
from akiya.db import db
from akiya.errors import StorageFailed
from akiya.ledgers import service as ledgers
from akiya.ledgers.models import Import, Phase
from akiya.listings.models import Photo
from akiya.owners.models import Application, Document
from akiya.panoramas import service as panoramas
from akiya.panoramas import tiling
from tests import buckets, factories, images
from tests.conftest import close
from tests.pages.browser import Browser
from tests.pages.public import test_application
from tests.pages.staff.listings.test_photos import send

pytestmark = pytest.mark.slow

Site = Callable[[str], Flask]


@pytest.fixture
def site(app: Flask, people: dict[str, int], endpoint: str) -> Iterator[Site]:
    """Yield a function that creates the application on the same database, with its files in a bucket.

    Its argument is the endpoint of the S3.
    """
    made = []

    def make(address: str) -> Flask:
        bucket = "media"
        if address == endpoint:
            bucket = buckets.make(endpoint)
            buckets.publish(endpoint, bucket, "site")
        settings = replace(app.config["AKIYA"], storage=f"s3://{bucket}/site", s3_endpoint=address)
        made.append(create_app(settings))
        return made[-1]

    yield make
    for each in made:
        close(each)


def download(address: str) -> tuple[bytes, str, str]:
    with urllib.request.urlopen(address) as answer:
        return answer.read(), answer.headers["Content-Type"], answer.headers["Cache-Control"]


def test_a_photo_goes_from_a_clerk_to_a_visitor_by_way_of_the_bucket(
    site: Site, people, endpoint: str, tmp_path: Path
) -> None:
    app = site(endpoint)
    with app.app_context():
        home = factories.listing(people["aoi"])
    visit = Browser(app)
    visit.sign_in("aoi")
    answer = send(visit, home, [(images.photo(tmp_path / "a.jpg").read_bytes(), "縁側.jpg")])
    assert answer.status_code == 303
    page = app.test_client().get(f"/listings/{home}")
    allowed = re.search(r"img-src ([^;]*)", page.headers["Content-Security-Policy"])[1].split()
    assert endpoint in allowed
    pictures = re.findall(rf'{endpoint}/[^" ]+\.webp', page.get_data(as_text=True))
    content, kind, cache = download(pictures[0])
    assert (content[:4], kind) == (b"RIFF", "image/webp")
    assert "immutable" in cache
    assert app.test_client().get("/media/photos/x/320.webp").status_code == 404
    with app.app_context():
        photo_id = db.session.scalars(db.select(Photo.id)).one()
        original = db.session.scalars(db.select(Photo.original_key)).one()
    with pytest.raises(HTTPError, match="403"):
        download(app.extensions["akiya_storage"].url(original))
    visit.post(f"/staff/photos/{photo_id}/delete")
    assert [*app.extensions["akiya_storage"].keys("public"), *app.extensions["akiya_storage"].keys("private")] == []


def test_a_tour_is_tiled_into_the_bucket_and_viewed_from_there(
    site: Site, people, endpoint: str, tmp_path: Path
) -> None:
    app = site(endpoint)
    with app.app_context():
        aoi, home, storage = (
            factories.staff(people["aoi"]),
            factories.listing(people["aoi"]),
            app.extensions["akiya_storage"],
        )
        source = images.panorama(tmp_path / "p.jpg")
        scene = panoramas.add(aoi, home, source, storage, title="座敷", description="8畳の和室")
        tiling.process_all(storage)
        panoramas.publish(factories.staff(people["aoi"]), home)
        tiles = storage.url(db.session.get(type(scene), scene.id).tiles_key)
    page = app.test_client().get(f"/listings/{home}")
    assert f"{tiles}/preview.webp" in page.get_data(as_text=True)
    policy = page.headers["Content-Security-Policy"]
    maps = "https://cyberjapandata.gsi.go.jp https://disaportaldata.gsi.go.jp"
    assert f"; img-src 'self' data: blob: {maps} {endpoint}; connect-src 'self' {endpoint}; " in policy
    framed = app.test_client().get(f"/embed/listings/{home}").headers["Content-Security-Policy"]
    assert f"; img-src 'self' data: {endpoint}; connect-src 'self'; " in framed
    assert download(f"{tiles}/1/f0_0.webp")[1] == "image/webp"


def test_while_s3_is_away_a_clerk_is_told_so_and_no_photo_is_half_there(
    site: Site, people, endpoint: str, tmp_path: Path
) -> None:
    app = site(buckets.refusing())
    with app.app_context():
        home = factories.listing(people["aoi"])
    visit = Browser(app)
    visit.sign_in("aoi")
    picture = images.photo(tmp_path / "a.jpg").read_bytes()
    answer = send(visit, home, [(picture, "縁側.jpg"), (picture, "台所.jpg"), (picture, "庭.jpg")])
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "縁側.jpg：入れられませんでした。ファイルの置き場所（S3）を使えません" in text
    assert "数分待ってから、もう一度試してください" in text
    assert "残りの2枚は、まだ入れていません" in text
    assert "台所.jpg" not in text
    answer = send(visit, home, [(picture, "縁側.jpg")], headers={"Accept": "application/json"})
    assert "使えません" in answer.json["problems"][0]
    assert answer.json["items"] == []
    with app.app_context():
        assert db.session.scalars(db.select(Photo)).all() == []
    assert visit.get(f"/staff/listings/{home}").title, "pages need no storage"


def test_while_s3_is_away_other_uploads_get_a_page_that_says_to_try_later(site: Site, people, endpoint: str) -> None:
    app = site(buckets.refusing())
    with app.app_context():
        home = factories.listing(people["aoi"])
    visit = Browser(app)
    visit.sign_in("aoi")
    scan = (io.BytesIO(b"%PDF-1.7\n%%EOF\n"), "同意書.pdf")
    page = visit.post(
        f"/staff/listings/{home}/owner/documents",
        {"kind": "consent", "file": scan},
        status=503,
        content_type="multipart/form-data",
    )
    assert "数分待ってから、もう一度試してください" in page.text
    with app.app_context():
        assert db.session.scalars(db.select(Document)).all() == []


@pytest.mark.parametrize(("prefix", "told"), [("", "今は写真を保存できません"), ("/en", "cannot be stored just now")])
def test_while_s3_is_away_an_application_is_received_without_its_photos(
    site: Site, people, endpoint: str, tmp_path: Path, prefix: str, told: str
) -> None:
    app, good = site(buckets.refusing()), images.photo(tmp_path / "a.jpg").read_bytes()
    visit = Browser(app)
    sent = test_application.answers(app, photos=test_application.files((good, "家.jpg"), (good, "庭.jpg")))
    test_application.send(visit, sent, prefix=prefix)
    page = visit.get(f"{prefix}/owners/receipt")
    assert page.text.count(told) == 2
    with app.app_context():
        assert db.session.scalars(db.select(Application.receipt)).one() in page.text
        assert db.session.scalars(db.select(Photo)).all() == []


def test_a_ledger_that_was_sent_before_s3_went_away_is_read_when_it_is_back(
    site: Site, people, endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "_ABANDONED", timedelta(0))
    app = site(endpoint)
    (tmp_path / "l.csv").write_text("番号,価格\n1,200\n")
    with app.app_context():
        storage, aoi = app.extensions["akiya_storage"], factories.staff(people["aoi"])
        taken = ledgers.receive(aoi, factories.A, "l.csv", tmp_path / "l.csv", storage).id
        for _ in range(5):
            with pytest.raises(StorageFailed):
                ledgers.process_next(buckets.away())
        assert ledgers.process_next(storage)
        assert db.session.get(Import, taken).phase is Phase.CHECKED

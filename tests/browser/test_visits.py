"""A page that somebody sees counts once, and so does its tour; stopping the server loses no counts."""

from pathlib import Path

from flask_migrate import upgrade
from playwright.sync_api import Browser, expect

from akiya import create_app
from akiya.db import db
from akiya.municipalities import service as municipalities
from akiya.panoramas import service as panoramas
from akiya.panoramas import tiling
from akiya.visits.models import VisitKind, Visits
from tests import factories, images
from tests.browser.conftest import running
from tests.conftest import close, settings
from tests.waiting import until

PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


def test_a_view_and_an_opened_tour_count_once_each(
    chromium: Browser, tmp_path: Path, make_database, engine: str
) -> None:
    database = make_database(engine)
    app = create_app(settings(tmp_path, database))
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        municipalities.ensure_prefecture("熊本県")
        aoi, storage = factories.staff(factories.people()["aoi"]), app.extensions["akiya_storage"]
        home = factories.listing(aoi.id)
        room = images.panorama(tmp_path / "room.jpg")
        panoramas.add(aoi, home, room, storage, description="8畳の和室")
        tiling.process_next(storage)
        panoramas.publish(aoi, home)
    with running(tmp_path, database) as site, chromium.new_context(user_agent=PERSON) as context:
        page, told = context.new_page(), []
        page.on("response", lambda answer: told.append(answer) if "/visits/" in answer.url else None)
        page.goto(f"{site.url}/listings/{home}")
        page.get_by_role("button", name="部屋の中を見回す").click()
        expect(page.locator("[data-ready]")).to_be_visible()
        page.locator("[data-ready]").dispatch_event("panorama:open")  # opened again, in full detail
        until(lambda: page.wait_for_timeout(50) or len(told) >= 2, 10)  # Playwright delivers responses while it waits
        assert [(answer.status, "cookie" in answer.request.all_headers()) for answer in told] == [(204, False)] * 2
        assert context.cookies() == []
    with app.app_context():
        counts = {(row.listing_id, row.kind): row.count for row in db.session.query(Visits)}
    close(app)
    assert counts == {(home, VisitKind.LISTING): 1, (home, VisitKind.PANORAMA): 1}

"""A page that somebody sees counts, once; so does its tour; and the end of the server loses nothing."""

import os
import signal
import subprocess
import time
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
from tests.browser.conftest import BIN, free_port, wait_until_ready
from tests.conftest import close, settings

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
    port = free_port()
    environment = {
        **os.environ,
        "AKIYA_DATA": str(tmp_path),
        "DATABASE_URL": database,
        "SECRET_KEY": "a key for tests only",
    }
    serving = [BIN / "akiya", "serve", "--port", str(port)]
    process = subprocess.Popen(serving, env=environment, stderr=subprocess.DEVNULL)
    context = chromium.new_context(user_agent=PERSON)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}")
        page, told = context.new_page(), []
        page.on("response", lambda answer: told.append(answer) if "/visits/" in answer.url else None)
        page.goto(f"http://127.0.0.1:{port}/listings/{home}")
        page.get_by_role("button", name="部屋の中を見回す").click()
        expect(page.locator("[data-ready]")).to_be_visible(timeout=30_000)
        page.locator("[data-ready]").dispatch_event("panorama:open")  # opened again, in full detail
        until_two = time.monotonic() + 10
        while len(told) < 2 and time.monotonic() < until_two:
            page.wait_for_timeout(50)
        assert [(answer.status, "cookie" in answer.request.all_headers()) for answer in told] == [(204, False)] * 2
        assert context.cookies() == []
    finally:
        context.close()
        process.send_signal(signal.SIGINT)
        process.wait(20)
    with app.app_context():
        counts = {(row.listing_id, row.kind): row.count for row in db.session.query(Visits)}
    close(app)
    assert counts == {(home, VisitKind.LISTING): 1, (home, VisitKind.PANORAMA): 1}

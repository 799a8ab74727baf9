"""Which visits are counted, and that nothing about the visitors is stored."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from akiya import create_app
from akiya.db import db, revision, today
from akiya.listings.enums import Status
from akiya.visits import counter, search, service
from akiya.visits.counter import Counter
from akiya.visits.models import VisitKind, Visits
from akiya.web.limits import limiter
from tests import factories
from tests.conftest import close, settings
from tests.pages.browser import Browser
from tests.waiting import until

pytestmark = pytest.mark.engines

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
PERSON = {"User-Agent": CHROME, "Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}


@pytest.fixture
def home(app: Flask, people: dict[str, int]) -> Iterator[int]:
    app.extensions["akiya_visits"].flush()
    with app.app_context():
        made = factories.listing(people["aoi"])
    yield made
    app.extensions["akiya_visits"].flush()


def send(app: Flask, listing_id: int, what: str = "", method: str = "POST", **headers: str | None) -> int:
    """Return the status of the response to a page that reports a visit; `headers` change the person's."""
    given = PERSON | {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in given.items() if value is not None}
    return app.test_client().open(f"/visits/listings/{listing_id}{what}", method=method, headers=sent).status_code


def counted(app: Flask) -> dict[tuple[int, VisitKind], int]:
    app.extensions["akiya_visits"].flush()
    with app.app_context():
        return {(row.listing_id, row.kind): row.count for row in db.session.query(Visits)}


def test_views_and_opened_tours_are_counted_by_day(app: Flask, home: int) -> None:
    assert {send(app, home) for _ in range(3)} == {204}
    assert send(app, home, "/panorama") == 204
    assert counted(app) == {(home, VisitKind.LISTING): 3, (home, VisitKind.PANORAMA): 1}
    send(app, home)
    assert counted(app)[home, VisitKind.LISTING] == 4
    with app.app_context():
        assert db.session.scalars(db.select(Visits.day)).all() == [today()] * 2


GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
NOBODY = [
    {"User_Agent": GOOGLEBOT},
    {"User_Agent": CHROME.replace("Chrome/", "HeadlessChrome/")},
    {"User_Agent": "curl/8.5.0"},
    {"User_Agent": ""},
    {"Sec_Fetch_Site": "cross-site", "Origin": "https://elsewhere.example"},
    {"Sec_Fetch_Site": "same-site"},
    {"Sec_Fetch_Site": "none"},
    {"Sec_Fetch_Site": None, "Origin": "https://elsewhere.example"},
    {"Sec_Fetch_Site": None, "Origin": "null"},
    {"Sec_Fetch_Site": None, "Origin": None},
    {"Sec_Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
]


@pytest.mark.parametrize("headers", NOBODY, ids=str)
def test_what_no_person_saw_is_not_counted(app: Flask, home: int, headers: dict[str, str | None]) -> None:
    assert send(app, home, **headers) == 204
    assert counted(app) == {}


def test_an_older_browser_counts_by_its_origin(app: Flask, home: int) -> None:
    send(app, home, Sec_Fetch_Site=None)
    assert counted(app) == {(home, VisitKind.LISTING): 1}


def test_only_a_page_counts_not_looking_at_the_address(app: Flask, home: int) -> None:
    assert {send(app, home, method=method) for method in ("GET", "HEAD", "PUT")} == {405}
    assert send(app, 2**31) == 404
    assert counted(app) == {}


def test_what_is_not_on_offer_is_not_counted(app: Flask, home: int, people) -> None:
    with app.app_context():
        closed = factories.listing(people["aoi"], number="終了", status=Status.WITHDRAWN)
        draft = factories.listing(people["aoi"], number="下書き", status=Status.DRAFT)
        talked = factories.listing(people["aoi"], number="商談", status=Status.NEGOTIATING)
    for listing_id in (closed, draft, 999_999, talked, home):
        send(app, listing_id)
        send(app, listing_id, "/panorama")
    assert set(counted(app)) == {(listing_id, kind) for listing_id in (talked, home) for kind in VisitKind}


def test_the_answer_waits_for_nothing_and_leaves_nothing(app: Flask, home: int, caplog) -> None:
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(connection: object, cursor: object, statement: str, *more: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with caplog.at_level("INFO", logger="akiya"):
            answer = app.test_client().post(
                f"/visits/listings/{home}", headers=PERSON, environ_base={"REMOTE_ADDR": "203.0.113.77"}
            )
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert (answer.status_code, answer.data, asked) == (204, b"", [])
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    told = " ".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "visits.listing" in told
    assert "203.0.113.77" not in told
    assert "Windows NT" not in told
    assert counted(app) == {(home, VisitKind.LISTING): 1}
    assert {column.name for column in Visits.__table__.c} == {"day", "listing_id", "kind", "count"}


def test_several_processes_add_up(app: Flask, home: int) -> None:
    with app.app_context():
        other = factories.listing(factories.account("aoi"), number="もう1件")

    def write(counts: dict) -> None:
        with app.app_context():
            service.add(counts)

    def work() -> None:
        mine = Counter(write)
        for _batch in range(8):
            for listing_id in (home, other, home):
                mine.add(listing_id, VisitKind.LISTING)
            mine.flush()

    processes = [threading.Thread(target=work) for _ in range(3)]
    for each in processes:
        each.start()
    for each in processes:
        each.join()
    assert counted(app) == {(home, VisitKind.LISTING): 48, (other, VisitKind.LISTING): 24}


def test_a_large_batch_is_written_as_well(app: Flask, home: int) -> None:
    days = [today() - timedelta(days=n) for n in range(9_000)]  # more values than one statement of SQLite allows
    for _batch in range(2):
        with app.app_context():
            service.add({(day, home, VisitKind.LISTING): 2 for day in days})
    with app.app_context():
        assert search.of_listing(home).views == 36_000


def test_kept_pages_stay_good(app: Flask, home: int) -> None:
    client, before = app.test_client(), _revision(app)
    first = client.get(f"/listings/{home}")
    assert "Set-Cookie" not in first.headers
    for _ in range(3):
        send(app, home)
    assert counted(app)
    assert _revision(app) == before
    same = client.get(f"/listings/{home}")
    assert (same.data, same.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert client.get(f"/listings/{home}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_staff_and_closed_homes_are_not_asked_to_count(app: Flask, home: int, people) -> None:
    with app.app_context():
        closed = factories.listing(people["aoi"], number="終了", status=Status.EXPIRED)
    stranger, aoi = Browser(app), Browser(app)
    aoi.sign_in("aoi")
    assert f'data-visits="/visits/listings/{home}"' in stranger.get(f"/listings/{home}").markup
    assert f'data-visits="/en/visits/listings/{home}"' in stranger.get(f"/en/listings/{home}").markup
    for who, listing_id in ((aoi, home), (stranger, closed)):
        markup = who.get(f"/listings/{listing_id}").markup
        assert "data-visits" not in markup
        assert "visit." not in markup


def test_the_figures_of_a_listing(app: Flask, home: int, visit: Browser) -> None:
    days = {today(): 1, today() - timedelta(days=29): 34, today() - timedelta(days=30): 85}
    with app.app_context():
        service.add({(day, home, VisitKind.LISTING): count for day, count in days.items()})
        service.add({(today() - timedelta(days=40), home, VisitKind.PANORAMA): 12})
        found = search.of_listing(home)
    assert (found.views, found.views_lately, found.tours, found.tours_lately) == (120, 35, 12, 0)
    visit.sign_in("ren")
    page = visit.get(f"/staff/listings/{home}")
    assert "閲覧 120（この30日 35）・360度 12（この30日 0）" in page.text
    assert "サインイン中の職員は数えません" in page.text


def test_it_is_written_by_itself_after_a_moment_or_when_full(monkeypatch) -> None:
    written: list[dict] = []
    mine = Counter(written.append)
    monkeypatch.setattr(counter, "SECONDS", 0.05)
    mine.add(1, VisitKind.LISTING)
    until(lambda: len(written) == 1, 10)
    monkeypatch.setattr(counter, "SECONDS", 3600)
    for listing_id in range(counter.FULL):
        mine.add(listing_id, VisitKind.LISTING)
    until(lambda: len(written) == 2, 10)
    assert sum(written[1].values()) == counter.FULL


def test_what_could_not_be_written_comes_again(monkeypatch) -> None:
    written: list[dict] = []

    def write(counts: dict) -> None:
        written.append(dict(counts))
        if len(written) == 1:
            raise OSError("the database is away")

    mine = Counter(write)
    mine.add(1, VisitKind.LISTING)
    mine.flush()
    mine.add(1, VisitKind.LISTING)
    mine.flush()
    assert written[1] == {(today(), 1, VisitKind.LISTING): 2}
    mine.flush()
    assert len(written) == 2


def test_a_flood_of_invented_ids_is_bounded(monkeypatch) -> None:
    written: list[dict] = []
    monkeypatch.setattr(counter, "MOST", 10)
    mine = Counter(written.append)
    for listing_id in [*range(50), 3]:
        mine.add(listing_id, VisitKind.LISTING)
    mine.flush()
    assert len(written[0]) == 10
    assert written[0][today(), 3, VisitKind.LISTING] == 2


def test_a_day_is_a_day_in_japan(app: Flask, home: int, monkeypatch) -> None:
    monkeypatch.setattr(counter, "today", lambda: date(2026, 4, 1))
    send(app, home)
    monkeypatch.undo()
    send(app, home)
    assert len(counted(app)) == 1
    app.extensions["akiya_visits"].flush()
    with app.app_context():
        assert {row.day for row in db.session.query(Visits)} == {date(2026, 4, 1), today()}


def test_one_address_counts_only_so_often(tmp_path: Path) -> None:
    limited = create_app(replace(settings(tmp_path), testing=False))
    limiter.reset()
    assert {send(limited, 1) for _ in range(60)} | {send(limited, 1, "/panorama") for _ in range(60)} == {204}
    client = limited.test_client()
    assert client.post("/visits/listings/1", headers=PERSON).status_code == 429
    elsewhere = client.post("/visits/listings/1", headers=PERSON, environ_base={"REMOTE_ADDR": "203.0.113.5"})
    assert elsewhere.status_code == 204
    limited.extensions["akiya_visits"]._counts.clear()
    close(limited)


def _revision(app: Flask) -> int:
    with app.app_context():
        return revision()

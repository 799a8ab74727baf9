"""Records of inquiries, viewings and consultations."""

import csv
import io
import json
import logging
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from akiya.db import db, revision, today
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.inquiries import service
from akiya.inquiries.models import Inquiry, InquiryKind, InquiryWay
from akiya.inquiries.service import Details
from akiya.listings import search as listings
from akiya.listings.enums import Status
from akiya.listings.events import EventKind
from akiya.listings.models import Event
from tests import factories
from tests.factories import A, B
from tests.pages.browser import Browser


@pytest.fixture
def home(app: Flask, people: dict[str, int]) -> int:
    with app.app_context():
        return factories.listing(people["aoi"])


@pytest.fixture
def aoi(visit: Browser, home: int) -> Browser:
    visit.sign_in("aoi")
    return visit


@pytest.fixture
def noted(app: Flask, people: dict[str, int]) -> Callable[..., int]:
    """Return a function that records an inquiry as Aoi, for a listing or for none, and returns its id."""

    def note(listing_id: int | None, kind: InquiryKind = InquiryKind.INQUIRY, **details: object) -> int:
        with app.app_context():
            return service.add(factories.staff(people["aoi"]), None, listing_id, kind, Details(**details)).id

    return note


def stored(app: Flask) -> list[Inquiry]:
    with app.app_context():
        return list(db.session.query(Inquiry).order_by(Inquiry.id))


def events(app: Flask, home: int) -> list[Event]:
    with app.app_context():
        return [event for event in listings.events(home) if event.action.startswith("inquiry")]


def test_one_click_notes_what_happened_today(app: Flask, aoi: Browser, home: int) -> None:
    with app.app_context():
        before = revision()
    for kind in InquiryKind:
        aoi.post(f"/staff/listings/{home}/inquiries", {"kind": str(kind)})
    aoi.post(f"/staff/listings/{home}/inquiries", {"kind": "viewing"})
    first = stored(app)[0]
    assert (first.kind, first.on, first.listing_id, first.municipality_code) == (InquiryKind.INQUIRY, today(), home, A)
    assert (first.actor, first.way, first.previous_prefecture, first.household_size) == ("あおい", None, "", None)
    page = aoi.get(f"/staff/listings/{home}")
    assert "問合せ 1・内覧 2・オンライン内見 1・移住相談 1" in page.text
    assert page.text.count("くわしく書く") == 5
    with app.app_context():
        assert revision() == before, "no public page shows it"


def test_details_are_added_and_the_history_says_what_changed(app: Flask, aoi: Browser, home: int, noted) -> None:
    number, yesterday = noted(home), today() - timedelta(days=1)
    page = aoi.get(f"/staff/inquiries/{number}")
    assert page.markup.count("<option") == 4 + 7 + 49  # kinds, ways and unknown, 47 prefectures and abroad and unknown
    sent = {
        "kind": "viewing", "on": yesterday.isoformat(), "way": "phone", "previous_prefecture": "大阪府",
        "household_size": "3人",
    }  # fmt: skip
    aoi.post(f"/staff/inquiries/{number}", sent)
    (found,) = stored(app)
    assert (found.kind, found.on, found.way) == (InquiryKind.VIEWING, yesterday, InquiryWay.PHONE)
    assert (found.previous_prefecture, found.household_size) == ("大阪府", 3)
    assert "大阪府・3人" in aoi.get(f"/staff/listings/{home}").text
    (event,) = events(app, home)
    assert event.changes["inquiry"] == [f"問合せ・{today()}", f"内覧・{yesterday}・電話・大阪府・3人"]
    aoi.post(f"/staff/inquiries/{number}", sent)
    assert len(events(app, home)) == 1, "the same again is no change"


WRONG = [
    ("kind", ""), ("kind", "party"), ("way", "fax"), ("on", "きのう"), ("on", "2026年11月"), ("on", "2999-01-01"), ("on", "1999-01-01"),
    ("previous_prefecture", "大阪"), ("household_size", "0"), ("household_size", "21"), ("household_size", "ふたり"),
]  # fmt: skip


def test_a_wrong_value_is_named_and_what_was_typed_stays(app: Flask, aoi: Browser, home: int, noted) -> None:
    number = noted(home, household_size=2)
    for name, value in WRONG:
        sent = {"kind": "inquiry", "on": "2026-11-02", "household_size": "4", name: value}
        page = aoi.post(f"/staff/inquiries/{number}", sent, 400)
        assert f'href="#{name}"' in page.markup, (name, value)
        assert name == "household_size" or 'value="4"' in page.markup
    assert stored(app)[0].household_size == 2
    page = aoi.post(f"/staff/listings/{home}/inquiries", {"kind": "party"}, 400)
    assert "「party」という選択肢はありません" in page.text
    assert "ボタンから選んで" in aoi.post("/staff/inquiries", {}, 400).text
    assert len(stored(app)) == 1


def test_ten_years_back_is_the_limit(app: Flask, home: int, people) -> None:
    with app.app_context():
        staff, now = factories.staff(people["aoi"]), today()
        # Ten years before 29 February, the year has no such day.
        oldest = (
            now.replace(year=now.year - 10, day=min(now.day, 28)) if now.month == 2 else now.replace(year=now.year - 10)
        )
        assert service.add(staff, None, home, InquiryKind.VIEWING, Details(on=oldest)).on == oldest
        with pytest.raises(Invalid) as refused:
            service.add(staff, None, home, InquiryKind.VIEWING, Details(on=oldest - timedelta(days=1)))
        assert "10年より前" in refused.value.errors["on"]


def test_what_was_noted_by_mistake_is_taken_back(app: Flask, aoi: Browser, home: int, noted) -> None:
    kept, mistaken = noted(home), noted(home, InquiryKind.ONLINE)
    aoi.post(f"/staff/inquiries/{mistaken}/remove")
    assert [row.id for row in stored(app)] == [kept]
    (event,) = events(app, home)
    assert (event.action, event.changes["inquiry"]) == (EventKind.INQUIRY_REMOVED, [f"オンライン内見・{today()}", None])
    page = aoi.get(f"/staff/listings/{home}")
    assert "問合せ 1・内覧 0・オンライン内見 0" in page.text
    assert "問合せなどの記録の取り消し" in page.text
    aoi.post(f"/staff/inquiries/{mistaken}/remove", status=404)


def test_what_concerns_no_listing_is_the_municipalitys(app: Flask, aoi: Browser, noted, caplog) -> None:
    assert "物件を決めていない相談" in aoi.get("/staff/").markup
    aoi.post("/staff/inquiries", {"kind": "consultation"})
    (found,) = stored(app)
    assert (found.listing_id, found.municipality_code, found.kind) == (None, A, InquiryKind.CONSULTATION)
    assert "最後の記録" in aoi.get("/staff/inquiries").text
    with caplog.at_level(logging.INFO, logger="akiya"):
        aoi.post(f"/staff/inquiries/{found.id}", {"kind": "consultation", "on": "", "way": "counter"})
        aoi.post(f"/staff/inquiries/{found.id}/remove", {"next": "/staff/inquiries?month=2026-11"})
    told = [r.fields["what"] for r in caplog.records if r.message == "audit"]
    assert told == ["inquiry_changed", "inquiry_removed"]
    assert stored(app) == []


def test_a_coordinator_says_of_which_municipality(app: Flask, visit: Browser, people) -> None:
    visit.sign_in("hana")
    page = visit.post("/staff/inquiries", {"kind": "consultation"}, 400)
    assert 'href="#municipality_code"' in page.markup
    visit.post("/staff/inquiries", {"kind": "consultation", "municipality_code": "99999"}, 400)
    visit.post("/staff/inquiries", {"kind": "consultation", "municipality_code": B})
    assert [row.municipality_code for row in stored(app)] == [B]
    with app.app_context():
        with pytest.raises(NotFound):
            service.add(factories.staff(people["aoi"]), B, None, InquiryKind.CONSULTATION)
        with pytest.raises(NotAllowed):
            service.add(factories.staff(people["ren"]), A, None, InquiryKind.CONSULTATION)


def test_others_read_at_most(app: Flask, home: int, noted) -> None:
    number, general = noted(home), noted(None)
    sora, ren, nobody = Browser(app), Browser(app), Browser(app)
    sora.sign_in("sora")
    ren.sign_in("ren")
    kept = json.dumps([(row.id, row.kind) for row in stored(app)])
    for path in (
        f"listings/{home}/inquiries",
        f"inquiries/{number}",
        f"inquiries/{general}/remove",
        "inquiries/999999",
    ):
        for who, status in ((sora, 404), (ren, 403)):
            who.post(f"/staff/{path}", {"kind": "viewing"}, status)
        # The sign-in page carries a typed form only for pages that can show it again.
        nobody.post(f"/staff/{path}", {"kind": "viewing"}, 401 if path.split("/")[-1].isdigit() else 302)
    assert json.dumps([(row.id, row.kind) for row in stored(app)]) == kept
    assert "まだ記録はありません" in sora.get("/staff/inquiries").text
    assert sora.client.get("/staff/inquiries.csv").get_data(as_text=True).count("\r\n") == 1
    for path in (f"/staff/listings/{home}", "/staff/inquiries", "/staff/"):
        page = ren.get(path)
        assert "取り消す" not in page.text
        assert 'name="kind" value="viewing"' not in page.markup


def test_the_list_is_filtered_and_taken_home(app: Flask, aoi: Browser, home: int, noted) -> None:
    noted(home, InquiryKind.VIEWING, on=date(2026, 10, 31), previous_prefecture="海外", household_size=2)
    noted(None, InquiryKind.CONSULTATION, on=date(2026, 11, 1), way=InquiryWay.FAIR)
    noted(home, InquiryKind.INQUIRY, on=date(2026, 11, 20))
    assert "3件" in aoi.get("/staff/inquiries").text
    november = aoi.get("/staff/inquiries?month=2026-11")
    assert "2件" in november.text
    assert "海外" not in november.text
    assert "1件" in aoi.get("/staff/inquiries?month=2026-11&kind=consultation").text
    table = aoi.client.get("/staff/inquiries.csv?month=2026-10")
    assert 'filename="akiya-inquiries-2026-10.csv"' in table.headers["Content-Disposition"]
    heads, row = csv.reader(io.StringIO(table.get_data(as_text=True).removeprefix("\ufeff")))
    assert dict(zip(heads, row, strict=True)) | {"記録した日時": ""} == {
        "あった日": "2026-10-31", "種類": "内覧", "方法": "", "市町村": "阿蘇市", "物件番号": "空き家第1号", "前の住所": "海外",
        "世帯の人数": "2", "記録した人": "あおい", "記録した日時": "",
    }  # fmt: skip
    for wrong in ("month=2026-13", "month=まえ", "kind=party", "month=2026-11-01"):
        assert "ください" in aoi.get(f"/staff/inquiries?{wrong}", 400).text
        assert aoi.status(f"/staff/inquiries.csv?{wrong}") == 400


def test_a_closed_home_may_still_be_asked_about(app: Flask, aoi: Browser, people) -> None:
    with app.app_context():
        closed = factories.listing(people["aoi"], number="終了1", status=Status.CONTRACTED)
    aoi.post(f"/staff/listings/{closed}/inquiries", {"kind": "inquiry"})
    assert len(stored(app)) == 1

"""One action on many listings: previewed, done completely, undone where nobody changed it since."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from akiya.backoffice import bulk_actions
from akiya.backoffice.bulk_actions import BulkAction, BulkRequest
from akiya.db import db, now, transaction
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.listings import lifecycle, search, service
from akiya.listings.enums import Status
from akiya.listings.events import EventKind
from akiya.listings.models import Closing, Event, Listing, Notice
from akiya.outbox.models import Message
from tests import factories
from tests.pages.browser import Browser

pytestmark = pytest.mark.engines

Homes = dict[str, int]
EARLIER = date(2026, 1, 5)


@pytest.fixture
def homes(app: Flask, people: dict[str, int]) -> Homes:
    """Return two homes of A on offer and one under negotiation, a draft, and a home of B; all confirmed in January."""
    with app.app_context():
        aoi = people["aoi"]
        made = {
            "one": factories.listing(aoi, number="家1"),
            "two": factories.listing(aoi, number="家2"),
            "talking": factories.listing(aoi, number="家3", status=Status.NEGOTIATING),
            "draft": factories.listing(aoi, number="下書き4", status=Status.DRAFT),
            "other": factories.listing(people["sora"], factories.B, number="よそ5"),
        }
        with transaction() as session:
            for home in session.scalars(db.select(Listing)):
                home.published_on = home.published_on and EARLIER
                home.confirmed_on = home.review_due_on = EARLIER
        return made


@pytest.fixture
def hana(visit: Browser, homes: Homes) -> Browser:
    visit.sign_in("hana")
    return visit


def seen(app: Flask, *names: str, homes: Homes) -> list[tuple]:
    with app.app_context():
        found = [db.session.get(Listing, homes[name]) for name in names]
        return [
            (h.status, h.confirmed_on, h.review_due_on, h.closed_on, h.negotiating_since, h.in_charge_id) for h in found
        ]


def ids(*chosen: int) -> dict[str, str]:
    return {"ids": ",".join(map(str, chosen))}


def token_of(visit: Browser, data: dict) -> str:
    response = visit.client.post("/staff/bulk/do", data={"csrf_token": visit.token(), **data})
    assert response.status_code == 303, response.get_data(as_text=True)[:2000]
    return response.location.rsplit("/", 1)[1]


def test_a_preview_tells_what_will_change_and_what_not_and_changes_nothing(
    hana: Browser, app: Flask, homes: Homes, people: dict[str, int]
) -> None:
    with app.app_context():
        lifecycle.ask_to_close(factories.staff(people["aoi"]), homes["two"])
        lifecycle.confirm(factories.staff(people["aoi"]), homes["talking"])
    before = seen(app, *homes, homes=homes)
    chosen = {"id": [str(value) for value in homes.values()], "target": "chosen", "action": "confirm"}
    page = hana.post("/staff/bulk", chosen, 200)
    assert "変わる：2件" in page.text
    assert "すでにそうなっている：1件" in page.text
    assert "できない：2件" in page.text
    assert "「下書き」です" in page.text
    assert "終了の依頼があります" in page.text
    assert f"/staff/listings/{homes['draft']}" in page.links
    assert seen(app, *homes, homes=homes) == before


def test_all_that_the_filter_finds_is_confirmed_and_put_back(hana: Browser, app: Flask, homes: Homes) -> None:
    before = seen(app, "one", "two", "talking", "other", homes=homes)
    asked = {"target": "all", "filter": f"municipality={factories.A}&status=open", "action": "confirm"}
    page = hana.post("/staff/bulk", asked, 200)
    assert "選んだ物件は2件" in page.text
    token = token_of(hana, {"action": "confirm", **ids(homes["one"], homes["two"])})
    confirmed = seen(app, "one", "two", homes=homes)
    assert [home[1] for home in confirmed] == [service.today()] * 2
    page = hana.get(f"/staff/bulk/{token}")
    assert "2件を元に戻す" in page.markup
    assert f"/staff/bulk/{token}" in hana.get(f"/staff/listings/{homes['one']}/history").markup
    hana.post(f"/staff/bulk/{token}/undo")
    assert seen(app, "one", "two", "talking", "other", homes=homes) == before
    assert "元に戻した物件（2件）" in hana.get(f"/staff/bulk/{token}").text
    assert "元に戻せる物件がありません" in hana.post(f"/staff/bulk/{token}/undo", status=400).text
    with app.app_context():
        assert [event.action for event in search.events(homes["one"])][:2] == [
            EventKind.BULK_UNDONE,
            EventKind.CONFIRMED,
        ]
        assert db.session.scalars(db.select(Message)).all() == []


def test_a_withdrawal_asks_why_and_is_put_back_with_all_that_went_with_it(
    hana: Browser, app: Flask, homes: Homes, people: dict[str, int]
) -> None:
    with app.app_context():
        lifecycle.ask_to_close(factories.staff(people["aoi"]), homes["two"])
    before = seen(app, *homes, homes=homes)
    asked = {"action": "withdraw", **ids(*homes.values())}
    page = hana.post("/staff/bulk/do", asked, 400)
    assert 'href="#reason"' in page.markup
    assert seen(app, *homes, homes=homes) == before
    for wrong in ({"on": "2199-1-1"}, {"on": "いつか"}, {"on": "2026年3月"}):
        assert 'href="#on"' in hana.post("/staff/bulk/do", {**asked, "reason": "道路の工事", **wrong}, 400).markup
    assert "より前です" in hana.post("/staff/bulk", {**asked, "on": "2025-12-01"}, 200).text
    assert 'href="#reason"' in hana.post("/staff/bulk/do", {**asked, "reason": "長" * 1001}, 400).markup
    with app.app_context():
        lifecycle.confirm(factories.staff(people["aoi"]), homes["two"])  # answers what was asked
    token = token_of(hana, {**asked, "reason": "道路の工事", "on": "2026-02-01"})
    gone = seen(app, "one", "two", "talking", "other", homes=homes)
    assert {home[0] for home in gone} == {Status.WITHDRAWN}
    assert {home[3] for home in gone} == {date(2026, 2, 1)}
    assert "道路の工事" in hana.get(f"/staff/listings/{homes['one']}").text
    hana.post(f"/staff/bulk/{token}/undo")
    after = seen(app, *homes, homes=homes)
    assert [home[:2] + home[3:] for home in after] == [
        home[:2] + home[3:] if n != 1 else after[1][:2] + home[3:] for n, home in enumerate(before)
    ]
    with app.app_context():
        assert db.session.scalars(db.select(Closing)).all() == []
        # Reports sort by day and must not count the withdrawal.
        in_force = db.select(Event).where(Event.status == Status.WITHDRAWN)
        assert db.session.scalars(in_force).all() == []


def test_a_request_to_close_comes_back_with_the_home(app: Flask, homes: Homes, people: dict[str, int]) -> None:
    with app.app_context():
        hana = factories.staff(people["hana"])
        lifecycle.ask_to_close(hana, homes["one"])
        with pytest.raises(Invalid, match="変わる物件がありません"):
            bulk_actions.do(hana, [homes["one"]], BulkRequest(BulkAction.CONFIRM))
        token, _plan = bulk_actions.do(hana, [homes["one"]], BulkRequest(BulkAction.WITHDRAW, reason="依頼のため"))
        assert search.close_asked(homes["one"]) is None
        assert bulk_actions.undo(hana, token)[0] == 1
        assert search.close_asked(homes["one"]) is not None
        assert db.session.query(Notice).count() == 1


def test_somebody_is_put_in_charge_of_many_and_was_not(
    hana: Browser, app: Flask, homes: Homes, people: dict[str, int]
) -> None:
    both = {"action": "assign", **ids(homes["one"], homes["other"])}
    page = hana.post("/staff/bulk", both, 200)
    assert ">はな</option>" in page.markup
    assert ">あおい</option>" not in page.markup
    assert "こうなります" not in page.text
    assert 'href="#to"' in hana.post("/staff/bulk/do", both, 400).markup
    assert 'href="#to"' in hana.post("/staff/bulk/do", {**both, "to": str(people["aoi"])}, 400).markup
    assert "変わる：2件" in hana.post("/staff/bulk", {**both, "to": str(people["hana"])}, 200).text
    token = token_of(hana, {**both, "to": str(people["hana"])})
    assert [home[5] for home in seen(app, "one", "other", homes=homes)] == [people["hana"]] * 2
    hana.post(f"/staff/bulk/{token}/undo")
    assert [home[5] for home in seen(app, "one", "other", homes=homes)] == [people["aoi"], people["sora"]]
    token_of(hana, {**both, "to": "none"})
    assert [home[5] for home in seen(app, "one", "other", homes=homes)] == [None, None]


def test_what_somebody_changed_since_is_left_and_named(
    hana: Browser, app: Flask, homes: Homes, people: dict[str, int]
) -> None:
    token = token_of(hana, {"action": "withdraw", "reason": "まとめて", **ids(homes["one"], homes["two"])})
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        lifecycle.close(aoi, homes["two"], Status.CONTRACTED, None, {"reason": ""})
        service.update(aoi, homes["one"], None, {"title": "見出しは、かかわりがない"})
    page = hana.get(f"/staff/bulk/{token}")
    assert "その後に変わった物件（1件）" in page.text
    assert "あおいさん" in page.text
    assert "1件を元に戻す" in page.markup
    hana.post(f"/staff/bulk/{token}/undo")
    assert [home[0] for home in seen(app, "one", "two", homes=homes)] == [Status.OPEN, Status.CONTRACTED]


def test_a_confirmation_by_hand_after_it_stays(app: Flask, homes: Homes, people: dict[str, int]) -> None:
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        token, _plan = bulk_actions.do(aoi, [homes["one"]], BulkRequest(BulkAction.CONFIRM))
        lifecycle.confirm(aoi, homes["one"])
        with pytest.raises(Invalid, match="元に戻せる物件がありません"):
            bulk_actions.undo(aoi, token)
        with pytest.raises(Invalid, match="変わる物件がありません"):  # the same form, sent twice
            bulk_actions.do(aoi, [homes["one"]], BulkRequest(BulkAction.CONFIRM))


def test_a_clerk_confirms_their_own_alone(app: Flask, visit: Browser, homes: Homes, people: dict[str, int]) -> None:
    visit.sign_in("aoi")
    page = visit.get("/staff/")
    assert 'value="confirm"' in page.markup
    assert 'value="withdraw"' not in page.markup
    token = token_of(visit, {"action": "confirm", **ids(homes["one"])})
    for path in ("/staff/bulk", "/staff/bulk/do"):
        visit.post(path, {"action": "confirm", **ids(homes["one"], homes["other"])}, 404)
        visit.post(path, {"action": "confirm", **ids(999_999)}, 404)
        for action in ("withdraw", "assign"):
            visit.post(path, {"action": action, "reason": "x", "to": "none", **ids(homes["two"])}, 403)
        for wrong in ({}, {"action": "burn"}, {"action": "confirm"}, {"action": "confirm", "ids": "1,x"}):
            visit.post(path, wrong, 400)
    sora = Browser(app)
    sora.get(f"/staff/bulk/{token}", 302)
    sora.sign_in("sora")
    sora.get(f"/staff/bulk/{token}", 404)
    sora.post(f"/staff/bulk/{token}/undo", status=404)
    for unknown in ("0-none", "x", "9" * 30 + "-x", "-"):
        visit.get(f"/staff/bulk/{unknown}", 404)
    assert seen(app, "two", homes=homes)[0][0] is Status.OPEN
    ren = Browser(app)
    ren.sign_in("ren")
    assert 'type="checkbox"' not in ren.get("/staff/").markup
    with app.app_context(), pytest.raises(NotAllowed):
        bulk_actions.do(factories.staff(people["ren"]), [homes["one"]], BulkRequest(BulkAction.CONFIRM))


def test_after_a_day_nothing_is_taken_back(app: Flask, homes: Homes, people: dict[str, int]) -> None:
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        token, _plan = bulk_actions.do(aoi, [homes["one"]], BulkRequest(BulkAction.CONFIRM))
        with transaction() as session:
            session.execute(db.update(Event).values(at=now() - timedelta(hours=25)))
        with pytest.raises(NotFound):
            bulk_actions.undo(aoi, token)


@pytest.mark.slow
def test_a_thousand_at_once_and_no_more(hana: Browser, app: Flask, homes: Homes, people: dict[str, int]) -> None:
    with app.app_context():
        factories.copies(homes["one"], 1_005)
    page = hana.post("/staff/bulk", {"target": "all", "filter": "status=open", "action": "confirm"}, 200)
    assert "条件に合う物件は1,008件ありますが、一度にできるのは1,000件まで" in re.sub(r"\s", "", page.text)
    found = re.search(r'name="ids" value="([\d,]+)"', page.markup)
    assert found
    with app.app_context():
        chosen = [int(part) for part in found[1].split(",")]
        with pytest.raises(Invalid, match="1,000件まで"):
            bulk_actions.do(
                factories.staff(people["hana"]), [*chosen, homes["talking"]], BulkRequest(BulkAction.CONFIRM)
            )
    token = token_of(hana, {"action": "confirm", "ids": found[1]})
    hana.post(f"/staff/bulk/{token}/undo")
    with app.app_context():
        assert db.session.query(Listing).filter(Listing.confirmed_on == service.today()).count() == 0

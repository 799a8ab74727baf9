"""Tickets: signed, for one purpose, valid once and for a limited time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from akiya.accounts import tickets
from akiya.accounts.models import Purpose, Ticket
from akiya.db import db, transaction
from akiya.errors import Invalid

pytestmark = pytest.mark.engines

KEY = "a key"


@pytest.fixture
def aoi(app: Flask, people: dict[str, int]):
    with app.app_context():
        yield people["aoi"]


def issue(staff_id: int, *, hours: float = 1) -> tuple[Ticket, str]:
    ticket = tickets.issue(Purpose.RESET, staff_id, timedelta(hours=hours), subject_id=7)
    return ticket, tickets.token(ticket, KEY)


def test_a_ticket_is_read_as_often_as_wanted_and_used_once(aoi: int) -> None:
    _, token = issue(aoi)
    for _ in range(2):
        ticket = tickets.read(token, Purpose.RESET, KEY)
        assert (ticket.staff_id, ticket.subject_id) == (aoi, 7)
    tickets.use(ticket)
    with pytest.raises(Invalid, match="使われた"):
        tickets.read(token, Purpose.RESET, KEY)
    with pytest.raises(Invalid, match="使われた"):
        tickets.use(ticket)


def test_it_is_good_for_its_purpose_and_under_its_key_alone(aoi: int) -> None:
    _, token = issue(aoi)
    for purpose, key in ((Purpose.INVITATION, KEY), (Purpose.CONFIRM, KEY), (Purpose.RESET, "another key")):
        with pytest.raises(Invalid, match="正しくありません"):
            tickets.read(token, purpose, key)


def test_a_changed_link_is_refused(aoi: int) -> None:
    _, token = issue(aoi)
    for changed in ("", ".", "a.b", token[:-1], "A" + token, token[1:], token + "x", "空き家", "𠮷\u202e", token * 9):
        with pytest.raises(Invalid, match="正しくありません"):
            tickets.read(changed, Purpose.RESET, KEY)


def test_an_old_one_says_that_it_has_expired(aoi: int) -> None:
    ticket, token = issue(aoi, hours=-0.01)
    with pytest.raises(Invalid, match="期限"):
        tickets.read(token, Purpose.RESET, KEY)
    with pytest.raises(Invalid):
        tickets.use(ticket)


def test_a_number_given_out_again_does_not_wake_an_old_link(aoi: int, people: dict[str, int]) -> None:
    ticket, token = issue(aoi)
    number = ticket.id
    with transaction() as session:
        session.execute(db.delete(Ticket))
    db.session.expunge_all()
    with pytest.raises(Invalid, match="正しくありません"):
        tickets.read(token, Purpose.RESET, KEY)
    with transaction() as session:
        other = tickets.issue(Purpose.RESET, people["sora"], timedelta(hours=1))
        session.execute(db.update(Ticket).where(Ticket.id == other.id).values(id=number))
    db.session.expunge_all()
    with pytest.raises(Invalid, match="正しくありません"):
        tickets.read(token, Purpose.RESET, KEY)


def test_those_of_one_purpose_are_voided_together(aoi: int, people: dict[str, int]) -> None:
    old = [issue(aoi)[1] for _ in range(2)]
    others = tickets.token(tickets.issue(Purpose.RESET, people["sora"], timedelta(hours=1)), KEY)
    invitation = tickets.token(tickets.issue(Purpose.INVITATION, aoi, timedelta(hours=1)), KEY)
    tickets.void(Purpose.RESET, aoi)
    for token in old:
        with pytest.raises(Invalid, match="取り消"):
            tickets.read(token, Purpose.RESET, KEY)
    assert tickets.read(others, Purpose.RESET, KEY)
    assert tickets.read(invitation, Purpose.INVITATION, KEY)


def test_it_joins_the_transaction(aoi: int) -> None:
    _, token = issue(aoi)

    def fail_late() -> None:
        with transaction():
            tickets.use(tickets.read(token, Purpose.RESET, KEY))
            tickets.issue(Purpose.RESET, aoi, timedelta(hours=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_late()
    assert db.session.query(Ticket).count() == 1
    assert tickets.read(token, Purpose.RESET, KEY)


def test_of_many_at_once_one_uses_it(app: Flask, aoi: int) -> None:
    _, token = issue(aoi)

    def use(_: int) -> bool:
        with app.app_context():
            try:
                tickets.use(tickets.read(token, Purpose.RESET, KEY))
            except Invalid:
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(use, range(6))) == 1

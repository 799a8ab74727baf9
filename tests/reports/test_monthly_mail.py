"""The mail at the beginning of a month: to whom, once, with last month's figures."""

import threading
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from akiya.accounts import service as accounts
from akiya.accounts.models import Role
from akiya.db import db, transaction
from akiya.listings.enums import Status
from akiya.outbox.models import Message
from akiya.reports import dashboard, monthly_mail
from akiya.reports.periods import Period
from tests import factories
from tests.reports.monthly.test_counting import life
from tests.reports.test_dashboard import FAMILY, committed
from tests.shell import akiya

pytestmark = pytest.mark.slow

ADDRESS = "https://akiya.example.jp"
FIRST = date(2026, 7, 1)


@pytest.fixture
def homes(app: Flask, people: dict[str, int]) -> None:
    with app.app_context():
        committed(
            life((date(2026, 6, 2), Status.OPEN)),
            life((date(2026, 6, 3), Status.OPEN), (date(2026, 6, 30), Status.CONTRACTED), closing=FAMILY),
            life((date(2026, 7, 1), Status.OPEN)),
        )


def mails() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Message).order_by(Message.id)))


def test_coordinators_get_last_months_figures_and_where_the_report_is(app: Flask, homes) -> None:
    with app.app_context():
        assert monthly_mail.run(FIRST, ADDRESS) == 1
        (mail,) = mails()
        assert (mail.to, mail.municipality_code) == ("hana@example.jp", None)
        assert mail.subject == "【空き家バンク】2026年6月の数字"
        figures = dashboard.make(Period(date(2026, 6, 1), date(2026, 6, 30))).whole.total
        assert (figures["open"], figures["new_sale"], figures["households"], figures["people"]) == (1, 2, 1, 4)
        for line in ("掲載中（募集中）：1", "新規登録（売買）：2", "移住世帯：1", "移住者：4", "360付き（%）：0.0"):
            assert f"・{line}\n" in mail.text
        assert f"{ADDRESS}/prefecture/reports/monthly?since=2026-06&until=2026-06\n" in mail.text


def test_it_goes_once_a_month_to_each_and_only_in_the_first_week(app: Flask, homes) -> None:
    with app.app_context():
        written = [monthly_mail.run(date(2026, 7, day), ADDRESS) for day in range(1, 32)]
        assert sum(written) == written[0] == 1
        accounts.create("kei@example.jp", "けい", factories.PASSWORD, Role.PREFECTURE, None)
        assert [monthly_mail.run(date(2026, 8, day), ADDRESS) for day in (7, 8)] == [2, 0]
        assert [monthly_mail.run(date(2026, 9, day), ADDRESS) for day in (8, 30)] == [0, 0]
        with transaction():
            factories.staff(factories.account("kei")).active = False
        assert monthly_mail.run(date(2026, 10, 2), ADDRESS) == 1


def test_two_workers_write_it_once(app: Flask, homes) -> None:
    gate, counts = threading.Barrier(2), []

    def work() -> None:
        with app.app_context():
            gate.wait()
            counts.append(monthly_mail.run(FIRST, ADDRESS))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with app.app_context():
        assert sorted(counts) == [0, 1]
        assert len(mails()) == 1


def test_the_month_begins_in_japan(app: Flask, homes) -> None:
    with app.app_context():
        assert monthly_mail.look(ADDRESS, datetime(2026, 6, 30, 21, 59, tzinfo=UTC)) == 0
        assert monthly_mail.look(ADDRESS, datetime(2026, 6, 30, 22, 0, tzinfo=UTC)) == 1
        assert mails()[0].subject == "【空き家バンク】2026年6月の数字"
        assert monthly_mail.look(ADDRESS, datetime(2026, 6, 30, 22, 1, tzinfo=UTC)) == 0


def test_the_days_work_is_done_from_the_shell_for_any_day(app: Flask, homes) -> None:
    config = app.config["AKIYA"]

    def said(day: str) -> str:
        done = akiya(config.data, "jobs", "daily", "--today", day, database=config.database_url)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "月のはじめの数字：1通" in said("2026-07-01")
    assert "月のはじめの数字：0通" in said("2026-07-02")
    with app.app_context():
        assert [mail.key for mail in mails()] == [f"figures:2026-06:{factories.account('hana')}"]

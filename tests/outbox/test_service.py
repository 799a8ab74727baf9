"""Mail: written together with a change, sent once, retried, refused, left uncertain."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from akiya.config import Config
from akiya.db import db, now, transaction
from akiya.errors import Invalid, NotFound
from akiya.outbox import service
from akiya.outbox.models import Message, MessageState
from tests.mail_server import MailServer
from tests.waiting import until

pytestmark = pytest.mark.engines


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


def settings(app: Flask, server: MailServer) -> Config:
    return replace(app.config["AKIYA"], mail_url=server.url, mail_from="空き家バンク <bank@example.jp>")


def write(count: int = 1, to: str = "clerk{n}@example.jp") -> None:
    with transaction():
        for n in range(count):
            assert service.write(f"test:{n}", to.format(n=n), f"件名{n}", f"本文{n}\nhttps://example.jp/{n}\n")


def states() -> Counter[MessageState]:
    return Counter(db.session.scalars(db.select(Message.state)))


@contextmanager
def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(service, "now", lambda: now() + by)
        yield


def test_a_mail_is_written_with_its_change_or_not_at_all(app: Flask) -> None:
    with app.app_context():

        def change() -> None:
            with transaction():
                service.write("test", "a@example.jp", "件名", "本文")
                raise Invalid("something else is wrong")

        with pytest.raises(Invalid):
            change()
        assert not states()
        assert service.write("test", "a@example.jp", "二行の\r\nBcc: x@example.jp", "本文")
        assert not service.write("test", "b@example.jp", "別の件名", "別の本文")
        kept = db.session.scalars(db.select(Message)).one()
        assert (kept.to, kept.subject, kept.text) == ("a@example.jp", "二行の  Bcc: x@example.jp", "本文")


def test_what_is_due_goes_and_keeps_no_text(app: Flask, server: MailServer) -> None:
    with app.app_context():
        write(3)
        assert service.deliver(settings(app, server)) == 3
        assert service.deliver(settings(app, server)) == 0
        first = server.received[0]
        assert (first["To"], first["Subject"]) == ("clerk0@example.jp", "件名0")
        assert "https://example.jp/0" in first.get_content()
        assert {m.text for m in db.session.scalars(db.select(Message))} == {""}
        assert states() == {MessageState.SENT: 3}
        assert len({m["Message-ID"] for m in server.received}) == 3


def test_without_a_server_mail_goes_into_the_folder(app: Flask) -> None:
    with app.app_context():
        write(2)
        folder = app.config["AKIYA"].data / "mail"
        before = set(folder.glob("*.eml"))
        assert service.deliver(app.config["AKIYA"]) == 2
        assert len(set(folder.glob("*.eml")) - before) == 2


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
def test_a_refusal_for_good_is_kept_with_its_reason(app: Flask, server: MailServer, stage: str) -> None:
    with app.app_context():
        write(2)
        server.answers[stage, "clerk0@example.jp"] = "550 no such person"
        assert service.deliver(settings(app, server)) == 1
        failed = db.session.scalars(db.select(Message).where(Message.state == MessageState.FAILED)).one()
        assert (failed.to, failed.attempts) == ("clerk0@example.jp", 1)
        assert "550 no such person" in failed.problem


@pytest.mark.parametrize(
    "to", ["あて先@example.jp", "a b@", "a@example.jp\r\nRCPT TO:<x@example.jp>", "@", "<>@example.jp"]
)
def test_an_impossible_address_fails_and_the_others_go(app: Flask, server: MailServer, to: str) -> None:
    with app.app_context():
        service.write("odd", to, "件名", "本文")
        write()
        assert service.deliver(settings(app, server)) == 1
        assert states() == {MessageState.SENT: 1, MessageState.FAILED: 1}
        assert [m["To"] for m in server.received] == ["clerk0@example.jp"]


def test_a_passing_trouble_is_tried_again_ever_later_and_given_up_after_three_days(
    app: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        write()
        server.answers["RCPT", "clerk0@example.jp"] = "451 try later"
        waited, waits = timedelta(), []
        while True:
            with later(monkeypatch, waited):
                assert service.deliver(settings(app, server)) == 0
            db.session.rollback()
            message = db.session.scalars(db.select(Message)).one()
            if message.state is MessageState.FAILED:
                break
            waits.append(round((message.next_at - now() - waited).total_seconds() / 60))
            with later(monkeypatch, waited):
                assert service.deliver(settings(app, server)) == 0  # not due yet: no attempt
            waited = message.next_at - now() + timedelta(seconds=1)
        assert waits[:6] == [1, 5, 30, 120, 360, 360]
        assert timedelta(days=3) <= waited <= timedelta(days=3, hours=6)
        assert message.text
        with pytest.raises(NotFound):
            service.send_again(message.id, "43214")
        service.send_again(message.id, None)
        server.answers.clear()
        assert service.deliver(settings(app, server)) == 1
        with pytest.raises(Invalid):
            service.send_again(message.id, None)


def test_a_server_that_is_away_puts_every_mail_off(app: Flask, server: MailServer) -> None:
    with app.app_context():
        write(3)
        away = replace(settings(app, server), mail_url="smtp://127.0.0.1:1")
        assert service.deliver(away) == 0
        assert states() == {MessageState.WAITING: 3}
        assert {m.attempts for m in db.session.scalars(db.select(Message))} == {1}


def test_a_connection_lost_while_the_mail_is_taken_leaves_it_uncertain(app: Flask, server: MailServer) -> None:
    with app.app_context():
        write(2)
        server.hang_up_on.add("clerk0@example.jp")
        service.deliver(settings(app, server))
        assert states()[MessageState.UNCERTAIN] == 1
        server.hang_up_on.clear()
        with transaction() as session:
            session.execute(db.update(Message).values(next_at=now()))
        service.deliver(settings(app, server))
        assert states() == {MessageState.UNCERTAIN: 1, MessageState.SENT: 1}
        assert [m["To"] for m in server.received] == ["clerk1@example.jp"]


def test_two_at_once_send_nothing_twice(app: Flask, server: MailServer) -> None:
    with app.app_context():
        write(24)
    counts: list[int] = []

    def work() -> None:
        with app.app_context():
            counts.append(service.deliver(settings(app, server)))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 24
    assert Counter(m["To"] for m in server.received) == {f"clerk{n}@example.jp": 1 for n in range(24)}


_WORKER = "from akiya import create_app; app = create_app(); app.extensions['akiya_queue'].run()"


def start_worker(app: Flask, server: MailServer) -> "subprocess.Popen[bytes]":
    config: Config = app.config["AKIYA"]
    environment: dict[str, Any] = {
        **os.environ, "AKIYA_DATA": str(config.data), "DATABASE_URL": config.database_url, "AKIYA_MAIL_URL": server.url,
        "SECRET_KEY": "x" * 40,
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", _WORKER], env=environment)


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_sends_the_rest_and_nothing_twice(app: Flask, server: MailServer) -> None:
    with app.app_context():
        write(30)
    server.pause_s = 0.05
    worker = start_worker(app, server)
    try:
        until(lambda: len(server.received) >= 8)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    until(lambda: not server.busy)
    assert len(server.received) < 30
    server.pause_s = 0
    worker = start_worker(app, server)

    def left() -> int:
        with app.app_context():
            return states()[MessageState.WAITING]

    try:
        until(lambda: left() == 0)
    finally:
        worker.terminate()
        worker.wait()
    got = Counter(m["To"] for m in server.received)
    assert set(got.values()) == {1}
    with app.app_context():
        unsure = db.session.scalars(db.select(Message.to).where(Message.state == MessageState.SENDING)).all()
    assert len(unsure) <= 1
    assert set(got) | set(unsure) == {f"clerk{n}@example.jp" for n in range(30)}


def test_what_a_killed_worker_left_is_uncertain_and_only_sent_when_somebody_says_so(
    app: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        write()
        with transaction() as session:
            session.execute(db.update(Message).values(state=MessageState.SENDING, next_at=now()))
        service.deliver(settings(app, server))
        assert states() == {MessageState.SENDING: 1}
        with later(monkeypatch, timedelta(minutes=11)):
            service.deliver(settings(app, server))
        assert states() == {MessageState.UNCERTAIN: 1}
        assert not server.received
        service.send_again(db.session.scalar(db.select(Message.id)), None)
        assert service.deliver(settings(app, server)) == 1

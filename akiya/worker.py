"""The worker's jobs by name and hour. Each looks for what is due and does it: when woken, and every minute."""

from akiya.accounts import service as accounts
from akiya.audits import service as audits
from akiya.backoffice import reminders as freshness
from akiya.config import Config
from akiya.db import now
from akiya.ledgers import service as ledgers
from akiya.opendata import service as opendata
from akiya.outbox import service as outbox
from akiya.panoramas import tiling
from akiya.queue import Queue
from akiya.reports import monthly_mail
from akiya.storage.base import Storage


def register(queue: Queue, config: Config, storage: Storage) -> None:
    """Register every job of the worker with `queue`."""
    reminders = freshness.DailyReminders(config.address, config.secret_key)
    snapshots = opendata.DailySnapshot(storage, config.address)

    def remind() -> None:
        if reminders.look():
            queue.wake("outbox")

    def send_figures() -> None:
        if monthly_mail.look(config.address):
            queue.wake("outbox")

    queue.add("outbox", lambda: outbox.deliver(config))
    queue.add("sign_ins", lambda: accounts.forget_old(now()))
    queue.add("daily", remind)  # from 7:00
    queue.add("ledgers", lambda: ledgers.process_all(storage))
    queue.add("panoramas", lambda: tiling.process_all(storage, config.data / "work"))
    queue.add("monthly_mail", send_figures)  # from 7:00
    queue.add("opendata", snapshots.look)  # from 8:00
    queue.add("audit", lambda: audits.forget_old(now(), config.audit_months))

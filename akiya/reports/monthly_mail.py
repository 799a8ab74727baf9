"""The mail that coordinators get at the beginning of a month: last month's key figures, and where the report is.

The key of a mail is the month and the person: whoever writes it, and however often, it is written once.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from akiya import geo
from akiya.accounts import search as accounts
from akiya.db import db, now, transaction
from akiya.outbox import service as outbox
from akiya.outbox.models import Message
from akiya.reports import dashboard, emails
from akiya.reports.periods import Period
from akiya.reports.table import shown_as

FROM_HOUR = 7
LAST_DAY = 7
"""A worker that stood still on the first may write until then; whoever comes later is told of the next month."""


def look(address: str, moment: datetime | None = None) -> int:
    """How many mails were written now; after seven in the morning."""
    here = (moment or now()).astimezone(geo.JAPAN_TIME)
    return run(here.date(), address) if here.hour >= FROM_HOUR else 0


def run(today: date, address: str) -> int:
    """How many mails of the month before `today` were written: to coordinators who have none. Links begin with `address`."""
    if today.day > LAST_DAY:
        return 0
    last = today.replace(day=1) - timedelta(days=1)
    people = {f"figures:{last:%Y-%m}:{person.id}": person for person in accounts.writers(None)}
    with db.engine.connect() as connection:
        told = set(connection.scalars(select(Message.key).where(Message.key.in_(people))))
    waiting = {key: person for key, person in people.items() if key not in told}
    if not waiting:
        return 0
    period = Period(last.replace(day=1), last)
    lines = _lines(dashboard.make(period).whole.total)
    with transaction(public=False):
        return sum(
            outbox.write(key, person.email, *emails.figures(person.name, last, lines, address))
            for key, person in waiting.items()
        )


def _lines(figures: dashboard.Figures) -> Sequence[str]:
    return [f"・{column.label}：{shown_as(column, figures[column.key]) or '—'}" for column in dashboard.SHOWN]

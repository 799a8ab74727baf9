"""Mail coordinators the key figures of the last month, with links to the report, at the beginning of each month.

The key of a mail is the month and the person, so that it is written once however often this runs.
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
"""The last day of the month on which the mails are written, for a worker that did not run on the first.

A coordinator whose account is created later gets the next month's mail.
"""


def look(address: str, moment: datetime | None = None) -> int:
    """Write the mails that are due, if it is after seven in the morning in Japan; return how many."""
    here = (moment or now()).astimezone(geo.JAPAN_TIME)
    return run(here.date(), address) if here.hour >= FROM_HOUR else 0


def run(today: date, address: str) -> int:
    """Write last month's mail to every coordinator who has none yet; return how many. Links begin with `address`."""
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

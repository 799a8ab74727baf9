"""Keep listings fresh: remind staff to confirm them, announce the end of their validity, and close expired ones.

Each notification is a Notice, written in the same transaction as its mail, so it is sent once, no matter how often and by
how many workers this runs. A listing under negotiation gets reminders but does not expire until it is open again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select

from akiya import geo
from akiya.accounts import search as accounts
from akiya.accounts import tickets
from akiya.accounts.models import Purpose, Staff
from akiya.backoffice import emails
from akiya.db import AnyRow, Session, db, insert_once, now, transaction
from akiya.listings import lifecycle
from akiya.listings.enums import LISTED, NoticeKind, Status
from akiya.listings.models import Listing, Notice
from akiya.municipalities.models import Municipality
from akiya.outbox import service as outbox
from akiya.outbox.models import Message

AGAIN = timedelta(days=30)
LINK_GOOD_FOR = timedelta(days=14)
FROM_HOUR = 7
_VALIDITY = ((7, NoticeKind.VALIDITY_7), (30, NoticeKind.VALIDITY_30), (60, NoticeKind.VALIDITY_60))
_EXPIRED_LATELY = timedelta(days=31)
_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Counts:
    """The result of a run: the numbers of listings expired, notices written, and mails written."""

    expired: int
    told: int
    mails: int


@dataclass(frozen=True)
class _Due:
    listing_id: int
    municipality_code: str
    number: str
    title: str
    in_charge_id: int | None
    kind: NoticeKind
    due_on: date  # identifies the notice: the day of this reminder, or the end of the validity
    shown_on: date

    @property
    def notice(self) -> tuple[int, NoticeKind, date]:
        return self.listing_id, self.kind, self.due_on


class DailyReminders:
    """A job that sends each day's reminders at its first look after seven in the morning; further looks cost nothing."""

    def __init__(self, address: str, secret_key: str) -> None:
        self.address, self.secret_key = address, secret_key
        self.done: date | None = None

    def look(self, moment: datetime | None = None) -> bool:
        """Call `run` for today if it is past seven in Japan and this worker has not done so; return whether it did."""
        here = (moment or now()).astimezone(geo.JAPAN_TIME)
        if here.hour < FROM_HOUR or here.date() == self.done:
            return False
        run(here.date(), self.address, self.secret_key)
        self.done = here.date()
        return True


def run(today: date, address: str, secret_key: str) -> Counts:
    """Expire listings and mail all notices due on the day `today`; links in mails begin with the site's `address`."""
    expired = _expire(today)
    told = mails = 0
    due: dict[str, list[_Due]] = defaultdict(list)
    for item in _not_told(today):
        due[item.municipality_code].append(item)
    for code, items in due.items():
        try:
            with transaction(public=False) as session:
                writing = _Writing(session, today, code, address, secret_key)
                told += writing.tell(items)
                mails += writing.mails
        except _ToldMeanwhile:
            continue
    return Counts(expired, told, mails)


class _ToldMeanwhile(Exception):
    """Another worker wrote today's mail to one of the recipients; notices that are not in it wait for tomorrow."""


def _expire(today: date) -> int:
    """Expire open listings as of the day after their last valid one, and return their number."""
    ended = (Listing.status == Status.OPEN, Listing.valid_until < today)
    with db.engine.connect() as connection:
        codes = connection.scalars(select(Listing.municipality_code).where(*ended).distinct()).all()
    count = 0
    for code in codes:
        with transaction() as session:
            query = select(Listing).where(*ended, Listing.municipality_code == code).order_by(Listing.id)
            # Rows that another worker or a clerk has locked are skipped; the next run finds what is left of them.
            for listing in session.scalars(query.with_for_update(skip_locked=True, of=Listing)):
                assert listing.valid_until is not None  # it has ended
                day_after = listing.valid_until + timedelta(days=1)
                # A home that was confirmed after its validity ended was still available then, so it ends later.
                lifecycle.set_status(
                    session, listing, None, Status.EXPIRED, max(day_after, listing.confirmed_on or day_after)
                )
                count += 1
    return count


def _not_told(today: date) -> list[_Due]:
    """Return the notices that are due today and not written yet."""
    L = Listing
    soon = today + timedelta(days=_VALIDITY[-1][0])
    # Excludes open listings past their validity, which another worker may be closing now: no reminder for those.
    lasting = or_(L.valid_until.is_(None), L.valid_until >= today, L.status == Status.NEGOTIATING)
    condition = or_(
        and_(L.status.in_(LISTED), lasting, or_(L.review_due_on <= today, L.valid_until.between(today, soon))),
        and_(L.status == Status.EXPIRED, L.valid_until.between(today - _EXPIRED_LATELY, today - timedelta(days=1))),
    )
    columns = (
        L.id, L.municipality_code, L.number, L.title, L.in_charge_id, L.status, L.review_due_on, L.valid_until, L.closed_on
    )  # fmt: skip
    notice = (Notice.listing_id, Notice.kind, Notice.due_on)
    with db.engine.connect() as connection:
        rows = connection.execute(select(*columns).where(condition).order_by(L.review_due_on, L.id)).all()
        told = {tuple(row) for row in connection.execute(select(*notice).join(L).where(condition))}
    return [due for row in rows for due in _due(row, today) if due.notice not in told]


def _due(row: AnyRow, today: date) -> Iterable[_Due]:
    what = (row.id, row.municipality_code, row.number, row.title, row.in_charge_id)
    if row.status is Status.EXPIRED:
        yield _Due(*what, NoticeKind.EXPIRED, row.valid_until, row.closed_on or row.valid_until)
        return
    if row.review_due_on is not None and row.review_due_on <= today:
        again = (today - row.review_due_on) // AGAIN * AGAIN
        yield _Due(*what, NoticeKind.REVIEW, row.review_due_on + again, row.review_due_on)
    if row.valid_until is not None and row.valid_until >= today:
        left = (row.valid_until - today).days
        kind = next((kind for days, kind in _VALIDITY if left <= days), None)
        if kind is not None:
            yield _Due(*what, kind, row.valid_until, row.valid_until)


class _Writing:
    """The mails of a day to the staff of one municipality, in one transaction."""

    def __init__(self, session: Session, today: date, code: str, address: str, secret_key: str) -> None:
        self.session, self.today, self.code, self.address, self.secret_key = session, today, code, address, secret_key
        self.name = session.scalars(select(Municipality.name).where(Municipality.code == code)).one()
        self.staff = accounts.writers(code)
        self.mails = 0

    def tell(self, items: Sequence[_Due]) -> int:
        """Write notices and mails for the items and return the number of notices.

        Items are left for the next day if one of their recipients has had a mail today already.
        """
        keys = {person.id: f"due:{self.today}:{self.code}:{person.id}" for person in self.staff}
        known = set(self.session.scalars(select(Message.key).where(Message.key.in_(keys.values()))))
        free = [item for item in items if (to := self._people(item)) and not any(keys[p.id] in known for p in to)]
        mine = self._notices(free)
        theirs: dict[int, list[_Due]] = defaultdict(list)
        for item in free:
            if item.notice in mine:
                for person in self._people(item):
                    theirs[person.id].append(item)
        for person in self.staff:
            if items_of := theirs.get(person.id):
                subject, text = self._mail(person, items_of)
                if not outbox.write(keys[person.id], person.email, subject, text, self.code):
                    raise _ToldMeanwhile
                self.mails += 1
        return len(mine)

    def _people(self, item: _Due) -> Sequence[Staff]:
        """Return the recipients: the account in charge of the listing, else all staff of the municipality that write."""
        # The prefecture's accounts get mail only about listings they are in charge of.
        in_charge = [person for person in self.staff if person.id == item.in_charge_id]
        return in_charge or [person for person in self.staff if not person.is_prefecture]

    def _notices(self, items: Sequence[_Due]) -> set[tuple[int, NoticeKind, date]]:
        """Write notices and return those that are new: of two workers that write the same one, only one gets it."""
        written: set[tuple[int, NoticeKind, date]] = set()
        for start in range(0, len(items), _ROWS_AT_ONCE):
            # Written in the same order everywhere, so that two workers cannot deadlock.
            batch = sorted(item.notice for item in items[start : start + _ROWS_AT_ONCE])
            rows = [{"listing_id": i, "kind": kind, "due_on": on, "told_at": now()} for i, kind, on in batch]
            once = insert_once(self.session, Notice, rows, ["listing_id", "kind", "due_on"])
            returned = self.session.execute(once.returning(Notice.listing_id, Notice.kind, Notice.due_on))
            written |= {(row.listing_id, row.kind, row.due_on) for row in returned}
        return written

    def _mail(self, person: Staff, items: Sequence[_Due]) -> tuple[str, str]:
        """Return subject and text of a mail; tickets are issued only for the listings that it lists."""
        parts = []
        for section in emails.SECTIONS:
            if found := [item for item in items if item.kind in section.kinds]:
                homes = [
                    emails.Home(item.number, item.title, item.shown_on, self._link(person, item))
                    for item in found[: emails.MOST_HOMES]
                ]
                parts.append(emails.Part(section, homes, len(found)))
        return emails.reminder(person.name, self.name, parts, self.address, LINK_GOOD_FOR.days)

    def _link(self, person: Staff, item: _Due) -> str:
        if item.kind is not NoticeKind.REVIEW:
            return f"{self.address}/staff/listings/{item.listing_id}"
        ticket = tickets.issue(Purpose.CONFIRM, person.id, LINK_GOOD_FOR, item.listing_id)
        return f"{self.address}/confirm/{tickets.token(ticket, self.secret_key)}"

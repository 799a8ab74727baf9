"""Query what staff did: events of listings, sign-ins and audit lines as one list, newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, literal, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute

from akiya.accounts.models import SignIn, Staff
from akiya.audits.models import AuditKind, AuditLine
from akiya.db import db
from akiya.geo import JAPAN_TIME
from akiya.listings import events as history
from akiya.listings.models import Event, Listing

MOST = 100_000
"""Maximum number of lines in an exported file."""
_ROWS_AT_ONCE = 500
_Source = type[Event] | type[SignIn] | type[AuditLine]
_OF_LINES = (AuditKind.ACCOUNT, AuditKind.EXPORT, AuditKind.DOCUMENT, AuditKind.SETTING, AuditKind.SEEN)


@dataclass(frozen=True)
class AuditEntry:
    """A line of the list: who did what and when.

    `what` is the word of an audit line, the action of an event or the outcome of a sign-in; `about` names the listing
    or account concerned, "" if there is none.
    """

    at: datetime
    actor: str
    kind: AuditKind
    what: str
    municipality_code: str | None
    listing_id: int | None
    about: str


@dataclass(frozen=True)
class AuditCriteria:
    """A filter for audit entries: days (both included), part of an account's name or address, municipality, kind."""

    since: date
    until: date
    who: str = ""
    municipality: str = ""
    kind: AuditKind | None = None

    def total(self) -> int:
        """Return the number of matching entries."""
        return db.session.scalar(select(func.count()).select_from(self._union().subquery())) or 0

    def lines(self, limit: int, offset: int = 0) -> Iterator[AuditEntry]:
        """Yield the matching entries, newest first."""
        found = self._union().subquery()
        query = select(found.c.source, found.c.id).order_by(found.c.at.desc(), found.c.source, found.c.id.desc())
        keys = [(source, line_id) for source, line_id in db.session.execute(query.limit(limit).offset(offset))]
        for start in range(0, len(keys), _ROWS_AT_ONCE):
            batch = keys[start : start + _ROWS_AT_ONCE]
            made: dict[tuple[int, int], AuditEntry] = {}
            for source, load in enumerate((_of_events, _of_sign_ins, _of_lines)):
                for line_id, line in load([number for of, number in batch if of == source]):
                    made[source, line_id] = line
            yield from (made[key] for key in batch if key in made)

    def _union(self) -> CompoundSelect[int, int, datetime]:
        events = self._those(0, Event, AuditKind.LISTING).join(Listing, Listing.id == Event.listing_id)
        sign_ins = self._those(1, SignIn, AuditKind.SIGN_IN)
        lines = self._those(2, AuditLine, *_OF_LINES)
        if self.kind in _OF_LINES:
            lines = lines.where(AuditLine.kind == self.kind)
        if self.municipality:
            events = events.where(Listing.municipality_code == self.municipality)
            own = select(Staff.id).where(Staff.municipality_code == self.municipality)
            sign_ins = sign_ins.where(SignIn.staff_id.in_(own))
            lines = lines.where(AuditLine.municipality_code == self.municipality)
        return union_all(events, sign_ins, lines)

    def _those(self, source: int, model: _Source, *kinds: AuditKind) -> Select[int, int, datetime]:
        first = datetime.combine(self.since, time(), JAPAN_TIME)
        end = datetime.combine(self.until + timedelta(days=1), time(), JAPAN_TIME)
        wanted: list[ColumnElement[bool]] = [model.at >= first, model.at < end]
        if self.kind is not None and self.kind not in kinds:
            wanted.append(~true())
        if self.who:
            named = or_(Staff.name.contains(self.who, autoescape=True), Staff.email.contains(self.who, autoescape=True))
            wanted.append(model.staff_id.in_(select(Staff.id).where(named)))
        return select(literal(source).label("source"), model.id.label("id"), model.at.label("at")).where(*wanted)


def _of_events(ids: Sequence[int]) -> Iterator[tuple[int, AuditEntry]]:
    columns = (Event.id, Event.at, Event.actor, Event.action, Listing.municipality_code, Listing.id, Listing.number)
    query = select(*columns).join(Listing, Listing.id == Event.listing_id).where(Event.id.in_(ids))
    for event_id, at, actor, action, code, listing_id, number in db.session.execute(query) if ids else ():
        yield event_id, AuditEntry(at, actor, AuditKind.LISTING, history.action(action), code, listing_id, number)


def _of_sign_ins(ids: Sequence[int]) -> Iterator[tuple[int, AuditEntry]]:
    query = select(SignIn, Staff).join(Staff, Staff.id == SignIn.staff_id).where(SignIn.id.in_(ids))
    for attempt, person in db.session.execute(query) if ids else ():
        name = person.name or person.email
        yield (
            attempt.id,
            AuditEntry(attempt.at, name, AuditKind.SIGN_IN, attempt.outcome.label, person.municipality_code, None, ""),
        )


def _of_lines(ids: Sequence[int]) -> Iterator[tuple[int, AuditEntry]]:
    query = select(AuditLine, Staff).outerjoin(Staff, Staff.id == AuditLine.staff_id).where(AuditLine.id.in_(ids))
    rows = db.session.execute(query).all() if ids else []
    subjects = _named(Staff.id, Staff.email, [line.ids.get("staff_id") for line, _person in rows])
    numbers = _named(Listing.id, Listing.number, [line.ids.get("listing_id") for line, _person in rows])
    for line, person in rows:
        listing_id = line.ids.get("listing_id")
        about = numbers.get(listing_id) or subjects.get(line.ids.get("staff_id")) or ""
        actor = (person.name or person.email) if person else "（消えたアカウント）"
        yield line.id, AuditEntry(line.at, actor, line.kind, line.what, line.municipality_code, listing_id, about)


def _named(
    key: InstrumentedAttribute[int], name: InstrumentedAttribute[str], ids: Sequence[int | None]
) -> dict[int | None, str]:
    rows = db.session.execute(select(key, name).where(key.in_({one for one in ids if one is not None})))
    return {record_id: called for record_id, called in rows}  # noqa: C416  (a Result has keys())

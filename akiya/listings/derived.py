"""Compute the columns that follow from a listing's other fields and are stored with them for the search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from akiya.db import AnyRow, db, transaction
from akiya.listings import pictograms
from akiya.listings.detached import as_listing
from akiya.listings.models import Listing
from akiya.municipalities.models import Municipality
from akiya.text import searchable
from akiya.values import Values

# Public fields only: anyone can search for the words in these.
_HEAD = ("number", "title", "town")
_BODY = ("layout", "station_line", "station", "appeal", "remarks", "conditions", "zoning")
BATCH = 1000
_TABLE = Listing.__table__
_HOMES = (
    select(*_TABLE.c, Municipality.name.label("municipality_name"))
    .join(Municipality, Municipality.code == _TABLE.c.municipality_code)
    .order_by(_TABLE.c.id)
)
# Every save raises the version: a home that was saved after it was read here is correct already, so it is not updated.
_WRITE = update(_TABLE).where(_TABLE.c.id == bindparam("of_id"), _TABLE.c.version == bindparam("of_version"))


def derive(listing: Listing, municipality_name: str) -> Values:
    """Return the pictogram bits and the searchable texts of a listing, by column name.

    `search_head` holds what names the home: words found there rank higher. `search_text` holds everything that is searched.
    """
    head, body = (" ".join(getattr(listing, name) or "" for name in names) for names in (_HEAD, _BODY))
    head = searchable(f"{head} {municipality_name}")
    return {"features": pictograms.mask(listing), "search_head": head, "search_text": f"{head} {searchable(body)}"}


@dataclass(frozen=True)
class Derived:
    """The progress of derive_all: the number of listings computed, how many changed, and the id of the last one."""

    listings: int
    changed: int
    last_id: int


def derive_all(report: Callable[[Derived], object], *, after: int = 0, batch: int = BATCH) -> Derived:
    """Compute the derived columns of every listing with an id above `after` again, and update those that differ.

    Each batch is a transaction of its own, after which `report` is called: to continue a run that was killed, pass the last
    id it reported. No version, event or time of update is written, because nobody edited the listing.
    """
    done = Derived(0, 0, after)
    while rows := _read(done.last_id, batch):
        changed = _write([change for row in rows if (change := _change(row))])
        done = Derived(done.listings + len(rows), done.changed + changed, rows[-1].id)
        report(done)
    return done


def _read(after: int, batch: int) -> Sequence[AnyRow]:
    # Outside the transaction that writes, so that staff can save while a batch is computed.
    with db.engine.connect() as connection:
        return connection.execute(_HOMES.where(_TABLE.c.id > after).limit(batch)).all()


def _change(row: AnyRow) -> Values:
    """Return the parameters with which _WRITE corrects the listing; an empty dict if its columns are correct."""
    derived = derive(as_listing(row), row.municipality_name)
    if all(getattr(row, name) == value for name, value in derived.items()):
        return {}
    return {"of_id": row.id, "of_version": row.version, **derived}


def _write(changes: Sequence[Values]) -> int:
    """Correct the listings and return how many. Without changes it opens no transaction, so cached pages stay valid."""
    if not changes:
        return 0
    with transaction() as session:
        return int(session.connection().execute(_WRITE, changes).rowcount)

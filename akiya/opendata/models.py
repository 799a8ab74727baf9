"""The table of the snapshots, and the names of their files."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from akiya.db import Model, Moment, now

TABLE, FEATURES, LINES = "listings.csv", "listings.geojson", "listings.jsonl"
DICTIONARY, LICENCE, CHANGES = "dictionary.csv", "licence.txt", "changes.json"
FILES = (TABLE, FEATURES, LINES, DICTIONARY, LICENCE, CHANGES)
"""The files of a snapshot."""


class Snapshot(Model):
    """The open data of `day`: files under the storage key `key` with `listings` homes.

    `added`, `changed` and `removed` are the numbers of homes that differ from the snapshot before.
    """

    __tablename__ = "snapshot"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    key: Mapped[str] = mapped_column(String(200))
    listings: Mapped[int]
    added: Mapped[int]
    changed: Mapped[int]
    removed: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)

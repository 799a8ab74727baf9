"""Report R1 of ten years over 100,000 homes, compared with a plain-Python recount; and 100,000 rows as a workbook.

The recount follows the definitions literally: one home after the other, one month after the other. It counts three
figures of every hundredth home, and its time is scaled to all of them.
"""

import argparse
import random
import resource
import tempfile
import time
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import rows
from benchmarks.printing import verdict
from benchmarks.processes import apart

from akiya import config, create_app
from akiya.db import db, transaction
from akiya.listings.enums import CLOSED, Status
from akiya.listings.events import EventKind
from akiya.listings.models import Event, Listing
from akiya.municipalities import search as municipalities
from akiya.reports import periods, registry
from akiya.reports.exporters import workbook as export
from akiya.reports.monthly import counting
from akiya.reports.monthly.figures import UNCONFIRMED_DAYS

_TODAY = rows.TODAY
# 120 months, including the current one
_TEN_YEARS_AGO = date(_TODAY.year - 10 + _TODAY.month // 12, _TODAY.month % 12 + 1, 1)
_MOST_S, _MOST_XLSX_S, _MOST_XLSX_MB = 3, 30, 200
_NTH = 100
_BATCH = 20_000


def fill_events(data: Path, address: str) -> None:
    """Add ten years of events to every home: publication, confirmations, sometimes a negotiation, usually a closing."""
    app = create_app(config.from_env({"AKIYA_DATA": str(data), "DATABASE_URL": address}))
    with app.app_context():
        ids = db.session.scalars(db.select(Listing.id)).all()
        batch: list[dict[str, Any]] = []
        for row in _events(ids):
            batch.append(row)
            if len(batch) == _BATCH:
                _write(batch)
        _write(batch)


def _events(ids: Any) -> Iterator[dict[str, Any]]:
    rng = random.Random("events")  # noqa: S311  (invented records)
    at = datetime(_TODAY.year, _TODAY.month, 1, tzinfo=UTC)

    def event(listing_id: int, kind: EventKind, status: Status | None, on: date) -> dict[str, Any]:
        known = {"listing_id": listing_id, "at": at, "actor": "x", "action": kind, "changes": {}}
        return {**known, "status": status, "effective_on": on, "staff_id": None}

    for listing_id in ids:
        day = _TODAY - timedelta(days=rng.randint(30, 3_600))
        yield event(listing_id, EventKind.MOVED, Status.OPEN, day)
        for _ in range(rng.randint(0, 16)):
            day += timedelta(days=rng.randint(40, 120))
            if day > _TODAY:
                break
            yield event(listing_id, EventKind.CONFIRMED, None, day)
        if rng.random() < 0.3:
            yield event(listing_id, EventKind.MOVED, Status.NEGOTIATING, min(day, _TODAY))
        if rng.random() < 0.7:
            yield event(listing_id, EventKind.MOVED, rng.choice(CLOSED), min(day + timedelta(days=20), _TODAY))


def _write(batch: list[dict[str, Any]]) -> None:
    if batch:
        with transaction() as session:
            session.execute(db.insert(Event), batch)
        batch.clear()


def recount(period: periods.Period) -> tuple[dict[tuple[str, date], list[int]], float]:
    """Return the figures of every hundredth home by municipality and month, and the CPU seconds it took.

    The figures are open, contracted and unconfirmed.
    """
    began = time.process_time()
    figures: dict[tuple[str, date], list[int]] = {}
    homes = db.session.execute(db.select(Listing.id, Listing.municipality_code).where(Listing.id % _NTH == 0)).all()
    lives: dict[int, list[tuple[date, Status | None]]] = {listing_id: [] for listing_id, _code in homes}
    event = (Event.listing_id, Event.effective_on, Event.status)
    for listing_id, on, status in db.session.execute(
        db.select(*event).where(Event.listing_id % _NTH == 0).order_by(Event.id)
    ):
        lives[listing_id].append((on, status))
    for listing_id, code in homes:
        states = [(on, status) for on, status in lives[listing_id] if status is not None]
        days, seen = (
            [on for on, _status in states],
            sorted(on for on, status in lives[listing_id] if status in (None, Status.OPEN)),
        )
        for first in period.months:
            end = periods.month_end(first, period.last)
            found = figures.setdefault((code, first), [0, 0, 0])
            at = bisect_right(days, end)
            state = states[at - 1][1] if at else None
            found[0] += state is Status.OPEN
            found[1] += state is Status.CONTRACTED and days[at - 1] >= first
            if state in (Status.OPEN, Status.NEGOTIATING):
                found[2] += (end - seen[bisect_right(seen, end) - 1]).days > UNCONFIRMED_DAYS
    return figures, time.process_time() - began


def count(data: Path, address: str) -> dict[str, float]:
    """Return the CPU seconds of R1 and of the recount, scaled to all homes. Raise SystemExit if rows are missing."""
    app = create_app(config.from_env({"AKIYA_DATA": str(data), "DATABASE_URL": address}))
    with app.app_context():
        period = periods.period(_TEN_YEARS_AGO, _TODAY, _TODAY)
        spent = []
        for _run in range(3):
            db.session.rollback()
            began = time.process_time()
            tables = counting.tables(period, {})
            spent.append(time.process_time() - began)
        if len(list(tables[0].rows)) < len(municipalities.served()) * 120:
            raise SystemExit("✗ the report lacks rows")
        return {"R1": min(spent), "recount": recount(period)[1] * _NTH}


def workbook(data: Path, address: str, file: Path) -> dict[str, float]:
    """Return the CPU seconds for the open data as a workbook, and the peak of the process in MB."""
    app = create_app(config.from_env({"AKIYA_DATA": str(data), "DATABASE_URL": address}))
    with app.app_context():
        scope = registry.Scope(_TODAY, periods.period(_TODAY, _TODAY, _TODAY))
        began = time.process_time()
        export.write_xlsx(file, registry.make(registry.SORTS["opendata"], scope), "http://localhost")
        seconds = time.process_time() - began
    return {"seconds": seconds, "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def main() -> None:
    """Fill a database, measure, and print the figures next to their targets."""
    parser = argparse.ArgumentParser(prog="scripts/bench reports", description=__doc__)
    parser.add_argument(
        "--homes", type=int, default=91_000, help="homes on offer; a tenth more are hidden (default: 91,000)"
    )
    parser.add_argument("--data", type=Path, help="folder for the filled database, which later runs use again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        data = given.data or Path(name)
        if not (data / "akiya.sqlite").exists():
            apart(rows.fill, given.homes, data, "")
            apart(fill_events, data, "")
        counted = apart(count, data, "")
        print(f"\nR1, 120 months × 45 municipalities\n  {'akiya':<28}{counted['R1']:>8.2f} CPU s")
        print(f"  {'plain Python, scaled':<28}{counted['recount']:>8.1f} CPU s", flush=True)
        verdict("CPU seconds", counted["R1"], _MOST_S, most=True)
        verdict("times as fast as the recount", counted["recount"] / counted["R1"], None)
        book = apart(workbook, data, "", Path(name) / "book.xlsx")
        print("\n100,000 rows as a workbook")
        verdict("CPU seconds", book["seconds"], _MOST_XLSX_S, most=True)
        verdict("peak MB of the process", book["MB"], _MOST_XLSX_MB, most=True)


if __name__ == "__main__":
    main()

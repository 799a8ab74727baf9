"""The search over HTTP beside datasette: the same rows, the same question, checked for equal answers before timing.

The question is a map box with three filters: a page of 20 and the exact total, as JSON, never the same twice.
"""

import argparse
import http.client
import json
import os
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask_migrate import upgrade
from sqlalchemy import insert, text

from akiya import config, create_app
from akiya.db import db
from akiya.listings.enums import Kind, Precision, Status
from akiya.listings.models import Listing
from akiya.municipalities import search, service

BIN = Path(sys.executable).parent
DATASETTE = Path("var/bench/datasette/bin/datasette").absolute()


def fill(folder: Path, rows: int) -> None:
    """`rows` listings in an akiya database under `folder`, and the same rows as a table with indexes for datasette."""
    app = create_app(config.from_env({"AKIYA_DATA": str(folder)}))
    rng = random.Random(1)  # noqa: S311  (invented rows)
    peer = sqlite3.connect(folder / "peer.db")
    peer.execute(
        "CREATE TABLE listing (id INTEGER PRIMARY KEY, status TEXT, kind TEXT, is_sale INT, price INT, lon REAL, lat REAL)"
    )
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        service.ensure_prefecture("熊本県")
        codes = [m.code for m in search.served()]
        blank = {
            column.name: ""
            for column in Listing.__table__.c
            if str(column.type) in ("TEXT",) or "VARCHAR" in str(column.type)
        }
        for start in range(0, rows, 5000):
            batch = []
            for number in range(start, min(rows, start + 5000)):
                sale = rng.random() < 0.85
                batch.append({
                    "id": number + 1, "municipality_code": rng.choice(codes), "number": str(number), "version": 1, "town": "内牧",
                    "lon": round(rng.uniform(130.0, 131.4), 6), "lat": round(rng.uniform(32.0, 33.2), 6),
                    "precision": Precision.MESH_250, "status": Status.OPEN if rng.random() < 0.8 else Status.CONTRACTED,
                    "kind": rng.choices(list(Kind), (80, 15, 5))[0], "is_sale": sale, "is_rent": not sale,
                    "price": rng.randint(1, 300) * 100_000, "floor_area": float(rng.randint(40, 300)), "features": rng.getrandbits(40),
                    "published_on": date(2023, 1, 1) + timedelta(days=rng.randint(0, 1200)), "search_text": "内牧",
                })  # fmt: skip
            plain = {name: "" for name in blank if name in ("title", "layout", "land_category", "zoning", "roads", "toilet_note",
                     "parking_note", "station_line", "station", "hazard_note", "appeal", "remarks", "conditions", "association",
                     "agent_name", "agent_licence", "agent_phone", "contact", "source_file")}  # fmt: skip
            db.session.execute(insert(Listing), [{**plain, **row} for row in batch])
            peer.executemany(
                "INSERT INTO listing VALUES (?,?,?,?,?,?,?)",
                [
                    (r["id"], str(r["status"]), str(r["kind"]), int(r["is_sale"]), r["price"], r["lon"], r["lat"])
                    for r in batch
                ],
            )
        db.session.commit()
        db.session.execute(text("ANALYZE"))
        db.session.commit()
        db.engine.dispose()
    peer.execute("CREATE INDEX by_filters ON listing (status, kind, is_sale, price, lat, lon)")
    peer.execute("CREATE INDEX by_place ON listing (status, lat, lon, kind, is_sale, price)")
    peer.execute("ANALYZE")
    peer.commit()
    peer.close()


def question(rng: random.Random) -> tuple[str, str]:
    """One question in both languages: (akiya's path, datasette's path)."""
    west, south = round(rng.uniform(130.0, 131.0), 4), round(rng.uniform(32.0, 32.9), 4)
    east, north, most = round(west + 0.35, 4), round(south + 0.25, 4), rng.randint(30, 200) * 100_000
    ours = urlencode(
        {"bbox": f"{west},{south},{east},{north}", "kind": "house", "deal": "sale", "price_max": most, "limit": 20}
    )
    theirs = urlencode({
        "_shape": "objects", "_size": 20, "_extra": "count", "status__exact": "open", "kind__exact": "house", "is_sale__exact": 1,
        "price__lte": most, "lon__gte": west, "lon__lte": east, "lat__gte": south, "lat__lte": north,
    })  # fmt: skip
    return f"/listings.geojson?{ours}", f"/peer/listing.json?{theirs}"


def ask(connection: http.client.HTTPConnection, path: str) -> dict:
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {body[:300]!r}")
    return json.loads(body)


def total_of(answer: dict) -> int:
    for name in ("numberMatched", "count", "filtered_table_rows_count"):
        if answer.get(name) is not None:
            return int(answer[name])
    raise SystemExit(f"no total in {sorted(answer)}")


def timed(port: int, which: int, clients: int, seconds: float) -> tuple[float, float, float]:
    """(requests a second, median and 99th percentile in milliseconds) of `clients` at once."""
    waits: list[float] = []
    lock = threading.Lock()
    end = time.perf_counter() + seconds

    def client(seed: int) -> None:
        rng, own = random.Random(seed), []  # noqa: S311
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < end:
            began = time.perf_counter()
            ask(connection, question(rng)[which])
            own.append((time.perf_counter() - began) * 1000)
        with lock:
            waits.extend(own)

    threads = [threading.Thread(target=client, args=(seed,)) for seed in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - began
    waits.sort()
    return len(waits) / spent, statistics.median(waits), waits[int(len(waits) * 0.99) - 1]


def start(command: list[str], environment: dict[str, str], port: int) -> subprocess.Popen:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.1)
    raise SystemExit(f"{command[0]} did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> None:
    """Fills, compares, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["search"])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=8)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"filling {given.rows:,} rows", flush=True)
        fill(folder, given.rows)
        ours, theirs = free_port(), free_port()
        environment = {**os.environ, "AKIYA_DATA": str(folder), "DATABASE_URL": ""}
        processes = [
            start([str(BIN / "akiya"), "serve", "--port", str(ours), "--workers", str(min(2, os.cpu_count() or 1))], environment, ours),
            start([str(DATASETTE), str(folder / "peer.db"), "--port", str(theirs), "--setting", "sql_time_limit_ms", "20000",
                   "--setting", "default_facet_size", "3"], environment, theirs),
        ]  # fmt: skip
        try:
            time.sleep(1)
            compare(ours, theirs)
            figures = [timed(ours, 0, given.clients, given.seconds), timed(theirs, 1, given.clients, given.seconds)]
        finally:
            for process in processes:
                process.terminate()
                process.wait()
    print(f"{'':<12}{'requests/s':>12}{'median ms':>12}{'p99 ms':>12}")
    for title, (rate, median, slow) in zip(("akiya", "datasette"), figures, strict=True):
        print(f"{title:<12}{rate:>12.1f}{median:>12.1f}{slow:>12.1f}")
    print(
        f"{'ratio':<12}{figures[0][0] / figures[1][0]:>12.1f}{figures[1][1] / figures[0][1]:>12.1f}{figures[1][2] / figures[0][2]:>12.1f}"
    )


def compare(ours: int, theirs: int) -> None:
    """Both answer the same totals, or the run ends."""
    rng = random.Random(99)  # noqa: S311
    one, other = http.client.HTTPConnection("127.0.0.1", ours), http.client.HTTPConnection("127.0.0.1", theirs)
    for _ in range(25):
        mine, peers = question(rng)
        totals = total_of(ask(one, mine)), total_of(ask(other, peers))
        if totals[0] != totals[1]:
            raise SystemExit(f"answers differ: {totals} for {mine}")
    print("25 questions: the same totals", flush=True)


if __name__ == "__main__":
    main()

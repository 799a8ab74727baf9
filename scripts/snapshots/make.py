"""Load the demonstration into an empty folder and save every response."""

import argparse
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from akiya import create_app
from akiya.config import Config, from_env
from snapshots import addresses, flows, people, refusals, shell, wiring
from snapshots.answers import Answers
from snapshots.visitor import Visitor

PERSONAS = {
    "clerk": "aoi@example.jp",
    "reader": "ren@example.jp",
    "other clerk": "sora@example.jp",
    "coordinator": "hana@example.jp",
}
_LATER = "2027-01-04"  # confirmations are due by then


def say(text: str) -> None:
    """Print progress to stderr."""
    print(f"· {text}", file=sys.stderr, flush=True)


class Kept(logging.Handler):
    """The lines of the log that are not about a request, without place and time."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Add the record's line unless it is about a request."""
        fields = getattr(record, "fields", {})
        if record.getMessage() != "request":
            told = repr(record.exc_info[1]) if record.exc_info else ""
            self.lines.append(f"{record.levelname} {record.getMessage()} {fields} {told}".rstrip())


def work(app: Flask) -> None:
    """Run each of the worker's jobs once, in order of name."""
    queue: Any = app.extensions["akiya_queue"]
    for task in sorted(queue.huey._registry.periodic_tasks, key=lambda task: str(task.name)):
        task.execute()


def save_mails(saved: Answers, settings: Config) -> dict[str, str]:
    """Save the mails that are new; return all mails."""
    sent = people.mails(settings.data / "mail")
    for name, text in sent.items():
        if not (saved.folder / "mails" / name).exists():
            saved.save("mails", name, text)
    return sent


def look_around(app: Flask, saved: Answers, visitors: dict[str, Visitor], when: str) -> None:
    """Save every page of staff for each of the visitors."""
    with app.app_context():
        rows = addresses.rows(app.extensions["sqlalchemy"].engine)
    for persona, visitor in visitors.items():
        say(f"pages of the {persona} {when}")
        with _into(visitor, f"{persona} {when}"):
            for address in addresses.of_staff(app, rows):
                visitor.get(address)


@contextmanager
def _into(visitor: Visitor, place: str) -> Iterator[None]:
    before, visitor.place = visitor.place, place
    yield
    visitor.place = before


def look_at_public_pages(visitor: Visitor, rows: dict[str, list[Any]]) -> None:
    """Save every public page, and the responses of some to other methods and headers."""
    for address in addresses.public(rows):
        visitor.get(address)
    for address in (
        "/",
        "/listings/",
        "/listings.geojson",
        "/api/",
        "/api/collections/listings/items",
        "/listings/1",
        "/nowhere",
    ):
        for method in ("HEAD", "OPTIONS", "PUT", "POST"):
            visitor.get(address, method=method)
        visitor.get(address, name=f"packed {address}", method="HEAD", Accept_Encoding="gzip")
        visitor.get(address, name=f"as a page {address}", Accept="text/html")
        visitor.get(address, name=f"in English {address}", Accept_Language="en")
    tag = visitor.client.get("/listings/1").headers.get("ETag", "")
    visitor.get("/listings/1", name="unchanged ~listings~1", If_None_Match=tag)


def do_things(
    app: Flask, saved: Answers, visitors: dict[str, Visitor], settings: Config, rows: dict[str, list[Any]]
) -> None:
    """Save the responses to everything that changes data."""
    clerk, hana = visitors["clerk"], visitors["coordinator"]

    def stranger() -> Visitor:
        return Visitor(app, saved, "guest")

    def sent() -> dict[str, str]:
        work(app)
        return save_mails(saved, settings)

    say("forms that are refused")
    refusals.run(app, visitors, stranger(), rows)
    say("forms that are accepted")
    home = flows.post_a_home(clerk)
    flows.keep_the_owner(clerk, home)
    flows.note_inquiries(clerk, home)
    flows.lead_a_life(clerk, home)
    for person in (clerk, hana):  # clerks may only confirm many at once
        flows.act_on_many(person, rows["own"])
    flows.import_a_ledger(clerk, lambda: work(app))
    flows.show_a_tour(clerk, rows, lambda: work(app))
    people.account(clerk)
    people.invite(clerk, stranger(), sent)
    people.apply(stranger(), rows["code"][0])
    people.coordinate(hana, clerk, rows)
    people.visit(stranger(), rows["every listing"][0])
    people.use_codes(hana, stranger(), sent)
    sent()
    shell.save(saved, "jobs", "daily", "--today", _LATER)
    shell.save(saved, "jobs", "daily", "--today", _LATER)
    people.confirm(stranger(), people.link_in(sent(), "confirm/"))


def main() -> None:
    """Make the snapshot for the arguments of the command line."""
    parser = argparse.ArgumentParser(prog="scripts/snapshot make", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT_DIR", help="an empty or new folder")
    parser.add_argument(
        "--database", default="", metavar="URL", help="an empty PostGIS database (default: a SpatiaLite file)"
    )
    given = parser.parse_args()
    if given.out.exists() and any(given.out.iterdir()):
        parser.error(f"{given.out} is not empty")
    os.environ["DATABASE_URL"] = given.database
    settings = from_env()
    saved, log = Answers(given.out, settings.data), Kept()
    logging.getLogger("akiya").addHandler(log)
    logging.getLogger("akiya").setLevel(logging.INFO)
    say("loading the demonstration")
    loaded = shell.run("init", "--demo")
    if loaded.returncode:
        sys.exit(f"✗ akiya init --demo failed: {loaded.stderr.decode()[-2000:]}")
    app = create_app(settings)
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine  # another engine would not load SpatiaLite
    saved.save("", "url_map.txt", wiring.url_map(app))
    saved.save("", "tables.txt", wiring.tables(engine))
    saved.save("", "assets.txt", wiring.assets(settings.data / "assets"))
    shell.helps(saved)
    rows = addresses.rows(engine)
    say("public pages")
    look_at_public_pages(Visitor(app, saved, "public"), rows)
    visitors = {persona: Visitor(app, saved, persona) for persona in PERSONAS}
    for persona, visitor in visitors.items():
        visitor.sign_in(PERSONAS[persona])
    look_around(app, saved, visitors, "before")
    do_things(app, saved, visitors, settings, rows)
    say("commands")
    shell.use(saved, rows["code"][0])
    look_around(app, saved, {persona: visitors[persona] for persona in ("clerk", "coordinator")}, "after")
    for address in addresses.AGAIN:
        Visitor(app, saved, "public after").get(address)
    saved.save("", "log.txt", "\n".join(log.lines) + "\n")
    say(f"{saved.count} answers in {given.out}")


if __name__ == "__main__":
    main()

"""Loads the demonstration into an empty folder and writes down all that is answered."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from akiya import create_app
from akiya.config import from_env
from snapshots import addresses, wiring
from snapshots.answers import Answers
from snapshots.visitor import Visitor

AKIYA = Path(sys.executable).parent / "akiya"
PERSONAS = {"clerk": "aoi@example.jp", "reader": "ren@example.jp", "other clerk": "sora@example.jp", "coordinator": "hana@example.jp"}


def command(*words: str) -> subprocess.CompletedProcess[str]:
    """Run `akiya` with `words`; its tokens are its own."""
    environment = {**os.environ, "SNAPSHOT_STEP": " ".join(words)}
    return subprocess.run([str(AKIYA), *words], capture_output=True, text=True, env=environment, check=False)  # noqa: S603


def say(text: str) -> None:
    """Tell on stderr how far it is."""
    print(f"· {text}", file=sys.stderr, flush=True)


def main() -> None:
    """Make the snapshot that the command line asks for."""
    parser = argparse.ArgumentParser(prog="scripts/snapshot make", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT_DIR", help="an empty or new folder")
    parser.add_argument("--database", default="", metavar="URL", help="an empty PostGIS database (default: a SpatiaLite file)")
    given = parser.parse_args()
    if given.out.exists() and any(given.out.iterdir()):
        parser.error(f"{given.out} is not empty")
    os.environ["DATABASE_URL"] = given.database
    settings = from_env()
    say("loading the demonstration")
    loaded = command("init", "--demo")
    if loaded.returncode:
        sys.exit(f"✗ akiya init --demo failed: {loaded.stderr[-2000:]}")
    saved = Answers(given.out, settings.data)
    saved.save("commands", "akiya init --demo", loaded.stdout)
    app = create_app(settings)
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine  # the one that loads SpatiaLite
    saved.save("", "url_map.txt", wiring.url_map(app))
    saved.save("", "tables.txt", wiring.tables(engine))
    rows = addresses.rows(engine)
    say("public pages")
    visitor = Visitor(app, saved, "public")
    for address in addresses.public(rows):
        visitor.get(address)
    for persona, email in PERSONAS.items():
        say(f"pages of the {persona}")
        visitor = Visitor(app, saved, persona)
        visitor.sign_in(email)
        for address in addresses.of_staff(app, rows):
            visitor.get(address)
    say(f"{saved.count} answers in {given.out}")


if __name__ == "__main__":
    main()

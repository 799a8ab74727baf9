"""Commands as a person types them, in this process: a new one takes seconds to import everything."""

import logging
import subprocess
from pathlib import Path

from click.testing import CliRunner
from flask import Flask, appcontext_pushed

from akiya.accounts import passwords
from akiya.commands.main import main
from tests.conftest import close


def akiya(data: Path, *arguments: str, database: str = "", **more: str) -> subprocess.CompletedProcess:
    """The command in this process; whatever is no message for people is raised."""
    made: set[Flask] = set()

    def keep(sender: Flask, **_more: object) -> None:
        if "sqlalchemy" in sender.extensions:  # an S3 that runs here is a Flask application too
            made.add(sender)

    log = logging.getLogger("akiya")
    handlers = log.handlers[:]
    runner = CliRunner(env={"AKIYA_DATA": str(data), "DATABASE_URL": database, **more})
    try:
        with appcontext_pushed.connected_to(keep):
            done = runner.invoke(main, arguments, prog_name="akiya", catch_exceptions=False)
    finally:
        for app in made:
            close(app)
        log.handlers[:] = handlers  # one that writes to the runner's output outlives it
        passwords.use_quick_hashes(True)
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

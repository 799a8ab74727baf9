"""Run commands as a user types them, in this process: a new one takes seconds to import everything."""

import logging
import subprocess
from pathlib import Path

from click.testing import CliRunner
from flask import Flask, appcontext_pushed

from akiya.accounts import passwords
from akiya.commands.main import main
from tests.conftest import close


def akiya(data: Path, *arguments: str, database: str = "", **more: str) -> subprocess.CompletedProcess:
    """Run the command in this process; raise an error that is not a message for users."""
    made: set[Flask] = set()

    def keep(sender: Flask, **_more: object) -> None:
        if "sqlalchemy" in sender.extensions:  # an S3 server in this process is a Flask application too
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
        log.handlers[:] = handlers  # a handler on the runner's output would outlive that output
        passwords.use_quick_hashes(True)
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

"""One SQLite library in a process: what is opened and closed beside the application leaves the application's locks."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from akiya import readiness
from akiya.db import db
from tests.shell import akiya

# Of a shared memory of SQLite, this byte is locked by every process that is at the database (its file os_unix.c).
_LOOK = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+b'), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 128)"


def held(shared_memory: Path) -> bool:
    """Whether another process finds this one at the database."""
    done = subprocess.run([sys.executable, "-c", _LOOK, shared_memory], capture_output=True, text=True)
    assert done.returncode == 0 or "BlockingIOError" in done.stderr
    return done.returncode != 0


@pytest.mark.parametrize("door", ["readiness", "a command"])
def test_what_opens_the_database_beside_the_application_leaves_its_locks(app: Flask, door: str) -> None:
    settings = app.config["AKIYA"]
    shared_memory = Path(make_url(settings.database_url).database + "-shm")
    with app.app_context():
        db.session.execute(db.text("SELECT 1 FROM staff"))
        assert held(shared_memory)
        if door == "readiness":
            assert readiness.ready(settings)
        else:
            assert akiya(settings.data, "listings", "derive").returncode == 0
        assert held(shared_memory)

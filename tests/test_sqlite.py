"""One SQLite library in a process: opening and closing files next to the application keeps the application's locks."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from akiya import create_app, readiness
from akiya.db import db
from tests.conftest import close, settings
from tests.shell import akiya

# Every process with an open database locks this byte of SQLite's shared memory file (see SQLite's os_unix.c).
_LOOK = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+b'), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 128)"


def held(shared_memory: Path) -> bool:
    """Return whether another process sees that this one has the database open."""
    done = subprocess.run([sys.executable, "-c", _LOOK, shared_memory], capture_output=True, text=True)
    assert done.returncode == 0 or "BlockingIOError" in done.stderr
    return done.returncode != 0


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Flask]:
    """Yield an application on the default file, whichever engine other tests use."""
    assert akiya(tmp_path, "init").returncode == 0
    app = create_app(settings(tmp_path))
    yield app
    close(app)


@pytest.mark.parametrize("door", ["readiness", "a command"])
def test_what_opens_the_database_beside_the_application_leaves_its_locks(beside: Flask, door: str) -> None:
    config = beside.config["AKIYA"]
    shared_memory = config.data / "akiya.sqlite-shm"
    with beside.app_context():
        db.session.execute(db.text("SELECT 1 FROM staff"))
        assert held(shared_memory)
        if door == "readiness":
            assert readiness.ready(config)
        else:
            assert akiya(config.data, "listings", "derive").returncode == 0
        assert held(shared_memory)

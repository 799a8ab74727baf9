"""An application, emptied before every test, on one engine or on each; and people to act as."""

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Table, create_engine, text

from akiya import config, create_app, language, sandbox
from akiya.db import db, transaction
from akiya.municipalities import service as municipalities
from akiya.storage.base import Storage
from akiya.storage.local import LocalStorage
from akiya.storage.s3 import S3Storage
from tests import buckets, factories
from tests.memo import Memo
from tests.pages.browser import Browser

ENGINES = ("spatialite", "postgis")
# Fixtures and arguments that are made of an engine; the first that a test uses is the one that counts.
_OF_AN_ENGINE = ("migrated", "site", "engine")
SHARED = Path(__file__).resolve().parents[1].parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the caller choose what runs on PostGIS too."""
    parser.addoption(
        "--engines",
        choices=("one", "marked", "all"),
        default="marked",
        help="run on PostGIS as well as on SpatiaLite: nothing, what is marked `engines` (the default), or everything",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once, or once an engine, by its mark and by --engines."""
    chosen = metafunc.config.getoption("engines")
    marked = metafunc.definition.get_closest_marker("engines") is not None
    both = chosen == "all" or (chosen == "marked" and marked)
    fixed = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    name = next((name for name in _OF_AN_ENGINE if name in metafunc.fixturenames), "")
    if name and name not in fixed:
        metafunc.parametrize(name, ENGINES if both else ENGINES[:1], indirect=name != "engine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, with the reason, what fails only because scripts/test --at cannot shift the times of files."""
    if "AKIYA_TEST_CLOCK_SHIFT_S" in os.environ:
        for item in items:
            if item.get_closest_marker("file_times"):
                item.add_marker(
                    pytest.mark.skip(reason="compares the clock, which --at has shifted, with times of files")
                )


def settings(data: Path, database_url: str = "", **more: str) -> config.Config:
    """Settings for a test, as the environment would give them."""
    environment = {"AKIYA_DATA": str(data), "DATABASE_URL": database_url, "SECRET_KEY": "a key for tests only", **more}
    return replace(config.from_env(environment), testing=True, quick_password_hashes=True)


def close(app: Flask) -> None:
    """Every connection of the application is closed: those in use are handed back first."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def japanese() -> None:
    """Begin each test in Japanese: one before it may have opened a page in English."""
    language.speak("ja")


@pytest.fixture(scope="session")
def memo(tmp_path_factory: pytest.TempPathFactory) -> Memo:
    """What the sandbox made of pictures and tables in this session."""
    return Memo(tmp_path_factory.mktemp("memo"))


@pytest.fixture(autouse=True)
def sandboxed(memo: Memo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sandbox work on the same bytes once; tests of the sandbox itself have it work each time."""
    monkeypatch.setattr(sandbox, "run", memo)


@pytest.fixture(scope="session")
def make_database() -> Callable[[str], str]:
    """Makes an empty database of the named engine and returns its address ("" stands for the default file)."""
    server = os.environ.get("AKIYA_TEST_POSTGRESQL", "")

    def make(engine: str) -> str:
        if engine == "spatialite":
            return ""
        if not server:
            pytest.skip("AKIYA_TEST_POSTGRESQL is not set: scripts/test starts a PostgreSQL for it")
        name = f"akiya_{uuid.uuid4().hex[:12]}"
        admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        admin.dispose()
        return server.rsplit("/", 1)[0] + "/" + name

    return make


@pytest.fixture(scope="session")
def migrated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, make_database
) -> Iterator[Flask]:
    """A migrated application, once an engine."""
    app = create_app(settings(tmp_path_factory.mktemp(request.param), make_database(request.param)))
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
    yield app
    close(app)


@pytest.fixture(scope="session")
def facts(migrated: Flask) -> dict[Table, list[dict[str, Any]]]:
    """The rows of the prefecture and its 45 municipalities, which are quicker to insert again than to make again."""
    with migrated.app_context():
        municipalities.ensure_prefecture("熊本県")
        rows = {t: [dict(row) for row in db.session.execute(t.select()).mappings()] for t in db.metadata.sorted_tables}
    return {table: found for table, found in rows.items() if found and table.name != "revision"}


def empty() -> None:
    """Delete every row but the revision, by which a running server notices."""
    lines = [f'DELETE FROM "{t.name}"' for t in reversed(db.metadata.sorted_tables) if t.name != "revision"]
    with transaction() as session:
        connection = session.connection()
        # PostgreSQL is sent all at once: before nearly every test, one answer is waited for instead of sixty.
        for line in lines if connection.dialect.name == "sqlite" else ["; ".join(lines)]:
            connection.exec_driver_sql(line)


@pytest.fixture
def app(migrated: Flask, facts: dict[Table, list[dict[str, Any]]]) -> Flask:
    """The application with the prefecture and its 45 municipalities, and nothing else."""
    with migrated.app_context(), transaction() as session:
        empty()
        for table, rows in facts.items():
            session.execute(table.insert(), rows)
    return migrated


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """Aoi (staff of A), Ren (read-only of A), Sora (staff of B), Hana (prefecture): their account ids."""
    with app.app_context():
        return factories.people()


@pytest.fixture
def visit(app: Flask) -> Browser:
    """A visitor who has not signed in; `visit.sign_in("aoi")` becomes somebody."""
    return Browser(app)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """The address of an S3."""
    with buckets.running() as address:
        yield address


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """An empty storage of either kind."""
    if request.param == "local":
        return LocalStorage(tmp_path / "media")
    endpoint = request.getfixturevalue("endpoint")
    return S3Storage(buckets.make(endpoint), "akiya", endpoint, "")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data; tests that need it are skipped where it is absent."""
    if not SHARED.exists():
        pytest.skip("the folder ../shared with real data is absent")
    return SHARED

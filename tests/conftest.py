"""An application that is emptied before every test, on one engine or on each; and people to act as."""

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
# Fixtures and arguments that depend on an engine; a test is parametrized by the first of them that it uses.
_OF_AN_ENGINE = ("migrated", "site", "engine")
SHARED = Path(__file__).resolve().parents[1].parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that chooses which tests run on PostGIS too."""
    parser.addoption(
        "--engines",
        choices=("one", "marked", "all"),
        default="marked",
        help="which tests run on PostGIS as well as on SpatiaLite: none, those marked `engines` (the default), or all",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once, or once on each engine, depending on its mark and on --engines."""
    chosen = metafunc.config.getoption("engines")
    marked = metafunc.definition.get_closest_marker("engines") is not None
    both = chosen == "all" or (chosen == "marked" and marked)
    fixed = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    name = next((name for name in _OF_AN_ENGINE if name in metafunc.fixturenames), "")
    if name and name not in fixed:
        metafunc.parametrize(name, ENGINES if both else ENGINES[:1], indirect=name != "engine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests that fail only because scripts/test --at cannot shift the times of files."""
    if "AKIYA_TEST_CLOCK_SHIFT_S" in os.environ:
        for item in items:
            if item.get_closest_marker("file_times"):
                item.add_marker(
                    pytest.mark.skip(reason="compares the clock, which --at has shifted, with times of files")
                )


def settings(data: Path, database_url: str = "", **more: str) -> config.Config:
    """Return settings for a test, read from an environment."""
    environment = {"AKIYA_DATA": str(data), "DATABASE_URL": database_url, "SECRET_KEY": "a key for tests only", **more}
    return replace(config.from_env(environment), testing=True, quick_password_hashes=True)


def close(app: Flask) -> None:
    """Close every connection of the application; those in use are returned to the pool first."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def japanese() -> None:
    """Begin each test in Japanese: an earlier one may have opened a page in English."""
    language.speak("ja")


@pytest.fixture(scope="session")
def memo(tmp_path_factory: pytest.TempPathFactory) -> Memo:
    """Return the cache of what the sandbox made of pictures and tables in this session."""
    return Memo(tmp_path_factory.mktemp("memo"))


@pytest.fixture(autouse=True)
def sandboxed(memo: Memo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sandbox process the same bytes only once; tests of the sandbox itself override this."""
    monkeypatch.setattr(sandbox, "run", memo)


@pytest.fixture(scope="session")
def make_database() -> Callable[[str], str]:
    """Return a function that creates an empty database on the named engine.

    It returns the address, or "" for the default file.
    """
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
    """Yield a migrated application, one for each engine."""
    app = create_app(settings(tmp_path_factory.mktemp(request.param), make_database(request.param)))
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
    yield app
    close(app)


@pytest.fixture(scope="session")
def facts(migrated: Flask) -> dict[Table, list[dict[str, Any]]]:
    """Return the rows of the prefecture and its 45 municipalities, which are faster to insert than to create again."""
    with migrated.app_context():
        municipalities.ensure_prefecture("熊本県")
        rows = {t: [dict(row) for row in db.session.execute(t.select()).mappings()] for t in db.metadata.sorted_tables}
    return {table: found for table, found in rows.items() if found and table.name != "revision"}


def empty() -> None:
    """Delete every row except the revision, by which a running server notices the change."""
    lines = [f'DELETE FROM "{t.name}"' for t in reversed(db.metadata.sorted_tables) if t.name != "revision"]
    with transaction() as session:
        connection = session.connection()
        # PostgreSQL gets one request: this runs before nearly every test, and would otherwise wait for sixty answers.
        for line in lines if connection.dialect.name == "sqlite" else ["; ".join(lines)]:
            connection.exec_driver_sql(line)


@pytest.fixture
def app(migrated: Flask, facts: dict[Table, list[dict[str, Any]]]) -> Flask:
    """Return the application with the prefecture and its 45 municipalities, and nothing else."""
    with migrated.app_context(), transaction() as session:
        empty()
        for table, rows in facts.items():
            session.execute(table.insert(), rows)
    return migrated


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """Return the account ids of Aoi (staff of A), Ren (read-only of A), Sora (staff of B) and Hana (prefecture)."""
    with app.app_context():
        return factories.people()


@pytest.fixture
def visit(app: Flask) -> Browser:
    """Return a visitor who has not signed in; `visit.sign_in("aoi")` signs in as a persona."""
    return Browser(app)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Yield the endpoint of an S3 server."""
    with buckets.running() as address:
        yield address


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Return an empty storage of each kind."""
    if request.param == "local":
        return LocalStorage(tmp_path / "media")
    endpoint = request.getfixturevalue("endpoint")
    return S3Storage(buckets.make(endpoint), "akiya", endpoint, "")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real data; tests that need it are skipped where it is missing."""
    if not SHARED.exists():
        pytest.skip("the folder ../shared with real data is absent")
    return SHARED

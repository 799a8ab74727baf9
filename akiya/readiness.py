"""Check that the database can be reached and has the version this code needs, without loading the application.

Only the database drivers are used. `akiya serve` checks before it starts anything, every other command before it
begins.
"""

from pathlib import Path

from sqlalchemy.engine import URL, make_url

from akiya import ROOT
from akiya.config import Config
from akiya.errors import ConfigError, Invalid
from akiya.sqlite import driver

_CONNECT_S = 10


def ready(config: Config) -> bool:
    """Return whether the database has this code's version; False if it is empty or older.

    Raise ConfigError if it cannot be reached or is newer.
    """
    versions = known_versions()
    version = _version(make_url(config.database_url))
    if version and version not in versions:
        raise ConfigError(
            f"{_shown(config)}：このデータベース（版 {version}）は、より新しい akiya のものです。akiya を新しくしてください。"
        )
    return version == versions[-1]


def require(config: Config) -> None:
    """Raise Invalid, which names the command to run, if the database is empty or older than this code.

    Raise ConfigError if it cannot be reached or is newer.
    """
    if not ready(config):
        raise Invalid(
            f"{_shown(config)}：データベースがまだ用意されていないか、古い版です。次を実行してください：akiya init"
        )


def known_versions() -> list[str]:
    """Return the versions of the database schema, oldest first."""
    return sorted(path.name.partition("_")[0] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


def _shown(config: Config) -> str:
    return f"DATABASE_URL={make_url(config.database_url).render_as_string()}"


def _version(url: URL) -> str:
    try:
        return _sqlite_version(url) if url.get_backend_name() == "sqlite" else _postgresql_version(url)
    except OSError as error:
        raise ConfigError(
            f"DATABASE_URL={url.render_as_string()}：データベースを開けません（{error}）。"
            "動いていること、作られていること（PostgreSQL なら createdb）、アドレスが正しいことを確かめてください。"
        ) from error


def _sqlite_version(url: URL) -> str:
    path = Path(url.database or "")
    if not path.exists():
        return ""
    library = driver()
    try:
        connection = library.connect(path.as_uri() + "?mode=ro", uri=True)
        try:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
                return ""
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            connection.close()
    except library.Error as error:
        raise OSError(str(error)) from error
    return row[0] if row else ""


def _postgresql_version(url: URL) -> str:
    import psycopg  # imported only here, so that a site on SQLite starts sooner

    _none, options = url.get_dialect()().create_connect_args(url)  # the same options as the application's
    options.setdefault("connect_timeout", _CONNECT_S)
    try:
        with psycopg.connect(**options) as connection:
            if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
                return ""
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.Error as error:
        raise OSError(str(error).partition("\n")[0]) from error
    return row[0] if row else ""

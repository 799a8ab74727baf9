"""akiya: one shared vacant-house bank for all the municipalities of a prefecture."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from akiya.config import Config

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: "Config | None" = None) -> "Flask":
    """The application, wired to its settings (default: those of the environment). Raises ConfigError."""
    # Imported here, so that the child process that decodes images imports the package in no time.
    from flask import Flask
    from flask_migrate import Migrate

    from akiya import config
    from akiya.accounts import passwords
    from akiya.db import db, engine_options
    from akiya.demo import styleguide
    from akiya.jobs import Queue
    from akiya.storage import open_storage
    from akiya.web import setup as web

    settings = settings or config.from_env()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        AKIYA=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        DEBUG=settings.debug,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
    )
    passwords.use_quick_hashes(settings.quick_password_hashes)
    app.extensions["akiya_storage"] = open_storage(settings)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    app.extensions["akiya_queue"] = Queue(app)
    web.init_app(app, ROOT)
    for feature in _features():
        feature.init_app(app)
    if settings.debug:
        styleguide.init_app(app)
    return app


def _features() -> tuple[Any, ...]:
    """Each after those it knows."""
    from akiya import (
        accounts,
        audits,
        bulletins,
        inquiries,
        joining,
        ledgers,
        listings,
        municipalities,
        opendata,
        outbox,
        owners,
        panoramas,
        reports,
        visits,
    )

    return (
        municipalities,
        outbox,
        accounts,
        bulletins,
        listings,
        owners,
        ledgers,
        panoramas,
        inquiries,
        visits,
        joining,
        reports,
        opendata,
        audits,
    )

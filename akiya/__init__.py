"""akiya: one shared vacant-house bank for all the municipalities of a prefecture."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from akiya.config import Config

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: "Config | None" = None) -> "Flask":
    """Create the application and connect it to its settings, by default those of the environment.

    Raise ConfigError if a setting is missing or wrong.
    """
    # Imported here, so that importing a pure module of the package does not load Flask and the database.
    from flask import Flask
    from flask_migrate import Migrate

    from akiya import config, pages, worker
    from akiya.accounts import passwords
    from akiya.db import db, engine_options
    from akiya.queue import Queue
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
    app.extensions["akiya_storage"] = storage = open_storage(settings)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    app.extensions["akiya_queue"] = queue = Queue(settings.data, app.app_context)
    web.init_app(app, ROOT)
    pages.register(app)
    worker.register(queue, settings, storage)
    return app

"""Setting up what every page needs: forms, languages, assets, media, limits and error pages."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, send_from_directory
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from akiya.config import Config
from akiya.db import db, revision
from akiya.language import SOURCE, current, language
from akiya.storage.base import IMMUTABLE, Storage
from akiya.storage.local import LocalStorage
from akiya.web import filters, handlers
from akiya.web.assets import Assets
from akiya.web.caching import KeptAnswers
from akiya.web.language import LanguagePrefix, Translations, lang_of_writing, other_languages, write
from akiya.web.limits import limiter
from akiya.web.urls import RecordId

_LARGEST_REQUEST = 400 * 1024 * 1024


def init_app(app: Flask, root: Path) -> None:
    """Add forms, languages, assets, media, limits and error pages to `app`. `root` is the project's folder."""
    config: Config = app.config["AKIYA"]
    app.config.update(
        BABEL_DEFAULT_LOCALE=SOURCE.code,
        BABEL_TRANSLATION_DIRECTORIES=str(root / "translations"),
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=2),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_NAME="akiya",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.site_url.startswith("https://"),
        TRUSTED_HOSTS=[urlsplit(config.site_url).hostname] if config.site_url else None,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.url_map.converters["id"] = RecordId
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app, locale_selector=lambda: str(current().locale)).domain_instance = Translations()
    CSRFProtect(app)
    limiter.init_app(app)
    filters.init_app(app)
    handlers.init_app(app)
    _serve_media(app)
    assets = Assets(root / "static", config.data / "assets")
    storage: Storage = app.extensions["akiya_storage"]
    app.add_template_global(assets.url, "asset")
    app.add_template_global(assets.script, "script")
    app.add_template_global(lambda key: storage.url(key), "media")
    app.add_template_global(other_languages, "other_languages")
    app.add_template_global(lang_of_writing, "lang_of_writing")
    app.add_template_global(write, "_")
    app.add_template_global(filters.today, "page_today")
    app.context_processor(
        lambda: {"language": language(), "page_locale": str(current().locale), "today": filters.today()}
    )
    app.wsgi_app = LanguagePrefix(assets.serve(app.wsgi_app))  # type: ignore[method-assign]  # as Flask says
    app.wsgi_app = KeptAnswers(app.wsgi_app, _stamp(app))  # type: ignore[method-assign]  # as Flask says
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask says


def _stamp(app: Flask) -> Callable[[], tuple[int, date]]:
    """Return a function for what all public pages depend on: the revision of the database, and the day."""
    with app.app_context():
        engine = db.engine
    timezone = app.config["AKIYA"].timezone
    return lambda: (revision(engine), datetime.now(timezone).date())


def _serve_media(app: Flask) -> None:
    storage = app.extensions["akiya_storage"]
    if not isinstance(storage, LocalStorage):
        return

    def media(name: str) -> Response:
        response = send_from_directory(storage.root / "public", name)
        response.headers["Cache-Control"] = IMMUTABLE
        # No browser may run an uploaded file as a page.
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    app.add_url_rule("/media/<path:name>", "media", media)

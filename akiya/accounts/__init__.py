"""Staff accounts and who may open what."""

from flask import Flask

from akiya.accounts import guard, keeping, mailed, mails, me, people, service, views
from akiya.db import now


def init_app(app: Flask) -> None:
    """Signing in and the pages of accounts are part of `app`; its worker forgets old sign-ins."""
    guard.manager.init_app(app)
    for pages in (views, mailed, me, people, mails):
        app.register_blueprint(pages.blueprint)
    keeping.init_app(app)
    app.extensions["akiya_queue"].add("sign_ins", lambda: service.forget_old(now()))
    app.context_processor(lambda: {"current_staff": guard.current_staff()})

"""Staff accounts and who may open what."""

from flask import Flask

from akiya.accounts import guard, views


def init_app(app: Flask) -> None:
    """Sign-in is part of `app`."""
    guard.manager.init_app(app)
    app.register_blueprint(views.blueprint)
    app.context_processor(lambda: {"current_staff": guard.current_staff()})

"""What a view takes from the running application."""

from typing import Any

from flask import current_app

from akiya.config import Config


def config() -> Config:
    """The settings."""
    settings: Config = current_app.config["AKIYA"]
    return settings


def storage() -> Any:
    """Where files are kept."""
    return current_app.extensions["akiya_storage"]


def wake(name: str) -> None:
    """The worker looks soon for work of that name, such as "outbox" for mail that was just written."""
    current_app.extensions["akiya_queue"].wake(name)

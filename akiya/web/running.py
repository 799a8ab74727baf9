"""Give views the settings, the storage and the queue of the running application."""

from flask import current_app

from akiya.config import Config
from akiya.storage.base import Storage


def config() -> Config:
    """Return the settings of the running application."""
    settings: Config = current_app.config["AKIYA"]
    return settings


def storage() -> Storage:
    """Return the storage in which the running application keeps its files."""
    kept: Storage = current_app.extensions["akiya_storage"]
    return kept


def wake(name: str) -> None:
    """Ask the worker to look soon for work of this name, such as "outbox" for mail that was just written."""
    current_app.extensions["akiya_queue"].wake(name)

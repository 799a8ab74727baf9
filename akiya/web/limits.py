"""How often an address may write or sign in, and how long an answer takes."""

import time

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", headers_enabled=False)


@limiter.request_filter
def _testing() -> bool:
    # Asked of the application that answers: the limiter's own switch would hold for every application of the process.
    return current_app.testing


def no_sooner_than(seconds: float, since: float) -> None:
    """Returns `seconds` after the moment `since` (of time.monotonic): how long the work took tells nobody anything."""
    time.sleep(max(0.0, since + seconds - time.monotonic()))

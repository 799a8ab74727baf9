"""Limits on how often an address may write or sign in, and a minimum time for an answer."""

import time

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", headers_enabled=False)


@limiter.request_filter
def _testing() -> bool:
    # Read from the current application: the limiter's own switch would apply to every application of the process.
    return current_app.testing


def no_sooner_than(seconds: float, since: float) -> None:
    """Wait until `seconds` after the moment `since` (of time.monotonic), so that the time taken reveals nothing."""
    time.sleep(max(0.0, since + seconds - time.monotonic()))

"""Fixtures for tests of the sandbox itself."""

import pytest


@pytest.fixture(autouse=True)
def sandboxed() -> None:
    """Let the sandbox work each time, without the cache of other tests."""

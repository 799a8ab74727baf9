"""The sandbox itself is under test here."""

import pytest


@pytest.fixture(autouse=True)
def sandboxed() -> None:
    """Let the sandbox work each time."""

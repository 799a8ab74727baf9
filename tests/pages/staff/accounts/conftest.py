"""A failure is answered at once, but in the test of how long that takes: dozens of tests fail to sign in."""

import pytest

from akiya.pages.staff.accounts import mail_links, sign_in


@pytest.fixture
def failure_s() -> float:
    """Seconds after which a failure is answered; to be parametrized with the real ones."""
    return 0


@pytest.fixture(autouse=True)
def failing(failure_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a failure take `failure_s`."""
    for page in (sign_in, mail_links):
        monkeypatch.setattr(page, "FAILURE_S", failure_s)

"""Answer failed sign-ins at once: dozens of tests fail to sign in, and only one measures how long that takes."""

import pytest

from akiya.pages.staff.accounts import mail_links, sign_in


@pytest.fixture
def failure_s() -> float:
    """Return after how many seconds a failure is answered; a test of the delay parametrizes it."""
    return 0


@pytest.fixture(autouse=True)
def failing(failure_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a failure take `failure_s` seconds."""
    for page in (sign_in, mail_links):
        monkeypatch.setattr(page, "FAILURE_S", failure_s)

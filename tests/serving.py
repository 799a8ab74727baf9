"""Helpers for tests that start `akiya serve`."""

import socket
from urllib.request import urlopen


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Return whether the site at `url` answers."""
    try:
        with urlopen(url + "/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False

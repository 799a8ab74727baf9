"""Send forms that must change nothing: without a token, signed out, read-only, and of another municipality."""

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask

from snapshots.visitor import Visitor

_ARGUMENT = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
_OF_ONESELF = (
    "/staff/me",
    "/staff/sign-",
    "/staff/forgotten",
    "/staff/welcome",
    "/staff/new-password",
    "/staff/notices",
)


def posted(app: Flask, rows: dict[str, list[Any]]) -> Iterator[str]:
    """Yield every address that accepts POST, with the first id of each kind."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        if "POST" in (rule.methods or ()):
            yield _ARGUMENT.sub(
                lambda found: str((rows.get(found[1]) or ["x"])[0]), rule.rule.replace("<field>", "price")
            )


def run(app: Flask, visitors: dict[str, Visitor], nobody: Visitor, rows: dict[str, list[Any]]) -> None:
    """Send every form as each visitor who may not; save how it is refused."""
    for address in posted(app, rows):
        visitors["clerk"].post(address, name=f"POST without a token {address}", token=False)
        if address.startswith(_OF_ONESELF) or not address.startswith(("/staff", "/prefecture")):
            continue
        nobody.post(address, name=f"POST signed out {address}")
        visitors["reader"].post(address, name=f"POST empty {address}")
        if re.search(r"/\d+", address):
            visitors["other clerk"].post(address, name=f"POST empty {address}")

"""Addresses and record numbers that users send."""

from urllib.parse import urlsplit

from werkzeug.routing import IntegerConverter, Map


class RecordId(IntegerConverter):
    """The number of a record in an address; one that is too large for any record leads to 404."""

    def __init__(self, map_: Map) -> None:
        super().__init__(map_, max=2**31 - 1)


def local_path(target: str | None) -> str | None:
    """Return `target` if it is a path of this site, otherwise None, so that no redirect leads to another site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and target.isprintable() else None

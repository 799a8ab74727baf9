"""Parts of a listing's pages that come from other features; pages/__init__ adds them.

A registry and no import: the tour's part is a page of the public side, which the staff's pages may not import.
"""

from collections.abc import Callable
from typing import Any

Part = Callable[[int], Any]
_public: dict[str, Part] = {}
_staff: dict[str, Part] = {}


def add(name: str, *, staff: Part, public: Part | None = None) -> None:
    """The staff's page of a listing gets `staff(listing_id)` as `name`, the public page `public(listing_id)` if there is one."""
    _staff[name] = staff
    if public is not None:
        _public[name] = public


def of_page(listing_id: int) -> dict[str, Any]:
    """Every added part of the listing's public page."""
    return {name: part(listing_id) for name, part in _public.items()}


def of_staff_page(listing_id: int) -> dict[str, Any]:
    """Every added part of the listing's staff page."""
    return {name: part(listing_id) for name, part in _staff.items()}

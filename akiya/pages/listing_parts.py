"""Parts of a listing's pages that come from other features; pages/__init__ adds them.

This is a registry, not an import, because the tour's part belongs to the public pages, which the staff's pages may not
import.
"""

from collections.abc import Callable

Part = Callable[[int], object]
_public: dict[str, Part] = {}
_staff: dict[str, Part] = {}


def add(name: str, *, staff: Part, public: Part | None = None) -> None:
    """Add a part `name`: `staff(listing_id)` to the staff's page, `public(listing_id)` if given to the public page."""
    _staff[name] = staff
    if public is not None:
        _public[name] = public


def of_page(listing_id: int) -> dict[str, object]:
    """Return the content of every part that was added to the listing's public page, by the part's name."""
    return {name: part(listing_id) for name, part in _public.items()}


def of_staff_page(listing_id: int) -> dict[str, object]:
    """Return the content of every part that was added to the listing's staff page, by the part's name."""
    return {name: part(listing_id) for name, part in _staff.items()}

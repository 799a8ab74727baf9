"""A municipality's settings, changed by its staff."""

from collections.abc import Mapping, Sequence
from typing import Any

from akiya.accounts.models import Staff
from akiya.db import transaction
from akiya.errors import NotFound
from akiya.listings.service import may_write, place_again
from akiya.municipalities import settings
from akiya.municipalities.models import Municipality


def for_staff(staff: Staff, code: str | None) -> Municipality:
    """The municipality, when it is the account's own or the account sees all. Raises NotFound."""
    if code is None or not (staff.is_prefecture or staff.municipality_code == code):
        raise NotFound("この市町村は見つかりません。")
    return settings.find(code)


def change(staff: Staff, code: str, values: Mapping[str, Any], agents: Sequence[Mapping[str, Any]], seen: str) -> int:
    """The municipality's settings are these; returns how many homes were moved by a new blur. Raises Invalid."""
    may_write(staff)
    before = for_staff(staff, code).blur
    with transaction():
        after = settings.change(code, values, agents, seen).blur
        return place_again(code) if after is not before else 0

"""Let staff change the settings of their municipality."""

from collections.abc import Mapping, Sequence

from akiya.accounts.models import Staff
from akiya.db import transaction
from akiya.errors import NotFound
from akiya.listings.service import may_write, place_again
from akiya.municipalities import settings
from akiya.municipalities.models import Municipality
from akiya.values import Values


def for_staff(staff: Staff, code: str | None) -> Municipality:
    """Return the municipality if it is the account's own or the account is the prefecture's; else raise NotFound."""
    if code is None or not (staff.is_prefecture or staff.municipality_code == code):
        raise NotFound("この市町村は見つかりません。")
    return settings.find(code)


def change(staff: Staff, code: str, values: Mapping[str, object], agents: Sequence[Values], seen: str) -> int:
    """Change the municipality's settings and agents; return how many public points moved because the blur changed.

    `seen` is the `mark` of the settings that the account saw. Raise Invalid for a wrong value or if somebody else
    changed the settings meanwhile, NotAllowed for an account that only reads, NotFound for another municipality.
    """
    may_write(staff)
    before = for_staff(staff, code).blur
    with transaction():
        after = settings.change(code, values, agents, seen).blur
        return place_again(code) if after is not before else 0

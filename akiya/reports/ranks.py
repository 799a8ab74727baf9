"""The prefecture's setting whether municipalities see how they rank among each other."""

from akiya.accounts.models import Staff
from akiya.db import transaction
from akiya.errors import NotAllowed
from akiya.municipalities import search as municipalities
from akiya.municipalities.models import Prefecture


def shown() -> bool:
    """Return whether a municipality's staff see its ranks."""
    prefecture = municipalities.prefecture()
    return prefecture is not None and prefecture.ranks_shown


def show(staff: Staff, shown: bool) -> None:
    """Set whether municipalities see their ranks. Raise NotAllowed unless the account is the prefecture's."""
    if not staff.is_prefecture:
        raise NotAllowed("順位を見せるかどうかは、県の担当者が決めます。")
    with transaction() as session:
        session.query(Prefecture).one().ranks_shown = shown

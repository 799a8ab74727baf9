"""Whether municipalities see how they rank among the others."""

from akiya.accounts.models import Staff
from akiya.db import transaction
from akiya.errors import NotAllowed
from akiya.municipalities import search as municipalities
from akiya.municipalities.models import Prefecture


def shown() -> bool:
    """Whether a municipality's staff see its rank."""
    prefecture = municipalities.prefecture()
    return prefecture is not None and prefecture.ranks_shown


def show(staff: Staff, shown: bool) -> None:
    """From now on municipalities see their ranks, or do not. Raises NotAllowed."""
    if not staff.is_prefecture:
        raise NotAllowed("順位を見せるかどうかは、県の担当者が決めます。")
    with transaction() as session:
        session.query(Prefecture).one().ranks_shown = shown

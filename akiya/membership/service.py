"""Let a municipality join and leave the bank.

Each function is one transaction and raises NotAllowed for an account that is not the prefecture's.
"""

from datetime import date

from sqlalchemy import select

from akiya.accounts import service as accounts
from akiya.accounts.models import Staff
from akiya.choices import Choice
from akiya.db import today, transaction
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.language import N_
from akiya.listings import lifecycle
from akiya.listings.enums import LISTED, Status
from akiya.listings.models import Listing
from akiya.membership import checklist
from akiya.municipalities import service as municipalities
from akiya.municipalities import settings
from akiya.municipalities.enums import MunicipalityAction, Standing
from akiya.municipalities.models import Municipality
from akiya.values import Values

SETTLED = (MunicipalityAction.STEPS_SETTLED, MunicipalityAction.NO_AGENTS, MunicipalityAction.BLUR_SETTLED)
_LONGEST_REASON = 1000


class LeavingHomes(Choice):
    """A choice of what happens to the homes on offer when their municipality leaves."""

    WITHDRAW = "withdraw", N_("すべて取り下げる")
    KEEP = "keep", N_("有効期限が来るまで公開を続ける")


def may_take_in(staff: Staff) -> None:
    """Raise NotAllowed for an account that is not the prefecture's."""
    if not staff.is_prefecture:
        raise NotAllowed("市町村の参加・離脱・合併は、県担当者が行います。")


def add(staff: Staff, values: Values) -> Municipality:
    """Add a municipality, which does not take part until it joins, and return it.

    `values` are arguments of `municipalities.service.add`. Raise Invalid with a message for each wrong field.
    """
    may_take_in(staff)
    return municipalities.add(staff.name, **values)


def introduce(staff: Staff, code: str, values: Values) -> None:
    """Set the municipality's settings, such as its contact, text and address. Raise Invalid for a wrong value."""
    may_take_in(staff)
    with transaction():
        settings.change(_standing(code).code, values)


def settle(staff: Staff, code: str, action: str) -> MunicipalityAction:
    """Record that the municipality decided on its steps or blur, or has no agents, and return what was recorded.

    `action` is the value of one of SETTLED. Raise Invalid for another one.
    """
    may_take_in(staff)
    wanted = next((each for each in SETTLED if each == action), None)
    if wanted is None:
        raise Invalid(f"「{action[:20]}」という操作はありません。画面を開き直して、ボタンを押してください。")
    with transaction() as session:
        municipalities.note(session, _standing(code), staff.name, wanted)
    return wanted


def begin(staff: Staff, code: str) -> Municipality:
    """Make the municipality take part from today on, and return it. Raise Invalid without a contact or if it does."""
    may_take_in(staff)
    with transaction() as session:
        municipality = _standing(code)
        if municipality.joined and municipality.joined_on is not None:
            raise Invalid(f"{municipality.name}は{municipality.joined_on}から参加しています。")
        if not municipality.contact:
            raise Invalid(f"{municipality.name}の問合せ先が空欄です。公開されますので、先に書いてください。")
        municipality.joined, municipality.joined_on, municipality.left_on = True, today(), None
        municipalities.note(session, municipality, staff.name, MunicipalityAction.JOINED, today())
    return municipality


def only_link(staff: Staff, code: str, url: str) -> Municipality:
    """List the municipality only with a link to its own bank at `url` ("" if it has none), and return it.

    Raise Invalid if it has taken part or has homes on offer.
    """
    may_take_in(staff)
    with transaction() as session:
        municipality = _standing(code)
        if municipality.joined_on is not None or checklist.leaving(code).offered:
            raise Invalid(f"{municipality.name}は参加を始めたか、公開中の物件があります。離脱の手続きをしてください。")
        settings.change(code, {"joined": False, "url": url})
        municipalities.note(session, municipality, staff.name, MunicipalityAction.LINKED, url=url)
    return municipality


def leave(
    staff: Staff, code: str, on: date | None, reason: str, homes: LeavingHomes, *, dismiss: bool, url: str = ""
) -> dict[str, int]:
    """End the municipality's membership on `on` (default: today).

    Return {"withdrawn": number of homes, "stopped": number of accounts}. `dismiss` deactivates its accounts; `url` is
    the address of its own bank. Homes that are kept stay on offer until their validity ends. Raise Invalid for a future
    day, a missing or too long reason, or a municipality that does not take part.
    """
    may_take_in(staff)
    on, reason = on or today(), reason.strip()
    errors = {}
    if on > today():
        errors["on"] = f"{on} は先の日付です。今日（{today()}）までの日を入れてください。その日になってから行います。"
    if not reason or len(reason) > _LONGEST_REASON:
        errors["reason"] = f"理由を{_LONGEST_REASON:,}文字までで書いてください。市町村と物件の履歴に残ります。"
    if errors:
        raise Invalid("".join(errors.values()), errors)
    with transaction() as session:
        municipality = _standing(code)
        if not municipality.joined:
            raise Invalid(f"{municipality.name}は参加していません。画面を開き直して、状態を確かめてください。")
        counts = {"withdrawn": 0, "stopped": 0}
        if homes is LeavingHomes.WITHDRAW:
            offered = select(Listing).where(Listing.municipality_code == code, Listing.status.in_(LISTED))
            for listing in session.scalars(offered.order_by(Listing.id)).all():
                closed_on = max(on, listing.published_on or on)
                lifecycle.close(staff, listing.id, Status.WITHDRAWN, closed_on, {"reason": reason})
                counts["withdrawn"] += 1
        if dismiss:
            for person in checklist.leaving(code).staff:
                accounts.deactivate(staff, person.id)
                counts["stopped"] += 1
        settings.change(code, {"joined": False, "url": url})
        municipality.left_on = on
        details = {"reason": reason, "homes": str(homes), **counts}
        municipalities.note(session, municipality, staff.name, MunicipalityAction.LEFT, on, **details)
    return counts


def for_coordinator(staff: Staff, code: str) -> Municipality:
    """Return the municipality as it is stored. Raise NotFound or NotAllowed."""
    may_take_in(staff)
    return settings.find(code)


def _standing(code: str) -> Municipality:
    """Return the municipality, locked. Raise NotFound if there is none, Invalid if it was merged."""
    with transaction() as session:
        found: Municipality | None = session.get(Municipality, code, with_for_update=True)
    if found is None:
        raise NotFound("この市町村は登録されていません。")
    if found.standing is Standing.MERGED:
        raise Invalid(f"{found.name}は{found.merged_on}に合併しました。合併した先の市町村で行ってください。")
    return found

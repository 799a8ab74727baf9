"""Changing listings. Each function is one transaction, checks the account, and leaves an event."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from akiya import geo
from akiya.accounts.models import Staff
from akiya.db import now, transaction
from akiya.errors import Invalid, NotAllowed
from akiya.listings import search, states
from akiya.listings.derive import derive
from akiya.listings.enums import CLOSED, LISTED, Precision, Status
from akiya.listings.fields import BY_NAME
from akiya.listings.models import Closing, Event, Listing, PrivateRecord
from akiya.municipalities.models import Municipality
from akiya.municipalities.search import find_town

REVIEW_DAYS = 60
_EDITED_MEANWHILE = (
    "あなたが開いたあとに、別の人がこの物件を変更しました。入力はこの画面に残っています。"
    "最新の内容を別の画面で確かめてから、もう一度保存してください。"
)


class EditedMeanwhile(Invalid):
    """Somebody else saved the listing after this form was opened."""


def create(staff: Staff, municipality_code: str, values: Mapping[str, Any], *, demonstration: bool = False) -> Listing:
    """A new draft of the municipality, with its private record. Raises Invalid or NotAllowed."""
    may_write(staff)
    if not staff.is_prefecture and municipality_code != staff.municipality_code:
        raise NotAllowed("ほかの市町村の物件は登録できません。")
    with transaction() as session:
        municipality = session.get(Municipality, municipality_code)
        if municipality is None:
            raise Invalid("市町村を選んでください。", {"municipality_code": "この市町村は登録されていません。"})
        listing = Listing(municipality=municipality, municipality_code=municipality_code, demonstration=demonstration)
        listing.status, listing.private, listing.source_file = Status.DRAFT, PrivateRecord(), ""
        listing.precision, listing.lon, listing.lat = Precision.OFFICE, municipality.lon, municipality.lat
        changes = _assign(listing, values)
        _check_number(session, listing)
        session.add(listing)
        session.flush()
        record(session, listing, staff, "created", changes, status=Status.DRAFT, on=today())
    return listing


def update(staff: Staff, listing_id: int, version: int | None, values: Mapping[str, Any]) -> Listing:
    """The listing with the new values; only what differs is recorded. Raises EditedMeanwhile when `version` is past."""
    may_write(staff)
    try:
        # One flush at the end: the version goes up by one, whatever is read on the way.
        with transaction() as session, session.no_autoflush:
            listing = search.for_staff(staff, listing_id)
            if version is not None and version != listing.version:
                raise EditedMeanwhile(_EDITED_MEANWHILE)
            changes = _assign(listing, values)
            _check_number(session, listing)
            if listing.status in LISTED and (missing := missing_to_publish(listing)):
                raise Invalid("公開中の物件から次の項目は消せません。" + "、".join(missing.values()), missing)
            if changes:
                listing.updated_at = now()
                record(session, listing, staff, "changed", changes)
    except StaleDataError as error:
        raise EditedMeanwhile(_EDITED_MEANWHILE) from error
    return listing


def move(staff: Staff, listing_id: int, to: Status) -> Listing:
    """The listing one step further in its life. Raises Invalid for a move that is not offered or lacks something."""
    may_write(staff)
    with transaction() as session:
        listing = search.for_staff(staff, listing_id)
        if to not in states.moves(listing.status, listing.municipality.steps):
            raise Invalid(
                f"「{listing.status.ja}」から「{to.ja}」へは進められません。画面を開き直して、状態を確かめてください。"
            )
        if to is Status.OPEN and (missing := missing_to_publish(listing)):
            raise Invalid("公開するには、次の項目が足りません。" + "、".join(missing.values()), missing)
        _set_status(session, listing, staff, to, today())
    return listing


def close(
    staff: Staff, listing_id: int, outcome: Status, closed_on: date | None, answers: Mapping[str, Any]
) -> Listing:
    """The listing closed with `outcome` on `closed_on` (default: today). Unanswered questions stay open. Raises Invalid."""
    may_write(staff)
    if outcome not in CLOSED:
        raise Invalid("終わり方を選んでください。", {"outcome": "成約、取下げ、期限満了のどれかです。"})
    closed_on = closed_on or today()
    if closed_on > today():
        message = f"{closed_on} は先の日付です。今日までの日を入れてください。"
        raise Invalid("終わった日を確かめてください。", {"closed_on": message})
    with transaction() as session:
        listing = search.for_staff(staff, listing_id)
        if listing.status not in (*LISTED, *CLOSED):
            raise Invalid(f"「{listing.status.ja}」の物件は終了にできません。公開してからにしてください。")
        if listing.published_on and closed_on < listing.published_on:
            message = f"公開した日（{listing.published_on}）より前です。"
            raise Invalid("終わった日を確かめてください。", {"closed_on": message})
        closing = listing.closing or Closing()
        listing.closing = closing
        for name, value in answers.items():
            setattr(closing, name, value)
        closing.contracted_on = closed_on if outcome is Status.CONTRACTED else None
        _set_status(session, listing, staff, outcome, closed_on)
    return listing


def confirm(staff: Staff, listing_id: int) -> Listing:
    """The listing said to be still available, today."""
    may_write(staff)
    with transaction() as session:
        listing = search.for_staff(staff, listing_id)
        if listing.status not in LISTED:
            raise Invalid(f"「{listing.status.ja}」の物件は募集の確認ができません。")
        before = listing.confirmed_on
        listing.confirmed_on, listing.review_due_on = today(), today() + timedelta(days=REVIEW_DAYS)
        record(session, listing, staff, "confirmed", {"confirmed_on": [plain(before), plain(today())]}, on=today())
    return listing


def missing_to_publish(listing: Listing) -> dict[str, str]:
    """What must be stated before the public sees the listing: a message for each field."""
    missing = {}
    if not listing.is_sale and not listing.is_rent:
        missing["is_sale"] = "売るのか貸すのか"
    if listing.is_sale and listing.price is None and not listing.price_negotiable:
        missing["price"] = "売買価格（決まっていなければ「価格応相談」）"
    if listing.is_rent and listing.rent is None and not listing.price_negotiable:
        missing["rent"] = "賃料（決まっていなければ「価格応相談」）"
    if not listing.town and listing.precision is Precision.OFFICE and not listing.source_file:
        missing["town"] = "町・字（または緯度・経度）"
    return missing


def record(
    session: Any,
    listing: Listing,
    staff: Staff | None,
    action: str,
    changes: Mapping[str, list[Any]] | None = None,
    *,
    status: Status | None = None,
    on: date | None = None,
) -> None:
    """An event of the listing is added to the transaction."""
    event = Event(
        listing_id=listing.id,
        staff_id=staff.id if staff else None,
        actor=staff.name if staff else "システム",
        action=action,
        changes=dict(changes or {}),
        status=status,
        effective_on=on,
    )
    session.add(event)


def today() -> date:
    """Today in Japan: what a clerk means by a day."""
    return now().astimezone(geo.JAPAN_TIME).date()


def may_write(staff: Staff) -> None:
    """Nothing, or NotAllowed for an account that only reads."""
    if not staff.can_write:
        raise NotAllowed("閲覧のみのアカウントでは変更できません。")


def _set_status(session: Any, listing: Listing, staff: Staff, to: Status, on: date) -> None:
    before, listing.status = listing.status, to
    if to is Status.OPEN:
        listing.published_on = listing.published_on or on
        listing.confirmed_on, listing.review_due_on = on, on + timedelta(days=REVIEW_DAYS)
        listing.valid_until = listing.valid_until or on + timedelta(days=30 * listing.municipality.valid_months)
    listing.negotiating_since = on if to is Status.NEGOTIATING else None
    listing.closed_on = on if to in CLOSED else None
    listing.updated_at = now()
    record(session, listing, staff, "moved", {"status": [str(before), str(to)]}, status=to, on=on)


def _assign(listing: Listing, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Sets what differs, moves the public point along, and returns {field: [from, to]}."""
    changes = {}
    for name, value in values.items():
        holder = listing.private if name in BY_NAME and BY_NAME[name].private else listing
        before = getattr(holder, name)
        if before != value:
            setattr(holder, name, value)
            changes[name] = [plain(before), plain(value)]
    if not (listing.source_file and {"town", "true_lon", "true_lat"}.isdisjoint(changes)):
        _place(listing)
    for name, value in derive(listing, listing.municipality.name).items():
        setattr(listing, name, value)
    return changes


def _place(listing: Listing) -> None:
    """The public point: the mesh cell of the true point, else the town's point, else the office."""
    lon, lat = listing.private.true_lon, listing.private.true_lat
    if (lon is None) != (lat is None):
        raise Invalid(
            "緯度と経度は両方入れてください。", {"true_lat": "緯度と経度は両方入れるか、両方空欄にしてください。"}
        )
    if lon is not None and lat is not None:
        if not geo.in_japan((lon, lat)):
            message = f"緯度 {lat}、経度 {lon} は日本の外です。緯度（32 など）と経度（130 など）を確かめてください。"
            raise Invalid("緯度と経度を確かめてください。", {"true_lat": message})
        listing.precision = Precision.MESH_250
        listing.lon, listing.lat = geo.mesh_centre((lon, lat))
        return
    town = find_town(listing.municipality_code, listing.town) if listing.town else None
    place = town or listing.municipality
    listing.precision = Precision.TOWN if town else Precision.OFFICE
    listing.lon, listing.lat = place.lon, place.lat


def _check_number(session: Any, listing: Listing) -> None:
    with session.no_autoflush:
        same = session.scalar(
            select(Listing.id).where(
                Listing.municipality_code == listing.municipality_code, Listing.number == listing.number
            )
        )
    if same is not None and same != listing.id:
        message = f"物件番号「{listing.number}」は登録済みです。別の番号にするか、登録済みの物件を直してください。"
        raise Invalid(message, {"number": message})


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, Enum):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value

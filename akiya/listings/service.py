"""Create and change listings. What an account does is one transaction, checks the account and records an event."""

from collections.abc import Mapping
from datetime import date
from enum import Enum

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from akiya.accounts.models import Staff
from akiya.db import Session, now, transaction
from akiya.db import today as today  # for the pages, which know no database
from akiya.errors import Invalid, NotAllowed
from akiya.listings import search
from akiya.listings.derived import derive
from akiya.listings.enums import LISTED, Precision, PropertyKind, Status
from akiya.listings.events import EventKind
from akiya.listings.fields import BY_NAME, FieldGroup
from akiya.listings.models import Changes, Event, Listing, PrivateRecord
from akiya.listings.placing import PLACING, place
from akiya.municipalities.models import Municipality

_EDITED_MEANWHILE = (
    "あなたが開いたあとに、別の人がこの物件を変更しました。入力はこの画面に残っています。"
    "最新の内容を別の画面で確かめてから、もう一度保存してください。"
)


class EditedMeanwhile(Invalid):
    """Somebody else saved the listing after this form was opened."""


def create(
    staff: Staff, municipality_code: str, values: Mapping[str, object], *, demonstration: bool = False
) -> Listing:
    """Create a draft listing of the municipality, with its private record. Raise Invalid or NotAllowed."""
    may_write(staff)
    if not staff.is_prefecture and municipality_code != staff.municipality_code:
        raise NotAllowed("ほかの市町村の物件は登録できません。")
    with transaction() as session:
        return _add(session, municipality_code, values, staff, Status.DRAFT, demonstration=demonstration)


def offer(municipality_code: str, values: Mapping[str, object], actor: str) -> Listing:
    """Create a listing from an owner without an account. Raise Invalid.

    Its state is "submitted", so that staff check it before the public sees it.
    """
    with transaction() as session:
        return _add(session, municipality_code, values, None, Status.SUBMITTED, actor=actor)


def _add(
    session: Session, municipality_code: str, values: Mapping[str, object], staff: Staff | None, status: Status, *,
    actor: str = "", demonstration: bool = False,
) -> Listing:  # fmt: skip
    municipality = session.get(Municipality, municipality_code)
    if municipality is None or municipality.successor_code:
        raise Invalid("市町村を選んでください。", {"municipality_code": "この市町村は登録されていません。"})
    listing = Listing(municipality=municipality, municipality_code=municipality_code, demonstration=demonstration)
    listing.status, listing.private, listing.source_file = status, PrivateRecord(), ""
    listing.precision, listing.lon, listing.lat = Precision.OFFICE, municipality.lon, municipality.lat
    listing.in_charge_id = staff.id if staff and not demonstration else None
    changes = _assign(listing, values)
    _check_number(session, listing)
    session.add(listing)
    session.flush()
    record(session, listing, staff, EventKind.CREATED, changes, status=status, on=today(), actor=actor)
    return listing


def update(staff: Staff, listing_id: int, version: int | None, values: Mapping[str, object]) -> Listing:
    """Save the listing's new values and record what differs. Raise EditedMeanwhile if `version` is outdated."""
    may_write(staff)
    try:
        # One flush at the end: the version goes up by one, whatever is read on the way.
        with transaction() as session, session.no_autoflush:
            listing = search.for_staff(staff, listing_id)
            if version is not None and version != listing.version:
                raise EditedMeanwhile(_EDITED_MEANWHILE)
            lacked = missing_to_publish(listing)
            changes = _assign(listing, values)
            _check_number(session, listing)
            # What it lacked before, such as a field that its municipality requires only since then, must not block a correction.
            missing = {name: text for name, text in missing_to_publish(listing).items() if name not in lacked}
            if listing.status in LISTED and missing:
                raise Invalid("公開中の物件から次の項目は消せません。" + "、".join(missing.values()), missing)
            if changes:
                listing.updated_at = now()
                record(session, listing, staff, EventKind.CHANGED, changes)
    except StaleDataError as error:
        raise EditedMeanwhile(_EDITED_MEANWHILE) from error
    return listing


def missing_to_publish(listing: Listing) -> dict[str, str]:
    """Return the fields that must be stated before publication, with their Japanese names.

    These are the minimum for every listing, and the fields that its municipality requires.
    """
    missing = {}
    if not listing.is_sale and not listing.is_rent:
        missing["is_sale"] = "売るのか貸すのか"
    if listing.is_sale and listing.price is None and not listing.price_negotiable:
        missing["price"] = "売買価格（決まっていなければ「価格応相談」）"
    if listing.is_rent and listing.rent is None and not listing.price_negotiable:
        missing["rent"] = "賃料（決まっていなければ「価格応相談」）"
    if not listing.town and listing.precision is Precision.OFFICE and not listing.source_file:
        missing["town"] = "町・字（または緯度・経度）"
    for name in listing.municipality.required.split(","):
        field = BY_NAME.get(name)
        if field is None or name in missing or name in _DEALS:
            continue
        if field.group is FieldGroup.BUILDING and listing.kind is PropertyKind.LAND:
            continue
        if field.held(listing) in (None, ""):
            missing[name] = field.label
    return missing


# Required by the kind of deal, as above, and not by the municipality: a home that is only let has no price.
_DEALS = frozenset({"is_sale", "is_rent", "price", "rent"})


def record(
    session: Session,
    listing: Listing,
    staff: Staff | None,
    kind: EventKind,
    changes: Changes | None = None,
    *,
    status: Status | None = None,
    on: date | None = None,
    actor: str = "",
) -> None:
    """Add an event of the listing to the transaction. Without an account, `actor` is recorded as the one who did it."""
    event = Event(
        listing_id=listing.id,
        staff_id=staff.id if staff else None,
        actor=staff.name if staff else actor or "システム",
        action=kind,
        changes=dict(changes or {}),
        status=status,
        effective_on=on,
    )
    session.add(event)


def may_write(staff: Staff) -> None:
    """Raise NotAllowed for an account that may only read."""
    if not staff.can_write:
        raise NotAllowed("閲覧のみのアカウントでは変更できません。")


def _assign(listing: Listing, values: Mapping[str, object]) -> Changes:
    """Set the values that differ, compute the public point and the derived columns, and return {field: [from, to]}."""
    changes: Changes = {}
    for name, value in values.items():
        holder = BY_NAME[name].holder(listing) if name in BY_NAME else listing
        before = getattr(holder, name)
        if before != value:
            setattr(holder, name, value)
            changes[name] = [plain(before), plain(value)]
    if not listing.source_file or not PLACING.isdisjoint(changes):
        place(listing)
    for name, value in derive(listing, listing.municipality.name).items():
        setattr(listing, name, value)
    return changes


def place_again(municipality_code: str) -> int:
    """Compute the public points of the municipality's homes again after its blur changed; return how many moved."""
    moved = 0
    with transaction() as session:
        query = (
            select(Listing)
            .join(PrivateRecord)
            .where(Listing.municipality_code == municipality_code, PrivateRecord.true_lon.is_not(None))
        )
        for listing in session.scalars(query):
            before = listing.lon, listing.lat, listing.precision
            place(listing)
            if (listing.lon, listing.lat, listing.precision) != before:
                moved += 1
                changes = {"precision": [str(before[2]), str(listing.precision)]}
                record(session, listing, None, EventKind.PLACED, changes)
    return moved


def _check_number(session: Session, listing: Listing) -> None:
    with session.no_autoflush:
        same = session.scalar(
            select(Listing.id).where(
                Listing.municipality_code == listing.municipality_code, Listing.number == listing.number
            )
        )
    if same is not None and same != listing.id:
        message = f"物件番号「{listing.number}」は登録済みです。別の番号にするか、登録済みの物件を直してください。"
        raise Invalid(message, {"number": message})


def plain(value: object) -> object:
    """Return the value as JSON can store it: a choice as its stored text, a date in ISO format."""
    if isinstance(value, Enum):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value

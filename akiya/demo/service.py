"""Load the demonstration: invented listings, drawn pictures, a rendered 360° tour, and accounts of its own."""

import random
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from akiya.accounts import service as accounts
from akiya.accounts.models import Role, Staff
from akiya.db import Session, db, today, transaction
from akiya.demo import interest, photos, tour
from akiya.demo.desk import application, on_the_desk, owners_of
from akiya.demo.houses import House, houses, stages
from akiya.demo.pictures import draw
from akiya.errors import Invalid
from akiya.listings import lifecycle, service
from akiya.listings.enums import LISTED, PhotoKind, PropertyKind, Status
from akiya.listings.events import EventKind
from akiya.listings.models import Closing, Listing, Photo
from akiya.municipalities import search as municipalities
from akiya.municipalities.enums import Tag
from akiya.municipalities.models import Municipality, Prefecture
from akiya.storage.base import Storage
from akiya.values import Values

_DRAWN = {"exterior": 14, "interior": 5, "plan": 4, "surroundings": 6, "land": 4}
_SIZE = (1200, 900)
_KINDS = {
    "exterior": PhotoKind.EXTERIOR, "interior": PhotoKind.INTERIOR, "plan": PhotoKind.PLAN,
    "surroundings": PhotoKind.SURROUNDINGS, "land": PhotoKind.EXTERIOR,
}  # fmt: skip
_LIVE = (
    "平日の10時から16時、Zoom か LINE で職員が家の中をお見せします（見本の文章）。3日前までに電話でお申し込みください。"
)
_ABOUT = (
    "{name}の空き家バンクです（見本の文章）。内覧は職員がご案内します。気になる家があれば、まず電話かメールで"
    "お問い合わせください。移住の相談、補助の申込み、地域の行事のことも、あわせてお答えします。"
)


def is_empty() -> bool:
    """Return whether the database has no listing at all."""
    return db.session.scalar(select(Listing.id).limit(1)) is None


def load(storage: Storage, address: str, *, progress: Callable[[int], None] = lambda percent: None) -> int:
    """Load the demonstration into the database and `storage` and return the number of its listings.

    Running it again changes nothing and returns 0. Links in its mails begin with `address`; `progress` is called with a
    percentage. Raise Invalid if the database has real listings or real accounts, or no municipality.
    """
    if db.session.scalar(select(Listing.id).where(Listing.demonstration.is_(False)).limit(1)) is not None:
        raise Invalid(
            "本物の物件が登録されているため、見本データは入れません。別の AKIYA_DATA（空のデータベース）で試してください。"
        )
    if db.session.scalar(select(Staff.id).where(Staff.demonstration.is_(False)).limit(1)) is not None:
        raise Invalid(
            "本物のアカウントが登録されているため、見本データは入れません。別の AKIYA_DATA で試してください。"
        )
    if not is_empty():
        return 0
    places = municipalities.served()
    if not places:
        raise Invalid("市町村が登録されていません。先に akiya municipalities import で取り込んでください。")
    pool = _draw(storage, progress)
    clerk, coordinator = _accounts(places[0].code)
    made = [*houses(places, today()), *on_the_desk(places[0], today())]
    with transaction() as session:
        session.scalars(select(Prefecture)).one().demonstration = True
        rng = random.Random(7)  # noqa: S311  (which drawing goes where)
        for place in session.scalars(select(Municipality).where(Municipality.code.in_([m.code for m in places]))):
            place.contact = place.contact or f"{place.name}役所・役場 空き家バンク担当（見本） 電話 000-000-0000"
            place.text = place.text or _ABOUT.format(name=place.name)
            place.tags = place.tags or ",".join(sorted(rng.sample([str(tag) for tag in Tag], rng.randint(1, 4))))
            if "online" in place.tags and not place.live_viewing:
                place.live_viewing, place.live_viewing_note = True, _LIVE
        for number, house in enumerate(made):
            _add(session, coordinator, house, pool, rng)
            progress(40 + 55 * number // len(made))
        own = [home for home in session.scalars(select(Listing)) if home.municipality_code == places[0].code]
        for home in own:
            home.in_charge_id = clerk.id
        owners_of(clerk, own[0].id, today())
        application(places[0].code, address)
    _add_tour(storage, coordinator, places[0].code)
    interest.add(coordinator, session.scalars(select(Listing).order_by(Listing.id)).all(), today())
    progress(100)
    return len(made) + 1


def _accounts(first: str) -> tuple[Staff, Staff]:
    """Create the demonstration's four accounts where missing; return the first municipality's clerk and the coordinator."""
    password = accounts.DEMONSTRATION_PASSWORD
    second = next((m.code for m in municipalities.served() if m.code != first), first)
    known = {staff.email: staff for staff in db.session.scalars(select(Staff))}
    wanted = (
        ("aoi@example.jp", "見本 あおい", Role.STAFF, first),
        ("ren@example.jp", "見本 れん", Role.READ_ONLY, first),
        ("sora@example.jp", "見本 そら", Role.STAFF, second),
        ("hana@example.jp", "見本 はな", Role.PREFECTURE, None),
    )
    made = [
        known.get(email) or accounts.create(email, name, password, role, code, demonstration=True)
        for email, name, role, code in wanted
    ]
    return made[0], made[-1]


def _draw(storage: Storage, progress: Callable[[int], None]) -> dict[str, list[Values]]:
    """Store every drawing once, in all sizes, and return the column values of their Photos by kind."""
    pool: dict[str, list[Values]] = {}
    total, done = sum(_DRAWN.values()), 0
    for kind, count in _DRAWN.items():
        for seed in range(count):
            pool.setdefault(kind, []).append(photos.keep(storage, draw(kind, seed, _SIZE), f"{kind}-{seed}"))
            done += 1
            progress(40 * done // total)
    return pool


def _add(
    session: Session,
    staff: Staff,
    house: House,
    pool: dict[str, list[Values]],
    rng: random.Random,
) -> None:
    listing = service.create(staff, house.municipality_code, house.values, demonstration=True)
    for status, on in stages(house):
        service.record(session, listing, None, EventKind.MOVED, {"status": [None, str(status)]}, status=status, on=on)
    listing.status, listing.published_on, listing.confirmed_on = house.status, house.published_on, house.confirmed_on
    listing.negotiating_since, listing.closed_on = house.negotiating_since, house.closed_on
    if house.published_on:
        listing.valid_until = lifecycle.in_months(house.published_on, listing.municipality.valid_months)
    if listing.status in LISTED and listing.confirmed_on:
        listing.review_due_on = listing.confirmed_on + timedelta(days=listing.municipality.confirm_days)
    if house.confirmed_on:
        service.record(session, listing, None, EventKind.CONFIRMED, on=house.confirmed_on)
    if house.status is Status.CONTRACTED:
        listing.closing = Closing(contracted_on=house.closed_on, **house.closing)
    kinds = ["land"] if house.values["kind"] is PropertyKind.LAND else ["exterior", "interior", "plan"]
    shown = [*kinds[: rng.choice((0, 1, 2, 3, 3))], *(["surroundings"] if rng.random() < 0.4 else [])]
    for position, kind in enumerate(shown):
        values = rng.choice(pool[kind])
        session.add(Photo(listing_id=listing.id, position=position, kind=_KINDS[kind], caption="", **values))


def _add_tour(storage: Storage, staff: Staff, code: str) -> None:
    """Add the tour to a home, preferably of this municipality: its clerk can then try the editor on it."""
    listed = select(Listing.id).join(Photo).where(Listing.status.in_(LISTED), Listing.kind == PropertyKind.HOUSE)
    listing_id = db.session.scalar(
        listed.order_by(Listing.municipality_code != code, Listing.published_on.desc(), Listing.id.desc()).limit(1)
    )
    if listing_id is None:
        return
    tour.add(storage, staff, listing_id)

"""The work waiting for the demonstration's clerk: a home in each state that needs attention, and an application."""

import random
from datetime import date, timedelta

from akiya.accounts.models import Staff
from akiya.db import transaction
from akiya.demo.houses import House, house
from akiya.listings.enums import Deal, PropertyKind, Status
from akiya.listings.models import Listing
from akiya.municipalities.models import Municipality
from akiya.owners import applications
from akiya.owners import service as owners
from akiya.owners.enums import Applicant, ContactWay, Relation
from akiya.values import Values

_FACTS: Values = {
    "town": "桜町", "kind": PropertyKind.HOUSE, "is_sale": True, "is_rent": False, "price": 3_500_000, "layout": "6DK",
    "floor_area": 132.0, "land_area": 410.0,
}  # fmt: skip
_PERSON: Values = {
    "name": "見本 ひかり", "kana": "みほん ひかり", "address": "東京都（見本）", "phone": "000-0000-0000", "email": "",
    "relation": Applicant.HEIR, "message": "父の家です。使ってくださる方にゆずりたいです。（見本の文章）",
}  # fmt: skip
_SENT = {"town": "桜町", "lot_number": "1番地", "wish": "sale", "price": "350万円", "floor_area": "40坪", "land_area": "410",
         "layout": "6DK", **{key: str(value) for key, value in _PERSON.items()}}  # fmt: skip


def on_the_desk(municipality: Municipality, today: date) -> list[House]:
    """Return homes of the clerk's municipality that need attention.

    They are a draft, one overdue for confirmation, one near the end of its validity, one under negotiation, and one that
    was closed without most answers.
    """
    rng = random.Random(11)  # noqa: S311  (invented data, not a secret)
    homes = []
    for position, (title, published, confirmed) in enumerate(
        (
            ("書きかけの家", None, None),
            ("しばらく確認していない家", 200, 95),
            ("有効期限が近い家", 0, 20),
            ("商談中の家", 120, 12),
            ("あわてて終了にした家", 90, 40),
        ),
        start=91,
    ):
        made = house(rng, municipality, f"机-{position}", today)
        made.values.update(title=f"{title}（見本）", kind=PropertyKind.HOUSE)
        made.status, made.closing, made.closed_on, made.negotiating_since = Status.OPEN, {}, None, None
        made.published_on = today - timedelta(days=published) if published else None
        made.confirmed_on = today - timedelta(days=confirmed) if confirmed else None
        homes.append(made)
    draft, _overdue, ending, negotiating, closed = homes
    draft.status = Status.DRAFT
    for name in ("price", "rent", "price_negotiable"):
        draft.values.pop(name, None)
    draft.values.update(is_sale=True, is_rent=False)
    ending.published_on = today - timedelta(days=round(municipality.valid_months * 30.44) - 20)
    negotiating.status, negotiating.negotiating_since = Status.NEGOTIATING, today - timedelta(days=12)
    closed.status, closed.closed_on, closed.confirmed_on = Status.CONTRACTED, today - timedelta(days=5), None
    closed.closing = {"deal": Deal.SALE}
    return homes


def owners_of(clerk: Staff, listing_id: int, today: date) -> None:
    """Add to a home a co-owner who has not agreed yet, and notes of two conversations with the owner."""
    owners.add_co_owner(
        clerk, listing_id, "見本 つばさ", Relation.CO_OWNER, share="2分の1", contact="000-0000-0000（見本）"
    )
    owners.note_contact(
        clerk, listing_id, today - timedelta(days=30), ContactWay.PHONE, "登録を続けたいとのこと。（見本）"
    )
    owners.note_contact(
        clerk, listing_id, today - timedelta(days=3), ContactWay.ON_SITE, "雨どいの外れを確かめた。（見本）"
    )


def application(municipality_code: str, address: str) -> None:
    """Submit an owner's application through the same service as the public form, and mark it as demonstration data."""
    with transaction() as session:
        made = applications.receive(
            municipality_code, _FACTS, _SENT["lot_number"], _PERSON, _SENT, language="ja", address=address
        )
        session.get_one(Listing, made.listing_id).demonstration = True

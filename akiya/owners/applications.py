"""Turn an owner's application into a submitted listing with a receipt number, and write the mails about it."""

from collections.abc import Mapping

from sqlalchemy import func, select

from akiya import formatting
from akiya.db import Session, today, transaction
from akiya.errors import Invalid
from akiya.language import speaking
from akiya.listings import blur
from akiya.listings import service as listings
from akiya.listings.models import Listing
from akiya.municipalities.models import Municipality
from akiya.outbox import service as outbox
from akiya.owners import emails, search
from akiya.owners.enums import Applicant
from akiya.owners.models import Application
from akiya.values import Values

ACTOR = "所有者の申込"
CONSENT = (
    "公開の申込フォームで同意：空き家バンクへの登録、職員による現地の確認、町・字までの場所・建物と土地のようす・写真・価格の公開。"
    "氏名・連絡先・番地は公開しない。（申込者：{relation}）"
)


def receive(
    municipality_code: str, facts: Mapping[str, object], lot_number: str, person: Values,
    sent: Mapping[str, str], *, language: str, address: str,
) -> Application:  # fmt: skip
    """Store an application with a new submitted listing, write the mails to applicant and staff, and return it.

    `facts` are public columns of the listing, `person` columns of Application, `sent` the answers as they were typed;
    `language` is that of the applicant's mail, `address` the site's address for links. Raise Invalid if the
    municipality is unknown or does not take part, or if a fact is wrong.
    """
    with transaction() as session:
        # Locked, so that two applications that arrive at the same time get different numbers.
        municipality = session.get(Municipality, municipality_code, with_for_update=True)
        if municipality is None or not municipality.joined:
            raise Invalid("市町村を選んでください。", {"municipality_code": "この市町村は登録されていません。"})
        year = today().year
        sequence = _next(session, municipality_code, year)
        values = {**facts, **_private(lot_number, person), "number": f"申請{year}-{sequence:04}"}
        # The form asks for consent to the town only: the exact point is hidden even if the municipality shows others.
        level = blur.allowed(municipality.blur, consented=False)
        if level is not municipality.blur:
            values["blur"] = level
        listing = listings.offer(municipality_code, values, ACTOR)
        receipt = f"{municipality_code}-{year}-{sequence:04}"
        kept = {**person, "relation": str(person["relation"]), "sent": dict(sent)}
        application = Application(listing_id=listing.id, receipt=receipt, **kept)
        session.add(application)
        session.flush()
        _write(application, municipality, language, address)
    return application


def _private(lot_number: str, person: Values) -> Values:
    relation: Applicant = person["relation"]
    name = person["name"] if relation is Applicant.OWNER else f"{person['name']}（申込者・{relation.message}）"
    lines = {"ふりがな": "kana", "電話": "phone", "メール": "email", "住所": "address"}
    contact = "\n".join(f"{label}：{person[key]}" for label, key in lines.items() if person[key])
    return {
        "lot_number": lot_number,
        "owner_name": name,
        "owner_contact": contact,
        "consent_on": today(),
        "consent_scope": CONSENT.format(relation=relation.message),
    }


def _next(session: Session, municipality_code: str, year: int) -> int:
    """Return the next sequence number of the year that neither a receipt nor a listing of the municipality uses."""
    given = select(Application.receipt).where(Application.receipt.startswith(f"{municipality_code}-{year}-"))
    last = session.scalar(given.order_by(func.length(Application.receipt).desc(), Application.receipt.desc()).limit(1))
    sequence = int(last.rsplit("-", 1)[1]) + 1 if last else 1
    numbers = select(Listing.number).where(Listing.municipality_code == municipality_code)
    taken = set(session.scalars(numbers.where(Listing.number.startswith(f"申請{year}-"))))
    while f"申請{year}-{sequence:04}" in taken:
        sequence += 1
    return sequence


def _write(application: Application, municipality: Municipality, language: str, address: str) -> None:
    code, receipt = municipality.code, application.receipt
    if application.email:
        with speaking(language):
            subject, text = emails.to_applicant(receipt, formatting.name(municipality), municipality.contact)
        outbox.write(f"application:{receipt}:applicant", application.email, subject, text, code)
    subject, text = emails.to_staff(receipt, f"{address}/staff/listings/{application.listing_id}")
    for place, to in enumerate(search.recipients(code)):
        outbox.write(f"application:{receipt}:staff:{place}", to, subject, text, code)

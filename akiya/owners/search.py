"""Read a home's owners, contacts and documents.

A record that is looked up by its own id is found only for accounts that may see the home. Functions that take a
listing's id do not check that: their callers do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from akiya.accounts.models import Role, Staff
from akiya.db import db
from akiya.listings import search as listings
from akiya.listings.enums import LISTED
from akiya.listings.models import Listing, PrivateRecord
from akiya.owners.models import Application, Contact, CoOwner, Document


def co_owners(listing_id: int) -> Sequence[CoOwner]:
    """Return the listing's co-owners, in the order in which they were added."""
    return db.session.scalars(select(CoOwner).where(CoOwner.listing_id == listing_id).order_by(CoOwner.id)).all()


def contacts(listing_id: int) -> Sequence[Contact]:
    """Return the conversations about the listing, newest first."""
    query = select(Contact).where(Contact.listing_id == listing_id)
    return db.session.scalars(query.order_by(Contact.on.desc(), Contact.id.desc())).all()


def documents(listing_id: int) -> Sequence[Document]:
    """Return the listing's documents, newest first."""
    query = select(Document).where(Document.listing_id == listing_id)
    return db.session.scalars(query.order_by(Document.id.desc())).all()


def application(listing_id: int) -> Application | None:
    """Return the application that the listing was created from, or None if it did not come through the form."""
    return db.session.get(Application, listing_id)


def co_owner_for_staff(staff: Staff, co_owner_id: int) -> CoOwner:
    """Return the co-owner. Raise NotFound if there is none or the account may not see the listing."""
    return listings.of_listing(staff, CoOwner, co_owner_id, "この共有者は見つかりません。")


def document_for_staff(staff: Staff, document_id: int) -> Document:
    """Return the document. Raise NotFound if there is none or the account may not see the listing."""
    return listings.of_listing(staff, Document, document_id, "この書類は見つかりません。")


def recipients(municipality_code: str) -> Sequence[str]:
    """Return the mail addresses to notify of a new application: the municipality's clerks, else the prefecture's."""
    active = select(Staff.email).where(Staff.active).order_by(Staff.id)
    own = db.session.scalars(active.where(Staff.municipality_code == municipality_code, Staff.role == Role.STAFF)).all()
    return own or db.session.scalars(active.where(Staff.role == Role.PREFECTURE)).all()


@dataclass(frozen=True)
class OwnerOverview:
    """A summary of a listing's owners for the staff's page; `no_consent`: it is public without a dated consent."""

    application: Application | None
    co_owners: int
    contacts: int
    documents: int
    last_contact: date | None
    no_consent: bool


def overview(listing_id: int) -> OwnerOverview:
    """Return a summary of the listing's owners: application, counts, day of the last contact, and missing consent."""
    known = contacts(listing_id)
    public = select(PrivateRecord.consent_on).join(Listing, Listing.id == PrivateRecord.listing_id)
    listed = db.session.execute(public.where(Listing.id == listing_id, Listing.status.in_(LISTED))).first()
    return OwnerOverview(
        application(listing_id),
        len(co_owners(listing_id)),
        len(known),
        len(documents(listing_id)),
        known[0].on if known else None,
        listed is not None and listed.consent_on is None,
    )

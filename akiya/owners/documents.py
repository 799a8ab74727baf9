"""Store scanned documents of a home, fetch them for accounts that may see the home, and delete them.

A file is kept privately and unchanged. It is only ever downloaded, never displayed by the site, because a file from
outside may contain scripts.
"""

import secrets
import unicodedata
from pathlib import Path, PurePosixPath

from akiya.accounts.models import Staff
from akiya.db import transaction
from akiya.errors import Invalid
from akiya.imaging import formats
from akiya.listings import search as listings
from akiya.listings.events import EventKind
from akiya.listings.service import may_write, record
from akiya.owners import search
from akiya.owners.enums import DocumentKind
from akiya.owners.models import Document
from akiya.storage.base import Storage

LARGEST_BYTES = 20 * 1024 * 1024
MOST_DOCUMENTS = 50
ENDINGS = {"application/pdf": "pdf"} | {each.media_types[0]: each.ending for each in formats.DOCUMENT}
_NONE_OF_THESE = f"PDF、{formats.listed(formats.DOCUMENT, '、')} のどれでもありません。"
_LONGEST_NAME = 120


def add(staff: Staff, listing_id: int, kind: DocumentKind, name: str, source: Path, storage: Storage) -> Document:
    """Store the file `source` as a document of the listing, and return its row; the file is stored before the row.

    Raise Invalid, naming the file, if it is larger than LARGEST_BYTES or neither PDF nor photo, or if the listing has
    MOST_DOCUMENTS. Raise NotAllowed for an account that only reads, NotFound for a listing it may not see.
    """
    may_write(staff)
    listings.for_staff(staff, listing_id)
    shown, size = _cleaned(name), source.stat().st_size
    if size > LARGEST_BYTES:
        raise _refused(shown, "20MBを超えています。解像度を下げて読み取るか、分けて送ってください。")
    with source.open("rb") as file:
        media_type = media_type_of(file.read(16))
    if media_type is None:
        told = "中身がありません。" if size == 0 else _NONE_OF_THESE
        raise _refused(shown, told + "PDFか写真にして送ってください。")
    key = f"private/documents/{secrets.token_urlsafe(16)}"
    storage.save(key, source)
    with transaction(public=False) as session:
        listing = listings.for_staff(staff, listing_id)
        if len(search.documents(listing_id)) >= MOST_DOCUMENTS:
            raise _refused(shown, f"書類は{MOST_DOCUMENTS}個までです。要らないものを消してから送ってください。")
        made = Document(
            listing_id=listing_id, kind=kind, name=shown, key=key, media_type=media_type, size=size, actor=staff.name
        )
        session.add(made)
        record(session, listing, staff, EventKind.DOCUMENT_ADDED, {"document": [None, kind.message]})
    return made


def fetch(staff: Staff, document_id: int, storage: Storage, target: Path) -> Document:
    """Write the document's file to `target` and return its row. Raise NotFound if the account may not see the home."""
    found = search.document_for_staff(staff, document_id)
    storage.fetch(found.key, target)
    return found


def remove(staff: Staff, document_id: int, storage: Storage) -> int:
    """Delete the document's row, then its file, and return the listing's id. Raise NotFound or NotAllowed."""
    may_write(staff)
    with transaction(public=False) as session:
        found = search.document_for_staff(staff, document_id)
        key, listing = found.key, listings.for_staff(staff, found.listing_id)
        record(session, listing, staff, EventKind.DOCUMENT_REMOVED, {"document": [found.kind.message, None]})
        session.delete(found)
    storage.delete(key)
    return listing.id


def media_type_of(head: bytes) -> str | None:
    """Return the media type of a file that begins with `head`, or None for a type that documents may not have."""
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    found = formats.of(head, formats.DOCUMENT, certain=True)
    return found.media_types[0] if found else None


def _cleaned(name: str) -> str:
    """Return the file's name without folders, invisible characters and those that reverse the direction of the text."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return (
        "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))[-_LONGEST_NAME:].strip() or "無題"
    )


def _refused(name: str, why: str) -> Invalid:
    return Invalid(f"{name}：{why}", {"file": f"「{name}」は受け取れません。{why}"})

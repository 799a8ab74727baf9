"""Publish, read and end notices. Each function is one transaction and checks the account's permission."""

from collections.abc import Sequence
from datetime import date, timedelta

from akiya.accounts.models import Staff
from akiya.bulletins import emails, search
from akiya.bulletins.models import Bulletin, BulletinRead
from akiya.db import db, insert_once, now, today, transaction
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.municipalities import search as municipalities
from akiya.outbox import service as outbox

LONGEST_DAYS = 366
_ONLY_THE_PREFECTURE = "お知らせを書けるのは、県の担当者だけです。"


def write(
    staff: Staff, title: str, text: str, codes: Sequence[str], until: date | None, *, mail_from: str | None = None
) -> Bulletin:
    """Publish a notice to the municipalities `codes` (empty: all) until the day `until`, and return it.

    With `mail_from`, the site's address, each of their active accounts gets a mail. Raise Invalid if a value is wrong,
    NotAllowed if the account is not one of the prefecture.
    """
    if not staff.is_prefecture:
        raise NotAllowed(_ONLY_THE_PREFECTURE)
    errors = {}
    if until is None:
        errors["until"] = "いつまで出すかを入れてください。例：2026-12-28"
    elif not today() <= until <= today() + timedelta(days=LONGEST_DAYS):
        errors["until"] = f"{until} は使えません。今日から{LONGEST_DAYS}日先までの日を入れてください。"
    if set(codes) - {place.code for place in municipalities.served()}:
        errors["codes"] = "一覧にない市町村が選ばれています。選び直してください。"
    if errors or until is None:
        raise Invalid("入力を確かめてください。", errors)
    with transaction(public=False) as session:
        bulletin = Bulletin(
            title=title.strip(), text=text.strip(), codes=",".join(sorted(set(codes))), until=until,
            mailed=mail_from is not None, staff_id=staff.id, actor=staff.name,
        )  # fmt: skip
        session.add(bulletin)
        session.flush()
        if mail_from is not None:
            for person, _place, _read in search.addressees(bulletin):
                subject, body = emails.bulletin(person.name, bulletin.title, bulletin.text, staff.name, mail_from)
                outbox.write(
                    f"bulletin:{bulletin.id}:{person.id}", person.email, subject, body, person.municipality_code
                )
    return bulletin


def read(staff: Staff, bulletin_id: int) -> None:
    """Record that the account has read the notice; repeating it changes nothing. Raise NotFound if it is for others."""
    with transaction(public=False) as session:
        bulletin = search.of_staff(staff, bulletin_id)
        if not bulletin.is_for(staff.municipality_code):
            raise NotFound("このお知らせは、あなたあてではありません。")
        row = {"bulletin_id": bulletin_id, "staff_id": staff.id, "at": now()}
        session.execute(insert_once(session, BulletinRead, row, ["bulletin_id", "staff_id"]))


def end(staff: Staff, bulletin_id: int) -> Bulletin:
    """Stop showing the notice. Raise NotFound, Invalid if it has ended, NotAllowed unless it is the prefecture's account."""
    if not staff.is_prefecture:
        raise NotAllowed(_ONLY_THE_PREFECTURE)
    with transaction(public=False):
        bulletin = search.of_staff(staff, bulletin_id)
        db.session.refresh(bulletin, with_for_update=True)
        if bulletin.until < today():
            raise Invalid("このお知らせは、もう終わっています。")
        bulletin.until = today() - timedelta(days=1)
    return bulletin

"""Act on accounts, applications and settings through forms: first refused, then accepted.

Each response is saved.
"""

import email
import email.policy
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyotp

from snapshots import forms
from snapshots.visitor import SITE, Visitor

_NEW_PASSWORD = "hana-mo-ki-mo-aru"  # noqa: S105  (of an account of the demonstration)


def set_clock(day_and_time: str) -> None:
    """Stop the clock of this process, and of those it starts, at `day_and_time`."""
    os.environ["FAKETIME"] = day_and_time


def link_in(mails: dict[str, str], word: str) -> str:
    """Return the path of the last link with `word` in the mails."""
    found = [link for text in mails.values() for link in re.findall(rf"{SITE}(/\S*{word}\S*)", text)]
    return found[-1] if found else f"/no-link/{word}"


def mails(folder: Path) -> dict[str, str]:
    """Return every mail by file name: the headers, then the text."""
    found = {}
    for path in sorted(folder.glob("*.eml"), key=lambda path: (len(path.name), path.name)):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        head = "".join(f"{name}: {value}\n" for name, value in message.items())
        found[path.name] = f"{head}\n{message.get_content()}"
    return found


def account(clerk: Visitor) -> None:
    """Change one's own name, password and confirmation codes."""
    clerk.send("/staff/me", "/staff/me/name", {"me-name": ""}, name="me 1 no name")
    clerk.send("/staff/me", "/staff/me/name", {"me-name": "見本 あおい二"}, name="me 2 name")
    clerk.post(
        "/staff/me/password",
        {"current_password": "wrong", "password": "short", "password_again": "other"},
        name="me 3 wrong",
    )
    clerk.post("/staff/me/codes/remove", {"codes-password": "wrong"}, name="me 4 remove codes")


def invite(clerk: Visitor, guest: Visitor, sent: Callable[[], dict[str, str]]) -> None:
    """Invite a colleague, who accepts, changes role and leaves; reset a forgotten password."""
    new = "/staff/people/invite"
    clerk.send(new, new, {"email": "nobody", "role": ""}, name="people 1 wrong")
    clerk.send(new, new, {"email": "aoi@example.jp", "role": "staff"}, name="people 2 known")
    clerk.send(new, new, {"email": "umi@example.jp", "role": "staff", "name": "海"}, name="people 3 invited")
    link = link_in(sent(), "welcome")
    guest.get(link, name="welcome 1")
    guest.send(link, link, {"name": "", "password": "short", "password_again": ""}, name="welcome 2 wrong")
    guest.send(
        link,
        link,
        {"name": "海", "password": _NEW_PASSWORD, "password_again": _NEW_PASSWORD},
        name="welcome 3 accepted",
    )
    guest.get(link, name="welcome 4 used")
    guest.post("/staff/sign-out", name="welcome 5 signed out")
    guest.post("/staff/sign-in", {"email": "umi@example.jp", "password": "wrong"}, name="sign in 1 wrong")
    guest.post("/staff/sign-in", {"email": "", "password": ""}, name="sign in 2 empty")
    guest.post("/staff/forgotten", {"email": "nobody@example.jp"}, name="forgotten 1 unknown")
    guest.post("/staff/forgotten", {"email": "umi@example.jp"}, name="forgotten 2 sent")
    link = link_in(sent(), "new-password")
    guest.get(link, name="forgotten 3 page")
    guest.send(link, link, {"password": "short", "password_again": "x"}, name="forgotten 4 wrong")
    guest.send(
        link, link, {"password": _NEW_PASSWORD + "2", "password_again": _NEW_PASSWORD + "2"}, name="forgotten 5 changed"
    )
    page = clerk.get("/staff/people", name="people 4")
    person = max(map(int, re.findall(r'"/staff/people/(\d+)"', page)), default=0)
    clerk.get(f"/staff/people/{person}", name="people 5")
    clerk.send(f"/staff/people/{person}", f"/staff/people/{person}/role", {"role": "read_only"}, name="people 6 role")
    clerk.post(f"/staff/people/{person}/invite-again", name="people 7 invited again")
    clerk.post(f"/staff/people/{person}/codes/reset", name="people 8 codes")
    clerk.get(f"/staff/people/{person}/deactivate", name="people 9")
    clerk.post(f"/staff/people/{person}/deactivate", name="people 10 left")
    clerk.post(f"/staff/people/{person}/reactivate", name="people 11 back")


def apply(guest: Visitor, code: str) -> None:
    """Offer a home as an owner: too quickly, with errors, accepted; then with errors in English."""
    form = "/owners/apply"
    page = guest.get(form, name="apply 1")
    held = forms.fields(page, form)
    answers = {
        "municipality_code": code, "town": "中央区城東町", "lot_number": "1番2", "wish": "sale", "price": "300万円", "kind": "house", "built_on": "昭和50年",
        "name": "持主 花子", "phone": "096-333-0000", "email": "owner@example.jp", "relation": "owner", "message": "よろしく",
        "consent_register": "y", "consent_visit": "y", "consent_publish": "y",
    }  # fmt: skip
    typed = {**held, **answers}
    typed.pop("csrf_token", None)
    guest.post(form, typed, name="apply 2 too quick")
    set_clock("2026-11-15 10:02:00")
    guest.post(
        form, {**typed, "town": "城東町1番2", "phone": "x", "relation": "", "consent_visit": ""}, name="apply 3 wrong"
    )
    guest.post(form, {**typed, "website": "x"}, name="apply 4 a program")
    guest.post(form, typed, name="apply 5 received")
    guest.get("/en/owners/receipt", name="apply 6 receipt in English")
    guest.post("/en/owners/apply", {**typed, "price": "a lot", "email": "x"}, name="apply 7 wrong in English")


def coordinate(hana: Visitor, clerk: Visitor, rows: dict[str, list[Any]]) -> None:
    """Publish a notice, close a month, change settings; let municipalities join, leave and merge."""
    new = "/prefecture/notices/new"
    hana.send(new, new, {"title": "", "until": "いつか"}, name="notice 1 wrong")
    hana.send(
        new,
        new,
        {"title": "台帳のお願い", "text": "11月末までに。", "until": "2026-12-28", "mail": "y"},
        name="notice 2 written",
    )
    number = max(
        map(int, re.findall(r"/prefecture/notices/(\d+)", hana.get("/prefecture/notices", name="notice 3"))), default=0
    )
    clerk.get("/staff/", name="notice 4 on the clerk's list")
    clerk.get("/staff/notices", name="notice 5")
    clerk.post(f"/staff/notices/{number}/read", name="notice 6 read")
    hana.get(f"/prefecture/notices/{number}", name="notice 7 who read")
    hana.post(f"/prefecture/notices/{number}/end", name="notice 8 ended")
    hana.post("/prefecture/reports/monthly/close", {"month": "2026-12"}, name="month 1 refused")
    hana.post("/prefecture/reports/monthly/close", {"month": "2026-09"}, name="month 2 closed")
    hana.send("/prefecture/", "/prefecture/ranks", name="ranks")
    code = rows["code"][0]
    page = f"/prefecture/municipalities/{code}"
    hana.send(page, page, {"confirm_days": "x", "url": "nowhere", "phone": "x"}, name="settings 1 wrong")
    hana.send(page, page, {"text": "城下町です。"}, name="settings 2 saved")
    clerk.send(
        "/staff/municipality",
        "/staff/municipality",
        {"confirm_days": "60", "valid_months": "12"},
        name="settings 3 by the clerk",
    )
    hana.get(f"/municipalities/{code}", name="settings 4 in public")
    other = "43531"
    page = f"/prefecture/municipalities/{other}"
    for step in ("join", "join/settle", "join/invite", "join/begin"):
        hana.send(f"{page}/join", f"{page}/{step}", name=f"{step.replace('/', ' ')} as it was")
    hana.send(
        f"{page}/join",
        f"{page}/join/invite",
        {"email": "kuma@example.jp", "role": "staff", "name": "くま"},
        name="join invite",
    )
    for step in ("link", "merge", "leave"):
        hana.send(f"{page}/{step}", f"{page}/{step}", name=f"{step} as it was")
    hana.send(
        "/prefecture/municipalities/new",
        "/prefecture/municipalities/new",
        {"code": "1", "lat": "x"},
        name="new municipality wrong",
    )


def confirm(guest: Visitor, link: str) -> None:
    """Open a reminder's link, answer it, and open it again."""
    guest.get(link, name="confirm 1")
    guest.post(link, {"answer": "nonsense"}, name="confirm 2 wrong")
    guest.send(link, link, {"answer": "open"}, name="confirm 3 answered")
    guest.get(link, name="confirm 4 used")


def visit(guest: Visitor, home: int) -> None:
    """Report visits of pages."""
    for part in ("", "/panorama"):
        guest.post(f"/visits/listings/{home}{part}", token=False)
    guest.post("/visits/listings/999999", token=False)


def use_codes(hana: Visitor, guest: Visitor, sent: Callable[[], dict[str, str]]) -> None:
    """Set up confirmation codes for a new coordinator and sign in with one; a used and a wrong one are refused."""
    hana.post("/staff/me/codes", {"code": "000000"}, name="codes of the demonstration")
    new, codes = "/staff/people/invite", "/staff/me/codes"
    hana.send(
        new,
        new,
        {"email": "mai@example.jp", "role": "prefecture", "municipality_code": "", "name": "舞"},
        name="codes 1 invited",
    )
    link = link_in(sent(), "welcome")
    guest.send(
        link, link, {"name": "舞", "password": _NEW_PASSWORD, "password_again": _NEW_PASSWORD}, name="codes 2 accepted"
    )
    guest.get("/prefecture/", name="codes 3 not yet")
    page = guest.get(codes, name="codes 4")
    secret = re.sub(r"\s", "", next(iter(re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page)), "A" * 32))
    totp = pyotp.TOTP(secret)
    guest.post(codes, {"code": "000000"}, name="codes 5 wrong")
    guest.post(codes, {"code": totp.now()}, name="codes 6 set up")
    guest.get("/prefecture/", name="codes 7 open")
    guest.post("/staff/sign-out", name="codes 8 signed out")
    used = totp.now()
    set_clock("2026-11-15 10:05:00")
    guest.post("/staff/sign-in", {"email": "mai@example.jp", "password": _NEW_PASSWORD}, name="codes 9 password")
    guest.post("/staff/sign-in/code", {"code": ""}, name="codes 10 none")
    guest.post("/staff/sign-in/code", {"code": used}, name="codes 11 used")
    guest.post("/staff/sign-in/code", {"code": totp.now()}, name="codes 12 signed in")
    set_clock("2026-11-15 10:06:00")
    guest.post(codes, {"code": totp.now(), "current_password": _NEW_PASSWORD}, name="codes 13 replaced by a wrong one")
    guest.post(f"{codes}/remove", {"codes-password": _NEW_PASSWORD}, name="codes 14 never removed")
    guest.post("/staff/me/sign-out-everywhere", name="codes 15 signed out everywhere")

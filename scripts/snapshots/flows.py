"""Act as clerks on listings and ledgers through forms: first refused, then accepted. Each response is saved."""

import io
import re
from collections.abc import Callable
from typing import Any

from PIL import Image

from snapshots.visitor import Visitor

_HOME = {
    "number": "空き家第900号", "title": "縁側の家", "town": "中央区城東町", "is_sale": "y", "kind": "house", "price": "480万円", "floor_area": "100",
    "land_area": "60坪", "built_on": "昭和53年6月", "layout": "5DK", "owner_name": "持主 太郎", "true_lat": "32.8064", "true_lon": "130.7056", "notes": "鍵は市役所",
}  # fmt: skip
_LEDGER = """物件番号,物件名,町・字,売買・賃貸,種別,売買価格,延床面積,間取り,所有者氏名
空き家第901号,台帳の家,中央区水前寺,売買,戸建て,350万円,88.5,4DK,持主 花子
空き家第902号,台帳の土地,東区健軍,売買,土地,百万円くらい,,,持主 次郎
,番号のない家,北区植木町,賃貸,戸建て,,70,3K,
"""


def picture(width: int = 640, height: int = 480, shade: int = 0) -> io.BytesIO:
    """Return a JPEG of a gradient."""
    image, file = Image.linear_gradient("L").resize((width, height)), io.BytesIO()
    Image.merge("RGB", (image, image.rotate(180), Image.new("L", image.size, shade))).save(file, "JPEG", quality=85)
    file.seek(0)
    return file


def number_in(page: str, pattern: str) -> str:
    """Return the first group of `pattern` in the page, or "0", with which what follows becomes a visible 404."""
    found = re.search(pattern, page)
    return found[1] if found else "0"


def post_a_home(clerk: Visitor) -> str:
    """Post a home, publish it, correct it and add photos; return its id."""
    new = "/staff/listings/new"
    clerk.send(new, new, name="new 1 empty")
    clerk.send(
        new,
        new,
        {**_HOME, "price": "たくさん", "built_on": "2050年", "true_lat": "51.5", "kind": "castle"},
        name="new 2 wrong",
    )
    clerk.send(new, f"{new}/assist", {**_HOME, "price": "480"}, name="new 3 assist")
    clerk.send(new, new, {**_HOME, "find_place": "1"}, name="new 4 place")
    clerk.send(new, new, _HOME, name="new 5 made")
    made = number_in(clerk.get("/staff/?q=空き家第900号", name="new 6 found"), r'href="/staff/listings/(\d+)"')
    home = f"/staff/listings/{made}"
    clerk.send(new, new, _HOME, name="new 7 same number")
    for to in ("nonsense", "contracted", "returned", "submitted", "survey", "approved", "open", "draft"):
        clerk.post(f"{home}/status", {"to": to}, name=f"status {to}")
    clerk.get(f"/listings/{made}", name="the new home in public as a clerk")
    clerk.send(f"{home}/edit", f"{home}/edit", {"price": "", "title": "縁側の家2"}, name="edit 1 refused")
    clerk.send(
        f"{home}/edit",
        f"{home}/edit",
        {"price": "450万円", "garden": "yes", "appeal": "庭が広い。\nTEL 096-000-0000"},
        name="edit 2",
    )
    clerk.send(f"{home}/edit", f"{home}/edit", {"price": "440万円", "version": "1"}, name="edit 3 of an old version")
    clerk.send(f"{home}/edit", f"{home}/assist", {"price": "44"}, name="edit 4 assist")
    clerk.post(f"{home}/photos", name="photos 1 none")
    clerk.post(f"{home}/photos", {"photos": (io.BytesIO(b"no picture"), "a.jpg")}, name="photos 2 wrong")
    clerk.post(
        f"{home}/photos", {"photos": [(picture(), "a.jpg"), (picture(shade=200), "b.jpg")]}, name="photos 3 added"
    )
    page = clerk.get(home, name="photos 4")
    first = number_in(page, r'action="/staff/photos/(\d+)"')
    clerk.send(home, f"/staff/photos/{first}", {"caption": "玄関", "kind": "interior"}, name="photo described")
    clerk.send(
        f"/staff/photos/{first}/blur",
        f"/staff/photos/{first}/blur",
        {"areas-0-left": "10", "areas-0-top": "10", "areas-0-width": "30", "areas-0-height": "30"},
        name="photo blurred",
    )
    clerk.post(f"/staff/photos/{first}/move", {"to": "later"}, name="photo moved")
    clerk.post(f"/staff/photos/{first}/delete", name="photo deleted")
    clerk.get(home, name="photos 5")
    clerk.get(f"{home}/history", name="history")
    clerk.get(f"{home}/copy", name="copy")
    return made


def lead_a_life(clerk: Visitor, home: str) -> None:
    """Confirm the home, negotiate, close it and reopen it."""
    page = f"/staff/listings/{home}"
    clerk.post(f"{page}/confirm", name="life 1 confirm")
    clerk.post(f"{page}/extend", name="life 2 extend")
    clerk.post(f"{page}/status", {"to": "negotiating", "since": "いつか"}, name="life 3 since when")
    clerk.post(f"{page}/status", {"to": "negotiating", "since": "2026-11-01"}, name="life 4 too early")
    clerk.post(f"{page}/status", {"to": "negotiating"}, name="life 5 negotiating")
    clerk.send(page, f"{page}/in-charge", {"to": ""}, name="life 6 nobody in charge")
    clerk.send(f"{page}/close", f"{page}/close", name="life 7 close empty")
    contract = {"outcome": "contracted", "closed_on": "2026-11-15", "household_size": "2", "agreed_amount": "400万円"}
    clerk.send(f"{page}/close", f"{page}/close", {**contract, "children": "3"}, name="life 8 close wrong")
    clerk.send(
        f"{page}/close",
        f"{page}/close",
        {**contract, "children": "1", "previous_prefecture": "東京都"},
        name="life 9 closed",
    )
    clerk.get(f"/listings/{home}", name="life 10 closed in public")
    clerk.send(f"{page}/close", f"{page}/close", {"household_size": "4"}, name="life 11 corrected")
    clerk.post(f"{page}/status", {"to": "open"}, name="life 12 open again")
    clerk.get(f"{page}/history", name="life 13 history")


def act_on_many(person: Visitor, homes: list[int]) -> None:
    """Preview, do and undo each action on several homes."""
    several = [str(home) for home in homes]
    person.post("/staff/bulk", {"action": "withdraw", "id": ["2", "3"]}, name="bulk 3 of others")
    person.post("/staff/bulk", name="bulk 1 empty")
    for action in ("confirm", "withdraw", "assign"):
        person.post("/staff/bulk", {"action": action, "id": several}, name=f"bulk {action} 1 preview")
        order = {"action": action, "ids": ",".join(several)}
        person.post("/staff/bulk/do", {**order, "on": "いつか"}, name=f"bulk {action} 2 wrong")
        page = person.post(
            "/staff/bulk/do", {**order, "reason": "所有者の都合", "to": "none"}, name=f"bulk {action} 3 done"
        )
        done = number_in(page, r'"/staff/bulk/([^"/]+)/undo"')
        person.get(f"/staff/bulk/{done}", name=f"bulk {action} 4 shown")
        person.post(f"/staff/bulk/{done}/undo", name=f"bulk {action} 5 undone")
    person.post("/staff/bulk", {"action": "confirm", "target": "all", "filter": "status=open"}, name="bulk 2 all")


def import_a_ledger(clerk: Visitor, work: Callable[[], None]) -> None:
    """Import a ledger: choose columns, apply, undo; discard another one. `work` runs the worker's jobs."""
    clerk.post("/staff/ledger", name="ledger 1 no file")
    clerk.post("/staff/ledger", {"file": (io.BytesIO(b"PK\x03\x04broken"), "a.xlsx")}, name="ledger 2 broken")
    work()
    page = clerk.post(
        "/staff/ledger", {"file": (io.BytesIO(_LEDGER.encode("utf-8-sig")), "台帳.csv")}, name="ledger 3 sent"
    )
    number = number_in(page, r"/staff/ledger/(\d+)")
    address = f"/staff/ledger/{number}"
    work()
    clerk.get(address, name="ledger 4 checked")
    clerk.get(f"{address}/state.json", name="ledger 5 state")
    clerk.send(f"{address}/columns", f"{address}/columns", name="ledger 6 columns")
    work()
    clerk.get(f"{address}/report.csv", name="ledger 7 report")
    for outcome in ("new", "changed", "unchanged", "refused", "nonsense"):
        clerk.get(f"{address}?outcome={outcome}", name=f"ledger 8 {outcome}")
    clerk.post(f"{address}/apply", name="ledger 9 apply")
    work()
    clerk.get(address, name="ledger 10 applied")
    clerk.get("/staff/ledger/export.csv", name="ledger 11 export")
    clerk.get("/staff/ledger/export.xlsx?columns=all", name="ledger 12 export")
    clerk.post(f"{address}/undo", name="ledger 13 undo")
    work()
    clerk.get(address, name="ledger 14 undone")
    page = clerk.post(
        "/staff/ledger", {"file": (io.BytesIO(_LEDGER.encode("cp932")), "台帳.csv")}, name="ledger 15 sent"
    )
    work()
    number = number_in(page, r"/staff/ledger/(\d+)")
    clerk.post(f"/staff/ledger/{number}/discard", name="ledger 16 discarded")


def keep_the_owner(clerk: Visitor, home: str) -> None:
    """Save the owner's facts, a co-owner, a contact and a document."""
    page = f"/staff/listings/{home}/owner"
    clerk.send(page, page, {"owner_name": "持主 次郎", "consent_on": "いつか"}, name="owner 1 wrong")
    clerk.send(page, page, {"owner_name": "持主 次郎", "consent_on": "2026-10-01"}, name="owner 2 saved")
    clerk.send(page, f"{page}/co-owners", name="owner 3 nobody")
    clerk.send(
        page,
        f"{page}/co-owners",
        {"name": "持主 三郎", "relation": "co_owner", "share": "2分の1"},
        name="owner 4 co-owner",
    )
    clerk.send(page, f"{page}/contacts", name="owner 5 no contact")
    clerk.send(
        page, f"{page}/contacts", {"on": "2026-11-14", "way": "phone", "text": "鍵の受け渡し"}, name="owner 6 contact"
    )
    clerk.post(f"{page}/documents", name="owner 7 no document")
    clerk.post(
        f"{page}/documents", {"file": (io.BytesIO(b"MZ program"), "a.pdf"), "kind": "other"}, name="owner 8 no PDF"
    )
    paper = {"file": (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "登記.pdf"), "kind": "register"}
    clerk.post(f"{page}/documents", paper, name="owner 9 document")
    found = clerk.get(page, name="owner 10")
    document, other = number_in(found, r'"/staff/documents/(\d+)'), number_in(found, r'"/staff/co-owners/(\d+)')
    clerk.get(f"/staff/documents/{document}", name="owner 11 document", method="HEAD")
    clerk.send(f"/staff/co-owners/{other}", f"/staff/co-owners/{other}", {"name": ""}, name="owner 12 co-owner wrong")
    clerk.post(f"/staff/documents/{document}/remove", name="owner 13 document removed")
    clerk.post(f"/staff/co-owners/{other}/remove", name="owner 14 co-owner removed")


def note_inquiries(clerk: Visitor, home: str) -> None:
    """Record, correct and remove inquiries, with and without a home."""
    page = f"/staff/listings/{home}"
    clerk.post(f"{page}/inquiries", {"kind": "nonsense"}, name="inquiry 1 wrong")
    clerk.post(f"{page}/inquiries", {"kind": "inquiry"}, name="inquiry 2")
    clerk.post(f"{page}/inquiries", {"kind": "viewing"}, name="inquiry 3")
    found = clerk.post("/staff/inquiries", {"kind": "consultation"}, name="inquiry 4")
    number = number_in(found + clerk.get("/staff/inquiries", name="inquiry 5"), r"/staff/inquiries/(\d+)")
    address = f"/staff/inquiries/{number}"
    clerk.send(address, address, {"on": "2026-11", "household_size": "99"}, name="inquiry 6 wrong")
    clerk.send(address, address, {"on": "2026-11-12", "household_size": "3"}, name="inquiry 7 corrected")
    clerk.post(f"{address}/remove", name="inquiry 8 removed")


def show_a_tour(clerk: Visitor, rows: dict[str, list[Any]], work: Callable[[], None]) -> None:
    """Rename, move and describe the tour's scenes; unpublish and publish it."""
    if not rows["tours"]:
        return
    page, scene = f"/staff/listings/{rows['tours'][0]}/tour", f"/staff/scenes/{rows['scene_id'][0]}"
    clerk.post(page, name="tour 1 no file")
    clerk.post(page, {"file": (picture(), "flat.jpg")}, name="tour 2 flat picture")
    clerk.post(f"{scene}/title", {"title": ""}, name="tour 3 no title")
    clerk.post(f"{scene}/title", {"title": "土間2"}, name="tour 4 title")
    clerk.post(f"{scene}/move", {"to": "later"}, name="tour 5 moved")
    clerk.send(scene, scene, name="tour 6 scene as it was")
    clerk.send(scene, scene, {"title": "", "yaw": "x"}, name="tour 7 scene wrong")
    clerk.send(f"{scene}/horizon", f"{scene}/horizon", name="tour 8 horizon")
    clerk.post(f"{scene}/draft", name="tour 9 draft")
    clerk.post(f"{scene}/retry", name="tour 10 retry")
    clerk.post(f"{page}/unpublish", name="tour 11 unpublished")
    clerk.get(f"/listings/{rows['tours'][0]}/tour.json", name="tour 12 not public")
    clerk.post(f"{page}/publish", name="tour 13 too early")
    work()
    clerk.post(f"{page}/publish", name="tour 14 published")

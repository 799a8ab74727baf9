"""An owner applies from a phone; the sheets print on one page each."""

import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from akiya.db import transaction
from akiya.listings import photos, service
from akiya.listings.fields import FIELDS, FieldType
from akiya.listings.ranges import longest
from akiya.municipalities.models import Municipality
from akiya.owners import service as owners
from akiya.owners.enums import Relation
from akiya.pages.public.application import QUICKEST_S
from tests import factories, images
from tests.browser.conftest import Site
from tests.browser.test_flows import check_page, sign_in

SAMPLES: dict[FieldType, Any] = {
    FieldType.YEN: 123_456_789, FieldType.COUNT: 999, FieldType.AREA: 123_456.78, FieldType.METRES: 199_999, FieldType.WIDTH: 99.99, FieldType.PERCENT: 1999,
    FieldType.FLAG: True, FieldType.DATE: date(1978, 12, 28), FieldType.DEGREES: 0.0,
}  # fmt: skip


def full() -> dict[str, Any]:
    """Return every field of a listing, with the longest text that is allowed."""
    values = {}
    for field in FIELDS:
        if field.choices is not None:
            values[field.name] = max(field.choices, key=lambda member: len(member.label))
        else:
            values[field.name] = SAMPLES.get(field.type, ("長い文章は途中で切る。" * 500)[: longest(field)])
    return {**values, "blur": None, "true_lon": 131.043217, "true_lat": 32.951234, "number": "番" * 60}


@pytest.fixture
def homes(site: Site, tmp_path: Path) -> dict[str, int]:
    """Return a home with every field filled, and one with almost none."""
    with site.app.app_context():
        storage, aoi = site.app.extensions["akiya_storage"], factories.staff(factories.account("aoi"))
        with transaction() as session:
            session.get(
                Municipality, factories.A
            ).contact = "阿蘇市役所 まちづくり課 空き家バンク担当\n〒869-2695 阿蘇市一の宮町宮地504番地1\n電話 0967-22-3111\n平日 8時30分から17時15分"
        listing = service.create(aoi, factories.A, full())
        made = {"full": listing.id, "bare": factories.listing(aoi.id, number="何も分からない家")}
        photos.add(aoi, made["full"], "a.jpg", images.photo(tmp_path / "a.jpg"), storage)
        for n in range(20):
            owners.add_co_owner(aoi, made["full"], f"共有 太郎{n}", Relation.CO_OWNER, agreed_on=date(2026, 10, 1))
    return made


def pages(page: Page, address: str) -> int:
    """Return how many sheets the page prints on."""
    page.goto(address)
    printed = page.pdf(prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", printed))


def test_every_sheet_is_one_page(page: Page, site: Site, homes: dict[str, int]) -> None:
    for prefix in ("", "/en"):
        assert pages(page, f"{site.url}{prefix}/owners/apply/print") == 1
        assert pages(page, f"{site.url}{prefix}/owners/apply/print?municipality={factories.A}") == 1
    check_page(page)
    sign_in(page, site, "aoi")
    for home in homes.values():
        assert pages(page, f"{site.url}/staff/listings/{home}/card") == 1
        check_page(page)
    assert pages(page, f"{site.url}/staff/listings/{homes['bare']}/application") == 1
    check_page(page)


@pytest.mark.parametrize("page", [360], indirect=True)
def test_an_owner_applies_from_a_phone(page: Page, site: Site, tmp_path: Path) -> None:
    page.goto(f"{site.url}/municipalities/{factories.A}")
    page.get_by_role("link", name="空き家をお持ちの方").click()
    expect(page.get_by_label("市町村 必須")).to_have_value(factories.A)
    opened = time.monotonic()
    check_page(page)
    page.get_by_label("町・字 必須").fill("内牧12番地")
    page.get_by_label("どうしたいですか 必須").select_option(label="売りたい")
    page.get_by_role("heading", name="建物と土地").click()
    page.get_by_label("建物の広さ（m²、または坪）").fill("36坪")
    page.get_by_label("お名前").fill("山田太郎")
    page.get_by_label("電話番号").fill("096-333-0000")
    page.get_by_label("物件との関係").select_option(label="所有者本人")
    for consent in page.get_by_role("checkbox").all():
        consent.check()
    page.wait_for_timeout(
        max(0.0, opened + QUICKEST_S - time.monotonic()) * 1000
    )  # a quicker visitor is considered a program
    page.get_by_role("button", name="送る").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("町・字は公開されます")
    check_page(page)
    page.get_by_label("町・字 必須").fill("内牧")
    expect(page.get_by_label("建物の広さ（m²、または坪）")).to_have_value("36坪")
    page.get_by_role("heading", name="写真").click()
    page.get_by_label("写真を選ぶ").set_input_files(images.photo(tmp_path / "a.jpg", gps=True))
    page.get_by_role("button", name="送る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("申込を受け付けました")
    expect(page.get_by_text("写真を1枚受け取りました")).to_be_visible()
    check_page(page)
    sign_in(page, site, "aoi")
    page.get_by_role("link", name=re.compile(r"申請\d{4}-")).first.click()
    page.get_by_role("link", name="申込の内容を見る").click()
    expect(page.get_by_text("36坪")).to_be_visible()
    check_page(page)

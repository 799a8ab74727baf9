"""What clerks, coordinators and visitors do, in a real browser with a real worker."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, expect

from tests import images
from tests.browser.conftest import Site
from tests.factories import PASSWORD

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")


def faults(page: Page) -> list[str]:
    """Return the faults that axe finds on the page: the rule, its help and where."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(LOOK, RULES)
    return found


def check_page(page: Page) -> None:
    """Assert that axe finds no accessibility fault, and that nothing is wider than the window."""
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def follow(page: Page, link: Locator) -> None:
    """Click the link and wait for its page: after a click alone, the old page may still be there for a moment."""
    with page.expect_navigation():
        link.click()
    check_page(page)


def sign_in(page: Page, site: Site, who: str) -> None:
    page.goto(f"{site.url}/staff/sign-in")
    page.get_by_label("メールアドレス").fill(f"{who}@example.jp")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインイン").click()
    if who == "hana":
        expect(page.get_by_role("heading", level=1)).to_have_text("確認コード")
        page.get_by_label("確認コード").fill(site.code(who))
        page.get_by_role("button", name="サインイン").click()


def test_both_pages_of_signing_in_are_accessible(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/staff/sign-in")
    check_page(page)
    page.get_by_label("メールアドレス").fill("hana@example.jp")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインイン").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("確認コード")
    check_page(page)


@pytest.mark.parametrize("page", [1280, 360], indirect=True)
def test_a_clerks_whole_way(page: Page, site: Site, tmp_path: Path) -> None:
    """Sign in, write, add three photos and a panorama, publish; a visitor finds the home and looks around; close it."""
    width = page.viewport_size["width"]
    title = f"縁側のある平屋{width}"
    sign_in(page, site, "aoi")
    follow(page, page.get_by_role("link", name="新しい物件を登録する"))
    page.get_by_label("物件番号").fill(f"空き家第{width}号")
    page.get_by_label("見出し").fill(title)
    page.get_by_label("町・字").fill("内牧")
    page.get_by_label("売ります").check()
    page.get_by_label("売買価格").fill("高い")
    page.get_by_label("延床面積").fill("36坪")
    page.get_by_role("button", name="下書きを保存").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("「高い」は金額として読めません")
    check_page(page)
    assert page.get_by_label("見出し").input_value() == title
    page.get_by_label("売買価格").fill("480万円")
    page.get_by_role("button", name="下書きを保存").click()
    expect(page.locator(".flashes")).to_contain_text("下書きを保存しました")

    photos = [images.photo(tmp_path / f"{n}.jpg", orientation=o, gps=True) for n, o in enumerate((1, 6, 3))]
    page.get_by_label("写真を選ぶ").set_input_files(photos)
    page.get_by_role("button", name="写真を入れる").click()
    expect(page.get_by_role("heading", name="写真（3枚）")).to_be_visible()
    check_page(page)

    follow(page, page.get_by_role("link", name="360度画像を入れる"))
    page.get_by_label("360度画像").set_input_files(images.panorama(tmp_path / "room.jpg", 3200))
    page.get_by_role("button", name="送る").click()
    with page.expect_response("**/title"):
        page.get_by_label("部屋の名前").fill("座敷")
    expect(page.locator("[data-state]")).to_contain_text("変換済み", timeout=60_000)
    check_page(page)
    page.get_by_role("link", name="説明と印を入れる").click()
    check_page(page)
    page.locator("#description").fill("8畳の和室。南に縁側。")
    page.get_by_role("button", name="保存する").click()
    expect(page.locator(".flashes")).to_contain_text("保存しました")
    page.locator(".breadcrumb").get_by_role("link", name="360度画像").click()
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_text("1部屋すべてを公開しています")).to_be_visible()

    page.get_by_role("link", name=f"空き家第{width}号").click()
    page.get_by_role("button", name="公開する").click()
    expect(page.locator(".status").first).to_have_text("募集中")
    page.get_by_role("link", name="公開ページを見る").click()

    look_around(page)
    find_on_the_map(page, site, title)

    page.goto(f"{site.url}/staff/")
    page.get_by_role("link", name=f"空き家第{width}号").click()
    follow(page, page.get_by_role("link", name="終了する"))
    page.get_by_label("どう終わりましたか").select_option(label="成約")
    page.get_by_role("button", name="終了にする").click()
    expect(page.locator(".status").first).to_have_text("成約")
    page.get_by_role("link", name="公開ページを見る").click()
    expect(page.get_by_text("この物件の募集は終わりました")).to_be_visible()


def look_around(page: Page) -> None:
    """Open the 360° view as a visitor, and look around with buttons and keys."""
    expect(page.locator(".picto-state")).to_have_count(40)
    check_page(page)
    assert page.locator("script[src*=pannellum]").count() == 0
    page.get_by_role("button", name="部屋の中を見回す").click()
    expect(page.locator("[data-panorama][data-ready=true]")).to_be_visible()
    expect(page.locator(".panorama-viewer canvas")).to_be_visible()
    for name in ("右", "上", "大きく"):
        page.locator(".panorama-controls").get_by_role("button", name=name).click()
    page.locator(".panorama-viewer").focus()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.classList.contains('panorama-viewer')")
    check_page(page)


def find_on_the_map(page: Page, site: Site, title: str) -> None:
    """Find the home from the first page, by its municipality on the map."""
    page.goto(site.url)
    check_page(page)
    page.locator(".area-map").get_by_role("link", name="阿蘇市 1件").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/listings/?municipality=43214")
    check_page(page)
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize("page", [360], indirect=True)
def test_a_migrant_filters_on_a_phone(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/listings/?price_max=abc&kind=house")
    expect(page.get_by_text("次の条件は使えなかった")).to_be_visible()
    check_page(page)
    page.get_by_text("条件で絞り込む").click()
    expect(page.get_by_role("checkbox", name="売買")).to_be_disabled()
    page.get_by_role("checkbox", name="賃貸").first.check()
    page.get_by_role("button", name="この条件でさがす").click()
    expect(page).to_have_url(re.compile("deal=rent"))
    expect(page.get_by_role("status").filter(has_text="件目")).to_contain_text("1件")
    page.goto(f"{site.url}/listings/?kind=house&deal=rent&built_since=1981")
    expect(page.get_by_role("heading", name="条件に合う物件がありません")).to_be_visible()
    check_page(page)
    with page.expect_navigation():
        page.get_by_role("link", name="「建築年 1981年以降」を外すと 1件").click()
    assert parse_qs(urlsplit(page.url).query) == {"kind": ["house"], "deal": ["rent"]}
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    check_page(page)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with this accessible name or text has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(e => (e.getAttribute('aria-label') || (e.labels && e.labels[0] && e.labels[0].innerText) || e.innerText || '').trim())(document.activeElement)"
        )
        if name in focused:
            return
    raise AssertionError(f"{name} was not reached by Tab")


def test_the_search_by_keyboard_alone(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/listings/")
    tab_to(page, "キーワード")
    page.keyboard.type("内牧")
    tab_to(page, "賃貸")
    page.keyboard.press("Space")
    tab_to(page, "この条件でさがす")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("deal=rent"))
    expect(page.locator(".result-count")).to_contain_text("1件")
    tab_to(page, "「内牧」")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("q="))
    title = page.locator(".card-title a").first.inner_text()
    tab_to(page, title)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize("page", [1280, 360], indirect=True)
def test_a_coordinator_looks_after_the_accounts(page: Page, site: Site) -> None:
    sign_in(page, site, "hana")
    expect(page.get_by_role("heading", level=1)).to_have_text("熊本県全体")
    follow(page, page.get_by_role("link", name="職員", exact=True))
    page.get_by_role("link", name="招待する").click()
    page.get_by_label("メールアドレス").fill("no address")
    page.get_by_role("button", name="招待のメールを送る").click()
    expect(page.get_by_role("alert")).to_be_focused()
    check_page(page)
    page.get_by_label("メールアドレス").fill(f"new{page.viewport_size['width']}@example.jp")
    page.get_by_label("役割").select_option("prefecture")
    page.get_by_role("button", name="招待のメールを送る").click()
    expect(page.locator(".flashes")).to_contain_text("招待のメールを送ります")
    follow(page, page.get_by_role("link", name="そら"))
    follow(page, page.get_by_role("link", name="停止する"))
    follow(page, page.get_by_role("link", name="はな").first)
    page.get_by_role("link", name="端末を替える").click()
    expect(page.get_by_role("img", name="認証アプリで読み取る図")).to_be_visible()
    check_page(page)


def test_a_coordinator_reads_and_downloads(page: Page, site: Site) -> None:
    sign_in(page, site, "hana")
    expect(page.get_by_role("heading", level=1)).to_have_text("熊本県全体")
    check_page(page)
    follow(page, page.get_by_role("link", name="報告（Excel・CSV・PDF）"))
    follow(page, page.get_by_role("link", name=re.compile("^R1")))
    with page.expect_download() as download:
        page.get_by_role("link", name="Excelで保存").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")


def test_pages_work_without_a_script(chromium, site: Site) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(f"{site.url}/listings/")
    page.get_by_text("条件で絞り込む").click()
    page.get_by_role("checkbox", name="賃貸").first.check()
    page.get_by_role("button", name="この条件でさがす").click()
    expect(page).to_have_url(re.compile("deal=rent"))
    context.close()

"""The listing form in a real browser: by keyboard alone, with its script, and when the session ends."""

import re

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_flows import check_page, sign_in, tab_to


def choose(page: Page, name: str, downs: int) -> None:
    """Select the option that is `downs` below the first, by arrow keys."""
    tab_to(page, name)
    for _ in range(downs):
        page.keyboard.press("ArrowDown")


def write(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.type(text)


def test_a_whole_property_by_keyboard_alone(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/staff/sign-in")
    write(page, "メールアドレス", "aoi@example.jp")
    write(page, "パスワード", "a long enough password")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/staff/")
    tab_to(page, "新しい物件を登録する")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/staff/listings/new")
    write(page, "物件番号", "鍵盤の家1")
    write(page, "見出し", "鍵盤だけで入れた家")
    write(page, "町・字", "内牧")
    tab_to(page, "売ります")
    page.keyboard.press("Space")
    write(page, "売買価格", "290万")
    write(page, "建築年月", "S53.6")
    write(page, "延床面積", "36坪")
    write(page, "間取り", "3DK")
    write(page, "紹介文", "日当たりがよい")
    expect(page.locator("[data-saved]")).to_contain_text("に下書きを保存しました")
    expect(page.locator("#floor_area-read")).to_have_text("119.01m²（36坪）")
    expect(page.locator(".form-preview .card-title")).to_have_text("鍵盤だけで入れた家")
    tab_to(page, "水回り・設備")
    page.keyboard.press("Enter")
    choose(page, "水道", 1)
    choose(page, "トイレ", 2)
    tab_to(page, "公開しない情報")
    page.keyboard.press("Enter")
    write(page, "所有者の氏名", "持主 太郎")
    check_page(page)
    tab_to(page, "下書きを保存して、写真へ進む")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("鍵盤だけで入れた家")
    tab_to(page, "公開する")
    page.keyboard.press("Enter")
    expect(page.locator(".status").first).to_have_text("募集中")
    page.get_by_role("link", name="内容を変更する").click()
    assert (page.locator("#water").input_value(), page.locator("#toilet").input_value()) == ("public", "simple_flush")
    assert page.locator("#owner_name").input_value() == "持主 太郎"


@pytest.mark.parametrize("page", [360], indirect=True)
def test_a_link_to_what_is_missing_opens_its_section(page: Page, site: Site) -> None:
    sign_in(page, site, "aoi")
    page.goto(f"{site.url}/staff/listings/new#true_lat")
    expect(page.locator("#true_lat")).to_be_focused()
    page.get_by_role("link", name="売るのか貸すのか").click()
    expect(page.locator("#is_sale")).to_be_focused()
    check_page(page)


def test_the_map_moves_the_point(page: Page, site: Site) -> None:
    page.route(re.compile("cyberjapandata"), lambda route: route.abort("internetdisconnected"))
    sign_in(page, site, "aoi")
    page.goto(f"{site.url}/staff/listings/new#true_lat")
    assert page.locator("script[src*=leaflet]").count() == 0
    page.locator("#true_lat").fill("32.95")
    page.locator("#true_lon").fill("131.12")
    page.get_by_role("button", name="地図で合わせる").click()
    expect(page.locator("[data-canvas][data-ready=true]")).to_be_visible()
    expect(page.locator(".form-cell")).to_be_attached()
    page.get_by_role("button", name="北へ").click()
    assert page.locator("#true_lat").input_value() == "32.950090"
    page.locator(".form-map").evaluate("map => map.scrollIntoView({block: 'center'})")
    pin = page.locator(".form-pin").bounding_box()
    page.mouse.move(pin["x"] + pin["width"] / 2, pin["y"] + pin["height"] / 2)
    page.mouse.down()
    page.mouse.move(pin["x"] + 120, pin["y"] + 80, steps=5)
    page.mouse.up()
    expect(page.locator("#true_lon")).not_to_have_value("131.120000")
    check_page(page)


def test_an_ended_session_loses_nothing_with_a_script(page: Page, site: Site) -> None:
    sign_in(page, site, "sora")
    page.goto(f"{site.url}/staff/listings/new")
    page.context.clear_cookies()
    page.get_by_label("物件番号").fill("切れた家")
    expect(page.locator("[data-saved]")).to_contain_text("サインインが切れました")
    page.get_by_role("button", name="下書きを保存して").click()
    expect(page.get_by_role("alert")).to_contain_text("入力した内容は残っています")
    page.get_by_label("メールアドレス").fill("sora@example.jp")
    page.get_by_label("パスワード").fill("a long enough password")
    page.get_by_role("button", name="サインイン").click()
    expect(page.get_by_text("まだ保存していません").first).to_be_visible()
    assert page.get_by_label("物件番号").input_value() == "切れた家"


def test_the_copy_of_the_tab_is_taken_up_after_signing_in_elsewhere(page: Page, site: Site) -> None:
    sign_in(page, site, "sora")
    page.goto(f"{site.url}/staff/listings/new")
    page.context.clear_cookies()
    page.get_by_label("見出し").fill("この端末に残る家")
    expect(page.locator("[data-saved]")).to_contain_text("サインインが切れました")
    sign_in(page, site, "sora")
    page.goto(f"{site.url}/staff/listings/new")
    assert page.get_by_label("見出し").input_value() == "この端末に残る家"


def test_the_form_works_without_a_script(chromium: Chromium, site: Site) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(f"{site.url}/staff/sign-in")
    page.get_by_label("メールアドレス").fill("aoi@example.jp")
    page.get_by_label("パスワード").fill("a long enough password")
    page.get_by_role("button", name="サインイン").click()
    page.goto(f"{site.url}/staff/listings/new")
    page.get_by_label("物件番号").fill("線の家")
    page.get_by_label("延床面積").fill("36坪")
    page.get_by_label("売買価格").fill("高い")
    page.get_by_label("売買価格").press("Enter")
    expect(page.get_by_text("「高い」は金額として")).to_have_count(2)
    expect(page.get_by_text("119.01m²（36坪）")).to_be_visible()
    context.close()

"""Photos from a phone in a real browser: one by one, some refused, a lost connection, sorted by dragging, blurred."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import images
from tests.browser.conftest import Site
from tests.browser.test_flows import check_page, follow, sign_in
from tests.factories import PASSWORD


def new_listing(page: Page, number: str) -> None:
    page.get_by_role("link", name="新しい物件を登録する").click()
    page.get_by_label("物件番号").fill(number)
    page.get_by_role("button", name="下書きを保存").click()


def order(page: Page) -> list[str]:
    return [item.get_attribute("data-photo") or "" for item in page.locator(".photo-item").all()]


@pytest.mark.parametrize("page", [1280, 360], indirect=True)
def test_photos_are_sent_one_by_one_ordered_and_blurred(page: Page, site: Site, tmp_path: Path) -> None:
    sign_in(page, site, "aoi")
    new_listing(page, f"写真{page.viewport_size['width']}")
    (tmp_path / "文書.jpg").write_bytes(b"%PDF-1.7")
    files = [images.photo(tmp_path / "1.jpg"), tmp_path / "文書.jpg", images.photo(tmp_path / "2.jpg", orientation=6)]
    page.get_by_label("写真を選ぶ").set_input_files(files)
    page.get_by_role("button", name="写真を入れる").click()
    expect(page.get_by_role("heading", name="写真（2枚）")).to_be_visible()
    failed = page.locator(".sending-failed")
    expect(failed).to_contain_text("文書.jpg")
    expect(failed).to_contain_text("画像として開けません")
    failed.get_by_role("button", name="この写真はやめる").click()
    check_page(page)

    page.route("**/photos", lambda route: route.abort("internetdisconnected"))
    page.get_by_label("写真を選ぶ").set_input_files(images.photo(tmp_path / "3.jpg"))
    page.get_by_role("button", name="写真を入れる").click()
    expect(failed).to_contain_text("通信が切れました")
    page.unroute("**/photos")
    failed.get_by_role("button", name="もう一度送る").click()
    expect(page.get_by_role("heading", name="写真（3枚）")).to_be_visible()

    before = order(page)
    handle, top = page.locator(".photo-handle").nth(1), page.locator(".photo-item").first
    handle.scroll_into_view_if_needed()
    here, there = handle.bounding_box(), top.bounding_box()
    assert here
    assert there
    with page.expect_response("**/photos/order"):
        page.mouse.move(here["x"] + 9, here["y"] + 9)
        page.mouse.down()
        page.mouse.move(here["x"] + 9, max(5, there["y"] + 9), steps=8)
        page.mouse.up()
    assert order(page) == [before[1], before[0], before[2]]
    with page.expect_response("**/photos/order"):
        page.locator(".photo-item").last.get_by_role("button", name="表紙にする").click()
    expect(page.locator(".photo-item").first.get_by_role("button", name="後へ")).to_be_focused()
    with page.expect_response("**/staff/photos/*"):
        page.locator(".photo-item").first.get_by_label("種類").select_option(label="間取り図")
    expect(page.locator(".photo-item").first.get_by_role("status")).to_have_text("保存しました。")
    page.reload()
    assert order(page) == [before[2], before[1], before[0]]
    expect(page.locator(".photo-item").first.get_by_label("種類")).to_have_value("plan")

    follow(page, page.locator(".photo-item").first.get_by_role("link", name="ぼかす"))
    stage = page.locator("[data-stage]")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4, steps=4)
    page.mouse.up()
    left = page.get_by_label("左から")
    assert abs(float(left.input_value()) - 20) < 1
    assert abs(float(page.get_by_label("幅").input_value()) - 30) < 1
    left.press("ArrowUp")
    assert abs(float(left.input_value()) - 21) < 1
    page.get_by_role("button", name="ぼかして保存").click()
    expect(page.get_by_text("ぼかし1か所")).to_be_visible()
    follow(page, page.locator(".photo-item").first.get_by_role("link", name="ぼかす"))
    page.get_by_role("button", name="この範囲を消す").click()
    page.get_by_role("button", name="ぼかして保存").click()
    expect(page.get_by_role("heading", name="写真（3枚）")).to_be_visible()
    expect(page.get_by_text("ぼかし1か所")).to_have_count(0)


def test_everything_works_without_a_script(chromium: Browser, site: Site, tmp_path: Path) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{site.url}/staff/sign-in")
    page.get_by_label("メールアドレス").fill("aoi@example.jp")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインイン").click()
    new_listing(page, "写真と紙")
    page.get_by_label("写真を選ぶ").set_input_files(
        [images.photo(tmp_path / "1.jpg"), images.photo(tmp_path / "2.jpg")]
    )
    page.get_by_role("button", name="写真を入れる").click()
    before = order(page)
    page.locator(".photo-item").first.get_by_role("button", name="後へ").click()
    assert order(page) == before[::-1]
    page.locator(".photo-item").first.get_by_role("link", name="ぼかす").click()
    for name in ("左から", "上から", "幅", "高さ"):
        page.get_by_label(name).first.fill("30")
    page.get_by_role("button", name="ぼかして保存").click()
    expect(page.get_by_text("ぼかし1か所")).to_be_visible()
    page.locator(".photo-item").first.get_by_text("消す", exact=True).click()
    page.locator(".photo-item").first.get_by_role("button", name="写真を消す").click()
    assert order(page) == before[:1]
    context.close()

"""A clerk edits a tour: by mouse in the viewer, by keyboard, and by plain form fields without a script."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import images
from tests.browser.conftest import Site
from tests.browser.test_flows import check_page, sign_in
from tests.browser.test_photos import new_listing
from tests.browser.test_tour import KEEP_VIEWER
from tests.factories import PASSWORD

HOSTILE = "<img src=x onerror=alert(1)>\"'\u202e庭"


def frame_point(page: Page, across: float, down: float) -> tuple[float, float]:
    """Return a point of the viewer on the screen, given as shares of its width and height."""
    page.locator(".panorama-frame").scroll_into_view_if_needed()
    box = page.locator(".panorama-frame").bounding_box()
    assert box
    return box["x"] + box["width"] * across, box["y"] + box["height"] * down


def click_in_viewer(page: Page, across: float, down: float) -> None:
    expect(page.locator("[data-tool]")).to_be_visible()
    page.mouse.click(*frame_point(page, across, down))


def open_section(page: Page, heading: str) -> None:
    section = page.locator("details.form-section").filter(has=page.get_by_role("heading", name=heading))
    if section.get_attribute("open") is None:
        section.locator("summary").click()


def wait_until_ready(page: Page, count: int) -> None:
    expect(page.locator(".scene-ready")).to_have_count(count, timeout=90_000)


def save(page: Page) -> None:
    page.get_by_role("button", name="保存する", exact=True).click()
    expect(page.locator(".flashes")).to_contain_text("保存しました")


@pytest.mark.parametrize("page", [1280, 360], indirect=True)
def test_a_tour_of_three_rooms_by_mouse(page: Page, site: Site, tmp_path: Path) -> None:
    sign_in(page, site, "aoi")
    new_listing(page, f"内見{page.viewport_size['width']}")
    page.get_by_role("link", name="360度画像を入れる").click()
    (tmp_path / "文書.jpg").write_bytes(b"%PDF-1.7")
    pictures = [images.panorama(tmp_path / f"{n}.jpg") for n in range(3)]
    page.get_by_label("360度画像").set_input_files([*pictures, tmp_path / "文書.jpg"])
    page.get_by_role("button", name="送る", exact=True).click()
    expect(page.locator(".scene-list > li")).to_have_count(3)
    expect(page.locator(".sending-failed")).to_contain_text("画像として開けません")
    page.get_by_role("button", name="この画像はやめる").click()
    for number, name in enumerate(("座敷", HOSTILE, "台所")):
        with page.expect_response("**/title"):
            page.locator(".scene-list > li").nth(number).get_by_label("部屋の名前").fill(name)
    wait_until_ready(page, 3)
    with page.expect_response("**/order"):
        page.locator(".scene-list > li").nth(2).get_by_role("button", name="前へ").click()
    expect(page.locator("[data-checks]")).to_contain_text("あと3つで公開できます")
    check_page(page)
    page.reload()
    names = [field.input_value() for field in page.get_by_label("部屋の名前").all()]
    assert names == ["座敷", "台所", HOSTILE]
    tour = page.url

    page.get_by_role("link", name="説明と印を入れる").first.click()
    mark_by_mouse(page)
    page.get_by_role("button", name="「台所」に戻る入口を作る").click()
    expect(page.locator(".flashes")).to_contain_text("戻る入口を作りました")
    for number in (1, 2):
        page.goto(tour)
        page.get_by_role("link", name="説明と印を入れる").nth(number).click()
        page.locator("#description").fill("広さ：6畳\n床：")
        save(page)
    page.goto(tour)
    wait_until_ready(page, 3)
    page.reload()
    check_page(page)
    page.get_by_role("button", name="部屋の中を見回す").click()
    expect(page.locator("[data-panorama][data-ready=true]")).to_be_visible()
    page.get_by_role("button", name="公開する", exact=True).click()
    expect(page.get_by_text("3部屋すべてを公開しています")).to_be_visible()
    check_page(page)


def mark_by_mouse(page: Page) -> None:
    """Add a way, a note, a blurred area, the first view and a measure, all by looking and clicking."""
    page.locator("#description").fill("広さ：8畳\n床：畳\n壁：")
    open_section(page, "ほかの部屋への入口")
    page.get_by_role("button", name="画像の上で入口を置く").click()
    click_in_viewer(page, 0.7, 0.55)
    expect(page.get_by_label("行き先")).to_be_focused()
    page.get_by_label("行き先").select_option(label="台所")
    yaw = float(page.get_by_label("左右", exact=True).first.input_value())
    assert 10 < yaw < 45
    open_section(page, "説明の印")
    page.get_by_role("button", name="画像の上で印を置く").click()
    click_in_viewer(page, 0.5, 0.4)
    page.get_by_label("説明", exact=True).fill(HOSTILE)
    open_section(page, "ぼかす範囲")
    page.get_by_role("button", name="画像の上で範囲を囲む").click()
    click_in_viewer(page, 0.55, 0.35)
    expect(page.locator("[data-tool]")).to_contain_text("右下の角")
    click_in_viewer(page, 0.8, 0.6)
    assert float(page.get_by_label("幅", exact=True).input_value()) > 5
    expect(page.locator(".mark-area")).to_have_count(1)
    open_section(page, "長さを測る基準")
    page.get_by_role("button", name="画像の床で2つの点を決める").click()
    click_in_viewer(page, 0.3, 0.95)
    click_in_viewer(page, 0.7, 0.95)
    page.get_by_label("2つの点の間の長さ").fill("1.8")
    open_section(page, "初めの向き")
    page.mouse.move(*frame_point(page, 0.5, 0.5))
    page.mouse.down()
    page.mouse.move(*frame_point(page, 0.3, 0.5), steps=5)
    page.mouse.up()
    page.get_by_role("button", name="今見ている向きにする").click()
    assert float(page.get_by_label("左右の向き").input_value()) > 3
    expect(page.locator("[data-saved]")).to_contain_text("下書きを保存しました", timeout=10_000)
    check_page(page)
    save(page)
    open_section(page, "長さを測る基準")
    assert 0.3 <= float(page.get_by_label("カメラの高さ").input_value()) <= 3
    check_page(page)


def test_marks_by_keyboard_alone(page: Page, site: Site, tmp_path: Path) -> None:
    page.add_init_script(KEEP_VIEWER)
    sign_in(page, site, "aoi")
    new_listing(page, "鍵盤")
    page.get_by_role("link", name="360度画像を入れる").click()
    page.get_by_label("360度画像").set_input_files(images.panorama(tmp_path / "0.jpg"))
    page.get_by_role("button", name="送る", exact=True).press("Enter")
    wait_until_ready(page, 1)
    page.get_by_role("link", name="説明と印を入れる").press("Enter")
    section = page.locator("details.form-section").filter(has=page.get_by_role("heading", name="説明の印"))
    section.locator("summary").press("Enter")
    page.get_by_role("button", name="画像の上で印を置く").press("Enter")
    expect(page.locator("[data-tool]")).to_be_visible()
    expect(page.locator(".panorama-viewer")).to_be_focused()
    page.keyboard.down("ArrowRight")
    page.wait_for_function("() => tour.getYaw() > 1")
    page.keyboard.up("ArrowRight")
    page.get_by_role("button", name="今見ている中央に決める").press("Enter")
    expect(page.get_by_label("説明", exact=True)).to_be_focused()
    page.keyboard.type("押入れ")
    figure = section.get_by_label("左右", exact=True)
    before = float(figure.input_value())
    assert before > 0
    figure.press("ArrowUp")
    assert float(figure.input_value()) == pytest.approx(before + 1)
    page.get_by_role("button", name="画像の上で印を置く").press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("[data-tool]")).to_be_hidden()
    expect(page.get_by_role("button", name="画像の上で印を置く")).to_be_focused()
    save(page)
    section.locator("summary").press("Enter")
    assert page.get_by_label("説明", exact=True).input_value() == "押入れ"
    section.get_by_role("button", name="この印を消す").press("Enter")
    save(page)
    assert page.locator("[data-rows=note] > li").count() == 0

    page.get_by_role("link", name="水平を直す").press("Enter")
    page.get_by_role("button", name="部屋の中を見回す").press("Enter")
    expect(page.locator("[data-panorama][data-ready=true]")).to_be_visible()
    page.get_by_label("左右の傾き").fill("3")
    page.get_by_label("左右の傾き").press("ArrowUp")
    assert page.get_by_label("左右の傾き").input_value() == "3.5"
    check_page(page)
    page.get_by_role("button", name="保存する", exact=True).press("Enter")
    expect(page.locator(".flashes")).to_contain_text("水平を直しました")


def test_a_lost_connection_and_a_draft_lose_nothing(page: Page, site: Site, tmp_path: Path) -> None:
    sign_in(page, site, "aoi")
    new_listing(page, "切断")
    page.get_by_role("link", name="360度画像を入れる").click()
    page.route("**/tour", lambda route: route.abort("internetdisconnected"))
    page.get_by_label("360度画像").set_input_files(images.panorama(tmp_path / "0.jpg"))
    page.get_by_role("button", name="送る", exact=True).click()
    expect(page.locator(".sending-failed")).to_contain_text("通信が切れました")
    page.unroute("**/tour")
    page.get_by_role("button", name="もう一度送る").click()
    wait_until_ready(page, 1)
    page.get_by_role("link", name="説明と印を入れる").click()
    page.locator("#description").fill("書きかけの説明")
    expect(page.locator("[data-saved]")).to_contain_text("下書きを保存しました", timeout=10_000)
    page.reload()
    page.get_by_role("link", name="続きから入力する").click()
    assert page.locator("#description").input_value() == "書きかけの説明"
    save(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_everything_works_without_a_script(chromium: Browser, site: Site, tmp_path: Path, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    page.goto(f"{site.url}/staff/sign-in")
    page.get_by_label("メールアドレス").fill("aoi@example.jp")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインイン").click()
    new_listing(page, f"紙{width}")
    page.get_by_role("link", name="360度画像を入れる").click()
    tour = page.url
    for number, name in enumerate(("座敷", "台所")):
        page.get_by_label("360度画像").set_input_files(images.panorama(tmp_path / f"{number}.jpg"))
        page.get_by_role("button", name="送る", exact=True).click()
        row = page.locator(".scene-list > li").nth(number)
        row.get_by_label("部屋の名前").fill(name)
        row.get_by_role("button", name="名前を保存").click()
    for _ in range(120):
        page.goto(tour)
        if page.locator(".scene-ready").count() == 2:
            break
        page.wait_for_timeout(500)
    page.locator(".scene-list > li").nth(1).get_by_role("button", name="前へ").click()
    for number in range(2):
        page.goto(tour)
        page.get_by_role("link", name="説明と印を入れる").nth(number).click()
        page.locator("#description").fill("広さ：6畳")
        fill_by_hand(page, "座敷" if number == 0 else "台所")
        page.get_by_role("button", name="保存する", exact=True).click()
        expect(page.locator(".flashes")).to_contain_text("保存しました")
    page.goto(tour)
    page.get_by_role("button", name="公開する", exact=True).click()
    expect(page.get_by_text("2部屋すべてを公開しています")).to_be_visible()
    context.close()


def fill_by_hand(page: Page, other: str) -> None:
    """Enter a way and a note as numbers; a mistake is shown at its field, and nothing is lost."""
    open_section(page, "ほかの部屋への入口")
    open_section(page, "説明の印")
    page.get_by_label("行き先").first.select_option(label=other)
    ways, notes = page.locator("[data-rows=link] > li").first, page.locator("[data-rows=note] > li").first
    ways.get_by_label("左右").fill("30")
    notes.get_by_label("説明", exact=True).fill("押入れ")
    notes.get_by_label("左右").fill("-45")
    notes.get_by_label("上下").fill("0")
    page.get_by_role("button", name="保存する", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("入口1の上下：上下が空欄です")
    ways.get_by_label("上下").fill("-10")

"""A visitor walks through a tour: by mouse, by keyboard, without WebGL, without a script, in another site's frame."""

import http.server
import re
import threading
from collections.abc import Iterator
from math import cos, hypot, radians, sin, tan
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from akiya.db import transaction
from akiya.imaging import sphere
from akiya.municipalities.models import Municipality
from tests import factories
from tests.browser.conftest import Site, picture_when
from tests.browser.test_flows import check_page, tab_to
from tests.panoramas import tours

pytestmark = pytest.mark.parametrize("site", ["spatialite"], indirect=True)

NO_WEBGL = """
const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) { return /webgl/.test(kind) ? null : real.call(this, kind, ...rest); };
"""
# Pannellum checks this to find out whether the browser has 3D transforms.
NO_WEBKIT = """
const style = Object.getOwnPropertyDescriptor(HTMLElement.prototype, "style");
Object.defineProperty(HTMLElement.prototype, "style", { get() { return this === document.documentElement ? {} : style.get.call(this); } });
"""
KEEP_VIEWER = 'document.addEventListener("panorama:open", (event) => { window.tour = event.detail.viewer; });'
PATCHES = {(40.0, -20.0): (250, 20, 20), (40.0, 0.0): (20, 20, 250)}
HORIZON = sphere.Horizon(12.0, -9.0)


def frame_page(url: str, width: int) -> bytes:
    return f'<iframe src="{url}" width="{width}" height="480" allow="fullscreen; gyroscope; accelerometer"></iframe>'.encode()


@pytest.fixture(scope="module")
def town() -> Iterator[dict[str, str]]:
    """Yield another site: its only page frames the address in "shown", its own address is in "url"."""
    shown = {"shown": ""}

    class Town(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(frame_page(shown["shown"], 320) if self.path == "/" else b"")

        def log_message(self, *_told: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Town)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shown["url"] = f"http://127.0.0.1:{server.server_port}"
    yield shown
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def tour(site: Site, town: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """Return the listing's id and the ids of its rooms; in the last one two patches show where the horizon is."""
    folder = tmp_path_factory.mktemp("tour")
    with site.app.app_context():
        aoi = factories.account("aoi")
        listing_id = factories.listing(aoi, title="縁側のある平屋", number="360")
        with transaction() as session:
            session.get(Municipality, factories.A).url = town["url"] + "/index.html"
        rooms = tours.make(aoi, listing_id, site.app.extensions["akiya_storage"], folder, patches(folder / "room.jpg"))
        tours.change(rooms[2], horizon_pitch=HORIZON.pitch, horizon_roll=HORIZON.roll)
    return [listing_id, *rooms]


def patches(path: Path) -> Path:
    """Save a grey picture, taken with a tilted camera, with a patch where each of PATCHES is after levelling."""
    pixels = np.full((1650, 3300, 3), 120, np.uint8)
    x, y = np.meshgrid((np.arange(3300) + 0.5) / 3300 * 360 - 180, 90 - (np.arange(1650) + 0.5) / 1650 * 180)
    there = sphere.directions_of(x, y)
    for (yaw, pitch), colour in PATCHES.items():
        centre = sphere.to_picture(sphere.directions_of(yaw, pitch), HORIZON)
        near = sum(one * two for one, two in zip(there, centre, strict=True)) > cos(radians(4))
        pixels[near] = colour
    Image.fromarray(pixels).save(path, "JPEG", quality=95)
    return path


def start(page: Page) -> None:
    page.get_by_role("button", name="部屋の中を見回す").click()
    expect(page.locator("[data-panorama][data-ready=true]")).to_be_visible()


@pytest.mark.parametrize("page", [1280, 360], indirect=True)
def test_through_three_rooms_by_mouse(page: Page, site: Site, tour) -> None:
    page.goto(f"{site.url}/listings/{tour[0]}")
    check_page(page)
    start(page)
    check_page(page)
    assert "#" not in page.url
    page.locator(".panorama-way").filter(has_text="台所へ").click()
    expect(page.locator(".panorama-here h3")).to_have_text("台所")
    expect(page.locator(".panorama-here")).to_contain_text("台所の説明")
    page.locator(".panorama-here").get_by_role("link", name="縁側").click()
    expect(page.locator(".panorama-here h3")).to_have_text("縁側")
    page.locator(".panorama-plan").get_by_role("link", name="1. 座敷").click()
    expect(page.locator(".panorama-here h3")).to_have_text("座敷")
    page.locator(".panorama-controls").get_by_role("button", name="右").click()
    expect(page).to_have_url(re.compile(f"#scene={tour[1]}&yaw=30.0"))
    page.locator(".panorama-here").get_by_role("link", name="夜").click()
    expect(page.locator(".panorama-here h3")).to_have_text("座敷の夜")
    expect(page).to_have_url(re.compile(f"#scene={tour[4]}&yaw=30.0"))
    assert page.locator(".panorama-list a[aria-current]").inner_text() == "1. 座敷"
    check_page(page)


def test_through_three_rooms_by_keyboard_alone(page: Page, site: Site, tour) -> None:
    page.add_init_script(KEEP_VIEWER)
    page.goto(f"{site.url}/listings/{tour[0]}")
    tab_to(page, "部屋の中を見回す")
    page.keyboard.press("Enter")
    expect(page.locator(".panorama-viewer")).to_be_focused()
    before = page.evaluate("tour.getYaw()")
    page.keyboard.down("ArrowRight")
    # Software rendering draws only a few frames a second, so the key is held until the view has turned.
    page.wait_for_function("before => tour.getYaw() > before + 1", arg=before)
    page.keyboard.up("ArrowRight")
    expect(page).to_have_url(re.compile("&yaw=[1-9]"))
    page.keyboard.press("Tab")
    expect(page.locator(".panorama-controls button").first).to_be_focused()
    tab_to(page, "台所へ")
    page.keyboard.press("Enter")
    expect(page.locator(".panorama-here h3")).to_be_focused()
    expect(page.locator(".panorama-here h3")).to_have_text("台所")
    tab_to(page, "縁側")
    page.keyboard.press("Enter")
    expect(page.locator(".panorama-here h3")).to_have_text("縁側")
    page.locator(".panorama-viewer").focus()
    page.keyboard.press("Shift+Tab")
    assert not page.evaluate("document.activeElement.closest('.panorama-viewer')")


def test_a_link_to_a_view_opens_there(page: Page, site: Site, tour) -> None:
    address = f"{site.url}/listings/{tour[0]}"
    page.add_init_script(KEEP_VIEWER)
    page.goto(f"{address}#scene={tour[2]}&yaw=55.5&pitch=-20&hfov=70")
    expect(page.locator(".panorama-here h3")).to_have_text("台所")
    assert page.evaluate("document.querySelector('.panorama').getBoundingClientRect().top") < 400
    assert page.locator("script[src*=pannellum]").count() == 0
    start(page)
    assert page.evaluate("[tour.getYaw(), tour.getPitch(), tour.getHfov()]") == pytest.approx([55.5, -20, 70])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="この向きのリンクをコピー").click()
    expect(page.locator(".panorama-status")).to_contain_text("コピーしました")
    assert (
        page.evaluate("navigator.clipboard.readText()") == f"{address}#scene={tour[2]}&yaw=55.5&pitch=-20.0&hfov=70.0"
    )
    for hostile in ("#scene=constructor", "#scene=999&yaw=1", '#scene="><img src=x>', "#scene=__proto__&yaw=NaN"):
        page.goto("about:blank")
        page.goto(address + hostile)
        expect(page.locator(".panorama-here h3")).to_have_text("座敷")
    page.goto("about:blank")
    page.goto(f"{address}#scene={tour[2]}&yaw=1e9&pitch=abc&hfov=-1")
    start(page)
    assert page.evaluate("[tour.getYaw(), tour.getPitch(), tour.getHfov()]") == pytest.approx([0, 0, 100])


def test_the_horizon_is_levelled_as_the_formula_says(page: Page, site: Site, tour) -> None:
    page.goto(f"{site.url}/listings/{tour[0]}#scene={tour[3]}&yaw=40&pitch=-20&hfov=90")
    start(page)

    def levelled(view: NDArray[np.int16]) -> bool:
        height, width = view.shape[:2]
        focal = width / 2 / tan(radians(45))
        # The other patch is exactly 20° above it, so nothing is rolled.
        above = view[round(height / 2 - focal * tan(radians(20))), width // 2]
        middle = abs(view[height // 2, width // 2] - PATCHES[40.0, -20.0]).max() < 60
        return middle and abs(above - PATCHES[40.0, 0.0]).max() < 60

    picture_when(page.locator(".panorama-viewer"), levelled)


def test_a_distance_on_the_floor_is_what_geometry_says(page: Page, site: Site, tour) -> None:
    page.add_init_script(KEEP_VIEWER)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{site.url}/listings/{tour[0]}")
    start(page)
    page.get_by_role("button", name="床の距離をはかる").click()
    expect(page.locator(".panorama-viewer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".panorama-status")).to_contain_text("床ではないか、遠すぎます")
    picked = [(-30.0, -40.0), (50.0, -25.0)]
    for yaw, pitch in picked:
        page.evaluate(f"tour.setYaw({yaw}, false); tour.setPitch({pitch}, false)")
        page.keyboard.press("Enter")
    floor = [(1.5 / tan(radians(-p)) * sin(radians(a)), 1.5 / tan(radians(-p)) * cos(radians(a))) for a, p in picked]
    metres = hypot(floor[0][0] - floor[1][0], floor[0][1] - floor[1][1])
    expect(page.locator(".panorama-status")).to_contain_text(f"約{metres:.1f}m（±")
    expect(page.locator(".panorama-point")).to_have_count(2)
    page.locator(".panorama-here").get_by_role("link", name="台所へ").click()
    expect(page.get_by_role("button", name="床の距離をはかる")).to_be_hidden()
    expect(page.locator(".panorama-cross")).to_be_hidden()


def test_without_webgl_it_is_still_a_tour(page: Page, site: Site, tour) -> None:
    page.add_init_script(NO_WEBGL)
    page.goto(f"{site.url}/listings/{tour[0]}")
    start(page)
    expect(page.locator(".pnlm-world")).to_be_attached()
    for name in ("台所", "縁側"):
        page.locator(".panorama-here .panorama-ways a").click()
        expect(page.locator(".panorama-here h3")).to_have_text(name)
    check_page(page)


def test_a_browser_that_cannot_show_it_has_stills_and_words(page: Page, site: Site, tour) -> None:
    page.add_init_script(NO_WEBGL + NO_WEBKIT)
    page.goto(f"{site.url}/listings/{tour[0]}")
    page.get_by_role("button", name="部屋の中を見回す").click()
    expect(page.locator(".panorama-status")).to_contain_text("写真と説明でご覧ください")
    page.get_by_role("link", name="台所へ", exact=True).click()
    expect(page.get_by_role("img", name="台所の一場面")).to_be_visible()
    expect(page.locator(".panorama-here")).to_contain_text("台所の説明")
    check_page(page)


def test_without_a_script_rooms_are_linked_stills(chromium: Browser, site: Site, tour) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(f"{site.url}/listings/{tour[0]}")
    expect(page.get_by_role("button", name="部屋の中を見回す")).to_be_hidden()
    for name in tours.ROOMS:
        expect(page.get_by_role("img", name=f"{name}の一場面", exact=True)).to_be_visible()
    page.get_by_role("link", name="台所へ", exact=True).click()
    assert page.url.endswith(f"#scene={tour[2]}")
    assert abs(page.get_by_role("img", name="台所の一場面").bounding_box()["y"]) < 60
    context.close()


def test_hostile_words_are_shown_as_words(page: Page, site: Site, tour) -> None:
    with site.app.app_context():
        before = tours.scene(tour[1]).title
        tours.change(tour[1], title=tours.HOSTILE[:80], description="\u202e" + tours.HOSTILE + "🏚" * 80)
        tours.mark(tour[1], 10, 0, text=tours.HOSTILE)
    page.goto(f"{site.url}/listings/{tour[0]}")
    start(page)
    expect(page.locator(".panorama-here h3")).to_have_text(tours.HOSTILE[:80])
    expect(page.locator(".panorama-note").filter(has_text=tours.HOSTILE)).to_be_attached()
    expect(page.locator(".panorama-here .panorama-notes")).to_contain_text(tours.HOSTILE)
    assert page.locator("img[src=x]").count() == 0
    check_page(page)
    with site.app.app_context():
        tours.change(tour[1], title=before, description="座敷の説明")


def test_the_towns_own_site_shows_the_tour_and_others_do_not(
    page: Page, chromium: Browser, site: Site, tour, town
) -> None:
    town["shown"] = f"{site.url}/embed/listings/{tour[0]}"
    page.goto(town["url"])
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("縁側のある平屋")
    assert frame.locator("html").evaluate("e => e.scrollWidth <= innerWidth")
    frame.get_by_role("button", name="部屋の中を見回す").click()
    expect(frame.locator("[data-panorama][data-ready=true]")).to_be_visible()
    link = frame.get_by_role("link", name="物件のページを開く")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")
    frame.get_by_role("button", name="全画面").click()
    expect(frame.get_by_role("button", name="全画面")).to_have_attribute("aria-pressed", "true")
    frame.locator(".panorama-viewer").focus()
    page.keyboard.press("Escape")
    expect(frame.get_by_role("button", name="全画面")).to_have_attribute("aria-pressed", "false")
    other = chromium.new_context().new_page()
    with other.expect_console_message(lambda message: "frame-ancestors" in message.text):
        other.goto(town["url"].replace("127.0.0.1", "localhost"))
    assert other.frame_locator("iframe").get_by_role("heading", name="縁側のある平屋").count() == 0
    other.context.close()

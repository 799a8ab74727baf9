"""Take a screenshot of every page type of a demonstration, at 360 and 1280 px, light and dark."""

import re
import sys
from pathlib import Path

from benchmarks.site import PASSWORD, demonstration
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from akiya.demo.pictures import draw

ROOT = Path(__file__).resolve().parent.parent
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


def pages(page: Page, url: str) -> dict[str, str]:
    """Return the path of every page type by name."""
    page.goto(f"{url}/listings/?feature=panorama")
    listing = re.search(r"/listings/(\d+)", page.locator(".card-title a").first.get_attribute("href") or "")
    number = listing[1] if listing else "1"
    return {
        "home": "/", "search": "/listings/?deal=sale&feature=garden", "search-empty": "/listings/?q=ありえない言葉", "search-en": "/en/listings/",
        "listing": f"/listings/{number}", "listing-en": f"/en/listings/{number}", "not-found": "/nowhere", "styleguide": "/styleguide",
        "sign-in": "/staff/sign-in", "staff-list": "/staff/", "staff-form": "/staff/listings/new", "staff-edit": f"/staff/listings/{number}/edit",
        "staff-listing": f"/staff/listings/{number}", "staff-close": f"/staff/listings/{number}/close",
        "staff-panorama": f"/staff/listings/{number}/tour", "prefecture": "/prefecture/", "figures": "/staff/figures", "monthly": "/prefecture/reports/monthly",
    }  # fmt: skip


def take(url: str, folder: Path) -> None:
    """Save the screenshots, and README's picture: the search next to a listing on a phone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        for scheme in ("light", "dark"):
            for width in (1280, 360):
                page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                wanted = pages(page, url)
                page.goto(f"{url}/staff/sign-in")
                page.screenshot(path=folder / f"sign-in-{width}-{scheme}.png", full_page=True)
                page.fill("#email", "hana@example.jp")
                page.fill("#password", PASSWORD)
                page.click("main button[type=submit]")
                for name, path in wanted.items():
                    if name != "sign-in":
                        page.goto(url + path)
                        page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
                page.close()
        browser.close()
    parts = [(Image.open(folder / f"{n}.png"), w) for n, w in (("search-1280-light", 900), ("listing-360-light", 253))]
    sheet = Image.new("RGB", (900 + 253 + 20, 633), "#d9d7d0")
    left = 0
    for image, width in parts:
        sheet.paste(
            image.resize((width, round(image.height * width / image.width))).crop((0, 0, width, 633)), (left, 0)
        )
        left += width + 20
    sheet.save(ROOT / "docs/pages.webp", quality=82)


def social_picture() -> None:
    """Save the picture, 1200 by 630, that is shown where an address without a picture of its own is shared."""
    drawn = draw("exterior", 0).convert("RGB").resize((1200, 900))
    drawn.crop((0, 150, 1200, 780)).save(ROOT / "static/img/social.jpg", quality=80)


def main() -> None:
    """Start a demonstration on a free port, take the screenshots and stop it."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (ROOT / "docs").mkdir(exist_ok=True)
    with demonstration(ROOT / "var/screens-site", AKIYA_DEBUG="1") as url:
        take(url, folder)
    social_picture()
    print(f"pictures: {folder}; README's: docs/pages.webp")


if __name__ == "__main__":
    main()

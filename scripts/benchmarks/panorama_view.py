"""Measure how long a visitor waits for a tour, and what is downloaded: Chromium, software GL, 10 Mbit/s and 40 ms.

The base view is complete when every visible tile of level 1 has arrived, the whole first view when every tile of the
levels that are opened first is drawn. Bytes are counted from the click until then. Serves a demonstration, or uses the
given address.
"""

import argparse
import contextlib
import re
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from benchmarks.printing import verdict
from benchmarks.site import demonstration
from playwright.sync_api import Browser, Page, sync_playwright

_MBIT, _LATENCY_MS = 10, 40
_MOST_KB, _MOST_MS = 650, 1000
_ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
_WATCH = """
document.addEventListener("click", (event) => {
  if (!event.target.closest(".panorama-open")) { return; }
  const clicked = performance.now();
  document.addEventListener("panorama:open", (opened) => {
    const viewer = opened.detail.viewer;
    (function ask() {
      if (viewer.getRenderer().isLoading()) { setTimeout(ask, 5); return; }
      const tiles = performance.getEntriesByType("resource").filter((one) => /\\/1\\/[fbudlr]0_0\\.webp$/.test(one.name));
      window.told = { whole: performance.now() - clicked, base: Math.max(...tiles.map((one) => one.responseEnd)) - clicked };
    }());
  });
}, true);
"""


def measure(page_url: str, runs: int = 3) -> dict[str, float]:
    """Return medians for the tour on the page: ms until the base view and the whole first view, and KB until then."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_ARGUMENTS)
        found = [_once(browser, page_url) for _ in range(runs)]
        browser.close()
    return {name: statistics.median(one[name] for one in found) for name in found[0]}


def _once(browser: Browser, page_url: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    page = context.new_page()
    page.add_init_script(_WATCH)
    sent = _throttled(page, context.new_cdp_session(page))
    page.goto(page_url, wait_until="networkidle")
    button = page.locator(".panorama-open")
    button.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    before = sum(sent)
    button.click()
    while not (told := page.evaluate("window.told")):
        page.wait_for_timeout(50)
    context.close()
    return {"base ms": told["base"], "whole ms": told["whole"], "KB": (sum(sent) - before) / 1000}


def _throttled(page: Page, devtools: Any) -> list[float]:
    """Slow down the page's network; return a list that grows by the bytes of each answer as sent."""
    sent: list[float] = []
    devtools.send("Network.enable")
    speed = _MBIT * 1_000_000 / 8
    devtools.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": _LATENCY_MS, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    devtools.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    return sent


@contextlib.contextmanager
def _demonstration_tour() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="akiya-view-", ignore_cleanup_errors=True) as folder:
        print("loading a demonstration", flush=True)
        with demonstration(Path(folder) / "data") as url:
            some = urlopen(f"{url}/listings/?feature=panorama").read().decode()  # noqa: S310  (our own server)
            listing = re.search(r'card-title.*?href="(/listings/\d+)', some, re.DOTALL)
            if not listing:
                raise SystemExit("✗ The demonstration has no listing with a tour.")
            yield url + listing[1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="scripts/bench panorama-view", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how often the tour is opened (3)")
    parser.add_argument("--url", help="the page of a listing with a tour, instead of the demonstration's")
    given = parser.parse_args()
    with contextlib.nullcontext(given.url) if given.url else _demonstration_tour() as page_url:
        found = measure(page_url, max(1, given.runs))
    print(f"\nA tour is opened at {_MBIT} Mbit/s and {_LATENCY_MS} ms (median of {given.runs})")
    verdict("base view, ms after the click", found["base ms"], _MOST_MS, most=True)
    verdict("whole first view, ms after the click", found["whole ms"], None)
    verdict("sent until the whole first view, KB", found["KB"], _MOST_KB, most=True)


if __name__ == "__main__":
    main()

"""The output of `akiya panoramas tile` opens in Pannellum unchanged, and looks like the still picture."""

import functools
import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from tests import images
from tests.browser.conftest import BIN, picture_when

VENDOR = Path(__file__).resolve().parents[2] / "static/vendor"
_PAGE = """<!DOCTYPE html><html lang="en"><title>Tiles</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="pannellum.css"><script src="pannellum.js"></script>
<style>body { margin: 0 } #view { width: 1200px; height: 630px }</style><div id="view"></div>
<script>fetch("config.json").then(r => r.json()).then(c => {
  window.viewer = pannellum.viewer("view", Object.assign(c, { showControls: false }));
});</script></html>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


def tile(*arguments: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / "akiya", "panoramas", "tile", *arguments], capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    out = tmp_path / "out"
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=out))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield out, f"http://127.0.0.1:{server.server_port}/page.html"
    server.shutdown()
    server.server_close()


def test_the_tiles_open_in_pannellum_and_look_like_the_still(
    served: tuple[Path, str], page: Page, tmp_path: Path
) -> None:
    out, address = served
    pose = {"PosePitchDegrees": 14, "PoseRollDegrees": -11, "PoseHeadingDegrees": 200}
    xmp = images.gpano(**pose, InitialViewHeadingDegrees=240, InitialViewPitchDegrees=-15)
    images.sphere_picture(3200).save(tmp_path / "room.jpg", quality=95, xmp=xmp)
    made = tile(tmp_path / "room.jpg", out)
    assert made.returncode == 0, made.stderr
    assert "3,200×1,600画素" in made.stdout
    config = json.loads((out / "config.json").read_text())
    assert (config["yaw"], config["pitch"], config["northOffset"]) == (40, -15, 200)

    (out / "page.html").write_text(_PAGE)
    for name in ("pannellum.js", "pannellum.css"):
        (out / name).write_bytes((VENDOR / name).read_bytes())
    page.goto(address)
    page.wait_for_function("window.viewer && viewer.isLoaded()")
    with page.expect_response("**/2/f*.webp"):
        pass
    page.wait_for_function("!viewer.getRenderer().isLoading()")
    still = np.asarray(images.opened(out / "preview.webp"), np.int16)
    # The viewer levels the picture like the still: equal except for a shift of a pixel and two encodings.
    seen = picture_when(page.locator("#view canvas"), lambda seen: np.abs(seen - still)[100:530, 100:1100].mean() < 6)
    assert seen.shape == still.shape
    assert np.abs(seen - still[::-1])[100:530, 100:1100].mean() > 20


def test_a_folder_that_holds_something_is_refused_and_a_bad_picture_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/kept").write_text("kept")
    picture = images.panorama(tmp_path / "room.jpg")
    refused = tile(picture, tmp_path / "full")
    assert refused.returncode == 1
    assert "空ではありません" in refused.stderr
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["kept"]
    bad = tile(images.photo(tmp_path / "photo.jpg"), tmp_path / "new")
    assert bad.returncode == 1
    assert "2:1" in bad.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full", "photo.jpg", "room.jpg"]

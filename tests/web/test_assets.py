"""Static files under hashed names."""

import os
import time
from pathlib import Path

import pytest

from akiya.web.assets import Assets


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for folder in ("css", "js", "vendor", "img", "pictograms"):
        (tmp_path / "static" / folder).mkdir(parents=True)
    (tmp_path / "static/css/site.css").write_text("a { color: red }")
    (tmp_path / "static/pictograms/sale.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"/>'
    )
    return tmp_path / "static"


@pytest.mark.file_times
def test_a_changed_file_has_another_name_and_the_one_of_before_stays_a_week(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "assets"
    first = Assets(source, target).url("css/site.css")
    assert Assets(source, target).url("css/site.css") == first
    (source / "css/site.css").write_text("a { color: green }")
    second = Assets(source, target).url("css/site.css")
    assert second != first
    old = target / first.removeprefix("/static/")
    assert old.read_text() == "a { color: red }"
    long_ago = time.time() - 8 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    (source / "css/site.css").write_text("a { color: blue }")
    Assets(source, target)
    assert not old.exists()
    assert (target / second.removeprefix("/static/")).exists()


def test_the_sprite_holds_every_pictogram(source: Path, tmp_path: Path) -> None:
    assets = Assets(source, tmp_path / "assets")
    sprite = (tmp_path / "assets" / assets.url("pictograms.svg").removeprefix("/static/")).read_text()
    assert 'symbol viewBox="0 0 24 24" id="sale"' in sprite

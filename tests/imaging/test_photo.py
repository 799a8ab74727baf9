"""Photos: turned, stripped, sized; broken ones refused with a reason."""

from pathlib import Path

import pytest
from PIL import Image

from akiya.errors import BadImage
from akiya.imaging import photo, sandbox
from tests import images


def test_every_size_is_made_and_none_enlarged(tmp_path: Path) -> None:
    made = photo.process(images.photo(tmp_path / "in.jpg", (1000, 750)), tmp_path)
    assert made == {"width": 1000, "height": 750, "widths": [320, 480, 800, 1000]}
    for width in made["widths"]:
        assert images.opened(tmp_path / f"{width}.webp").size == (width, round(750 * width / 1000))
    assert images.opened(tmp_path / "full.jpg").size == (1000, 750)


def test_a_phone_held_upright_gives_an_upright_picture(tmp_path: Path) -> None:
    made = photo.process(images.photo(tmp_path / "in.jpg", (1200, 900), orientation=6), tmp_path)
    assert (made["width"], made["height"]) == (900, 1200)
    upright = images.opened(tmp_path / "full.jpg")
    red, _green, blue = upright.getpixel((450, 20))
    assert red > 150 > blue  # the left half of the sensor is the top


def test_nothing_published_holds_metadata(tmp_path: Path) -> None:
    photo.process(images.photo(tmp_path / "in.jpg", gps=True), tmp_path)
    assert b"CanaryCamera" in (tmp_path / "in.jpg").read_bytes()
    for path in [*tmp_path.glob("*.webp"), tmp_path / "full.jpg"]:
        assert b"Canary" not in path.read_bytes()
        with Image.open(path) as published:
            assert not published.getexif()


def test_transparency_becomes_white(tmp_path: Path) -> None:
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(tmp_path / "in.png")
    photo.process(tmp_path / "in.png", tmp_path)
    assert images.opened(tmp_path / "full.jpg").getpixel((10, 10)) == (255, 255, 255)


def test_broken_files_are_refused_and_the_sandbox_goes_on(tmp_path: Path) -> None:
    for name, path in images.broken(tmp_path).items():
        out = tmp_path / f"out-{name}"
        out.mkdir()
        with pytest.raises(BadImage) as caught:
            sandbox.run("photo", path, out)
        assert "。" in str(caught.value), name
    good = tmp_path / "good"
    good.mkdir()
    assert sandbox.run("photo", images.photo(tmp_path / "in.jpg"), good)["width"] == 1200


def test_a_child_that_needs_too_much_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sandbox._SECONDS, "photo", 0)
    with pytest.raises(BadImage, match="処理を終えられません"):
        sandbox.run("photo", images.photo(tmp_path / "in.jpg"), tmp_path)

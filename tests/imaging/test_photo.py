"""Photos: turned, stripped of metadata, scaled; broken ones refused with a reason."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from akiya import sandbox
from akiya.errors import BadImage
from akiya.imaging import photo
from tests import images

pytestmark = pytest.mark.slow


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


def test_an_iphones_photo_is_taken_as_it_is(tmp_path: Path) -> None:
    source = images.heic(tmp_path / "in.heic")
    assert b"CanaryCamera" in source.read_bytes()
    out = tmp_path / "out"
    out.mkdir()
    made = sandbox.run("photo", source, out)
    assert (made["width"], made["height"]) == (900, 1200)
    red, _green, blue = images.opened(out / "full.jpg").getpixel((450, 20))
    assert red > 150 > blue
    for path in out.iterdir():
        assert b"Canary" not in path.read_bytes()
    cut = tmp_path / "cut.heic"
    cut.write_bytes(source.read_bytes()[: source.stat().st_size * 2 // 3])
    with pytest.raises(BadImage, match=r"壊れて|開けません"):
        sandbox.run("photo", cut, out)


def test_48_million_pixels_of_a_phone_fit_the_sandbox(tmp_path: Path) -> None:
    source, out = images.heic(tmp_path / "in.heic", (8064, 6048)), tmp_path / "out"
    out.mkdir()
    assert sandbox.run("photo", source, out) == {"width": 1600, "height": 2133, "widths": [320, 480, 800, 1600]}
    red, _green, blue = images.opened(out / "full.jpg").getpixel((800, 20))
    assert red > 150 > blue


def test_what_is_too_large_too_thin_or_empty_is_refused_with_its_size(tmp_path: Path) -> None:
    for size, message in (
        ((11_648, 8_736), "11,648×8,736、約1億176万画素）。6,000万画素まで"),
        ((90, 4000), "小さすぎます（90×4,000"),
        ((120, 9000), "細長すぎます（120×9,000"),
    ):
        Image.new("RGB", size).save(tmp_path / "in.jpg")
        with pytest.raises(BadImage, match=message):
            photo.process(tmp_path / "in.jpg", tmp_path)
    (tmp_path / "in.jpg").write_bytes(b"")
    with pytest.raises(BadImage, match="空です"):
        photo.process(tmp_path / "in.jpg", tmp_path)


def test_a_tall_picture_keeps_its_shape(tmp_path: Path) -> None:
    made = photo.process(images.photo(tmp_path / "in.jpg", (1200, 4800)), tmp_path)
    assert (made["width"], made["height"], made["widths"]) == (800, 3200, [320, 480, 800])


def test_of_a_moving_picture_the_first_frame_is_taken(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (400, 300), colour) for colour in ("red", "blue", "green")]
    for name in ("in.webp", "in.png"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], duration=100)
        photo.process(tmp_path / name, tmp_path)
        red, _green, blue = images.opened(tmp_path / "full.jpg").getpixel((200, 150))
        assert red > 240 > 20 > blue, name


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_any_kind_of_pixels_becomes_the_same_grey(tmp_path: Path, mode: str) -> None:
    grey = Image.linear_gradient("L").resize((400, 300))
    if mode == "I;16":
        Image.fromarray(np.asarray(grey).astype(np.uint16) * 257).save(tmp_path / "in.png")
    else:
        grey.convert("RGB").convert(mode).save(tmp_path / "in.img", "JPEG" if mode == "CMYK" else "PNG")
        (tmp_path / "in.img").rename(tmp_path / "in.png")
    photo.process(tmp_path / "in.png", tmp_path)
    made = images.opened(tmp_path / "full.jpg").resize((1, 3), Image.Resampling.BOX)
    for place in range(3):
        wanted = (42, 127, 212)[place]
        assert all(abs(value - wanted) < 8 for value in made.getpixel((0, place)))


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
    monkeypatch.setitem(sandbox.TASKS, "photo", sandbox.TASKS["photo"]._replace(seconds=0))
    with pytest.raises(BadImage, match="処理を終えられません"):
        sandbox.run("photo", images.photo(tmp_path / "in.jpg"), tmp_path)

"""The table of formats: each is recognised by its first bytes and can be opened; texts and fields follow from it."""

from pathlib import Path

import pytest
from PIL import Image

from akiya import sandbox
from akiya.errors import BadImage
from akiya.imaging import formats, opening
from akiya.imaging.formats import DOCUMENT, FORMATS, PANORAMA, PHOTO, ImageFormat
from tests import images

MADE_UP = ImageFormat("XYZ", "XYZ", "xyz", ("image/xyz", "image/x-xyz"), "xyz", 2, (b"xyz",), chosen_by=(".xyz",))


def saved(folder: Path, each: ImageFormat) -> Path:
    if each.pillow == "HEIF":
        return images.heic(folder / "x.heic", (400, 300))
    Image.new("RGB", (400, 300), "red").save(folder / "x", each.pillow)
    return folder / "x"


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_every_format_is_recognised_and_opened(tmp_path: Path, each: ImageFormat) -> None:
    source = saved(tmp_path, each)
    assert formats.of(source.read_bytes()[:12], FORMATS) is each
    uses = [allowed for allowed in (PHOTO, PANORAMA) if each in allowed]
    assert uses
    for allowed in uses:
        assert opening.open_image(source, 1_000_000, allowed).format == each.pillow


@pytest.mark.parametrize("each", PHOTO, ids=lambda each: each.name)
def test_a_photo_of_every_format_is_published(tmp_path: Path, each: ImageFormat) -> None:
    # In the child process, where only the table has loaded the format's decoder.
    sandbox.run("photo", saved(tmp_path, each), tmp_path)
    assert sorted(images.opened(tmp_path / "full.jpg").size) == [300, 400]


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_a_format_that_is_not_allowed_is_refused_and_the_others_are_named(tmp_path: Path, each: ImageFormat) -> None:
    others = [other for other in FORMATS if other is not each]
    with pytest.raises(BadImage) as error:
        opening.open_image(saved(tmp_path, each), 1_000_000, others)
    names = "、".join(other.name for other in others)
    assert str(error.value) == (
        f"画像として開けません。{names} の画像を送ってください（PDFや文書は画像に書き出してから）。"
    )


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\xff\xd8\xff", "JPEG"),
        (b"\xff\xd8\x00", None),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\x89PNG\n", None),
        (b"RIFF\0\0\0\0WEBP", "WebP"),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"\0\0\0\x18ftypqt  ", "HEIC"),
        (b"\0\0\0\x18moov", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_a_format_is_recognised_by_how_a_file_begins(head: bytes, name: str | None) -> None:
    found = formats.of(head, PANORAMA)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\xff\xd8\xff", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"RIFF\0\0\0\0WEBP", None),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"\0\0\0\x18ftypmsf1", "HEIC"),
        (b"\0\0\0\x18ftypqt  ", None),
        (b"\0\0\0\x18ftyp", None),
    ],
)
def test_what_nothing_opens_has_to_be_certain(head: bytes, name: str | None) -> None:
    found = formats.of(head, DOCUMENT, certain=True)
    assert (found.name if found else None) == name


def test_sentences_list_the_names() -> None:
    assert formats.listed(PHOTO, "、") == formats.listed(PANORAMA, "、") == "JPEG、PNG、WebP、HEIC"
    assert formats.listed(DOCUMENT, "・") == "JPEG・PNG・HEIC"
    assert formats.listed(PHOTO, ", ", " or ") == "JPEG, PNG, WebP or HEIC"
    assert formats.listed((*PHOTO, MADE_UP), ", ", " and ") == "JPEG, PNG, WebP, HEIC and XYZ"
    assert formats.listed((MADE_UP,), "、", "と") == "XYZ"


def test_file_fields_accept_the_media_types_and_the_endings_that_systems_do_not_know() -> None:
    assert formats.accept(PHOTO) == "image/jpeg,image/png,image/webp,image/heic,image/heif"
    assert formats.accept(PHOTO, endings=True) == "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"
    assert formats.accept((MADE_UP,), endings=True) == "image/xyz,image/x-xyz,.xyz"

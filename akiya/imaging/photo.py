"""Convert photos for pages: upright, without metadata, with blurred areas, re-encoded in the sizes that pages use."""

from collections.abc import Sequence
from math import ceil, floor
from pathlib import Path

from PIL import Image, ImageFilter, ImageOps

from akiya.errors import BadImage
from akiya.imaging import formats
from akiya.imaging.opening import BROKEN, READ_ERRORS, open_image
from akiya.values import JsonObject

WIDTHS = (320, 480, 800, 1600)
_HIGHEST = 2 * WIDTHS[-1]
_MOST_PIXELS = 60_000_000
_SMALLEST = 100
_CELLS = 8
_ORIENTATION = 0x0112


def process(source: Path, out: Path, blurs: Sequence[Sequence[float]] = ()) -> JsonObject:
    """Write `{width}.webp` for each of WIDTHS (never enlarged) and `full.jpg` to the folder `out`.

    `blurs` are [left, top, width, height] as fractions of the upright picture; what is there cannot be recovered from any
    of the files. Return width and height of the largest size, and the widths written, in pixels. Raise BadImage if the
    picture is damaged, too small or too narrow, or in none of the allowed formats.
    """
    image = open_image(source, _MOST_PIXELS, formats.PHOTO)
    sent = f"{image.width:,}×{image.height:,}画素"
    if min(image.size) < _SMALLEST:
        raise BadImage(f"画像が小さすぎます（{sent}）。もっと大きい写真を送ってください。")
    try:
        picture = _upright(image)
    except READ_ERRORS as error:
        raise BadImage(BROKEN) from error
    if min(picture.size) < _SMALLEST // 2:
        raise BadImage(f"画像が細長すぎます（{sent}）。要る所を切り出してから送ってください。")
    for area in blurs:
        _hide(picture, area)
    picture.save(out / "full.jpg", "JPEG", quality=84, optimize=True)
    whole, widths = picture.size, sorted({min(width, picture.width) for width in WIDTHS})
    for width in reversed(widths):
        # Each size is made from the next larger one: as good as from the original, in a third of the time.
        if width < picture.width:
            height = max(1, round(whole[1] * width / whole[0]))
            picture = picture.resize((width, height), Image.Resampling.LANCZOS)
        # Few people load the largest size, so a faster method: half the time for a file that is 7 % larger.
        picture.save(out / f"{width}.webp", "WEBP", quality=78, method=2 if width > WIDTHS[-2] else 4)
    return {"width": whole[0], "height": whole[1], "widths": widths}


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture upright, at most 1,600 wide and 3,200 high, as RGB without metadata.

    It is reduced before anything else is done with it, because memory grows with the pixels.
    """
    lies = image.getexif().get(_ORIENTATION) in (5, 6, 7, 8)
    most = (_HIGHEST, WIDTHS[-1]) if lies else (WIDTHS[-1], _HIGHEST)
    share = min(1.0, most[0] / image.width, most[1] / image.height)
    wanted = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    # A JPEG decodes at 1/2, 1/4 or 1/8 of its size in much less time and memory. Nobody sees if it is a tenth too small.
    image.draft("RGB", (wanted[0] * 9 // 10, wanted[1] * 9 // 10))
    small = _scalable(image)
    size = (min(wanted[0], small.width), min(wanted[1], small.height))
    if size != small.size:
        small = small.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    upright = ImageOps.exif_transpose(small)
    if upright.mode == "RGBA":
        ground = Image.new("RGB", upright.size, "white")
        ground.paste(upright, mask=upright.getchannel("A"))
        upright = ground
    flat = upright.convert("RGB")
    flat.info = {}
    return flat


def _scalable(image: Image.Image) -> Image.Image:
    """Return the picture in a mode whose pixels can be averaged, with its transparency."""
    if image.mode in ("P", "PA", "LA") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    return image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGB")


def _hide(picture: Image.Image, area: Sequence[float]) -> None:
    """Replace the pixels of the area by the averages of at most 8 × 8 cells, blurred into one another."""
    left, top, width, height = area
    box = (
        max(0, floor(left * picture.width)),
        max(0, floor(top * picture.height)),
        min(picture.width, ceil((left + width) * picture.width)),
        min(picture.height, ceil((top + height) * picture.height)),
    )
    if box[2] <= box[0] or box[3] <= box[1]:
        return
    part = picture.crop(box)
    cell = max(1, ceil(max(part.size) / _CELLS))
    cells = part.resize((ceil(part.width / cell), ceil(part.height / cell)), Image.Resampling.BOX)
    veil = cells.resize(part.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(cell / 2))
    picture.paste(veil, box)

"""Open images of unknown origin safely: only formats that cameras write, and only up to a maximum size."""

import warnings
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

# Imported by name: otherwise the first WebP that is written makes Pillow load every format it knows.
from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, UnidentifiedImageError, WebPImagePlugin  # noqa: F401

from akiya.errors import BadImage
from akiya.imaging import formats
from akiya.imaging.formats import ImageFormat

EMPTY = "画像ファイルの中身が空です。元の機器で開けるか確かめてから、送り直してください。"
BROKEN = "画像が途中で切れているか壊れています。元の機器から送り直してください。"
READ_ERRORS = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)


def open_image(source: Path, most_pixels: int, allowed: Sequence[ImageFormat]) -> Image.Image:
    """Open the image in `source` without decoding it yet.

    Raise BadImage if it is in none of the allowed formats, is damaged, or has more than `most_pixels` pixels.
    """
    with source.open("rb") as file:
        head = file.read(12)
    if not head:
        raise BadImage(EMPTY)
    found = formats.of(head, allowed)
    if found is None:
        raise BadImage(_not_an_image(allowed))
    _load(found)
    Image.MAX_IMAGE_PIXELS = None  # our own limit below has a message for the user
    warnings.simplefilter("ignore")
    try:
        image = Image.open(source, formats=(found.pillow,))
    except UnidentifiedImageError as error:
        raise BadImage(_not_an_image(allowed)) from error
    except READ_ERRORS as error:
        raise BadImage(BROKEN) from error
    width, height = image.size
    if width * height > most_pixels:
        raise BadImage(
            f"画像が大きすぎます（{width:,}×{height:,}、約{_man(width * height)}画素）。"
            f"{_man(most_pixels)}画素までの大きさに縮小してから送ってください。"
        )
    return image


def _not_an_image(allowed: Sequence[ImageFormat]) -> str:
    names = formats.listed(allowed, "、")
    return f"画像として開けません。{names} の画像を送ってください（PDFや文書は画像に書き出してから）。"


def _load(found: ImageFormat) -> None:
    """Load the decoder of the format, only when needed: the libraries of HEIC take 20 MB, and most photos are JPEG."""
    plugin = import_module(found.plugin)
    if found.plugin == "pillow_heif":  # the others register themselves
        plugin.register_heif_opener(thumbnails=False, decode_threads=1)


def _man(pixels: int) -> str:
    """Return a number of pixels as people say it in Japanese: 6,000万, 1億200万."""
    hundred_million, rest = divmod(round(pixels / 10_000), 10_000)
    return (f"{hundred_million:,}億" if hundred_million else "") + (f"{rest:,}万" if rest else "")

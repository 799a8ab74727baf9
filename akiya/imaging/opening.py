"""Opening an image of unknown origin: only the formats that cameras write, and only of a bearable size."""

import warnings
from pathlib import Path

# Loaded by name: else the first use of WebP loads every format that Pillow knows.
from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, UnidentifiedImageError, WebPImagePlugin  # noqa: F401

from akiya.errors import BadImage

_FORMATS = ("JPEG", "PNG", "WEBP")
EMPTY = "画像ファイルの中身が空です。元の機器で開けるか確かめてから、送り直してください。"
NOT_AN_IMAGE = "画像として開けません。JPEG、PNG、WebP、HEIC の画像を送ってください（PDFや文書は画像に書き出してから）。"
BROKEN = "画像が途中で切れているか壊れています。元の機器から送り直してください。"
READ_ERRORS = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)


def open_image(source: Path, most_pixels: int) -> Image.Image:
    """The image in `source`, not yet decoded. Raises BadImage for what is no image or has more than `most_pixels`."""
    with source.open("rb") as file:
        head = file.read(12)
    if not head:
        raise BadImage(EMPTY)
    formats: tuple[str, ...] = _FORMATS
    if head[4:8] == b"ftyp":
        # Loaded here: its libraries take 20 MB, and most photos are JPEG.
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
        formats = ("HEIF",)
    Image.MAX_IMAGE_PIXELS = None  # our own limit comes first, with a message of its own
    warnings.simplefilter("ignore")
    try:
        image = Image.open(source, formats=formats)
    except UnidentifiedImageError as error:
        raise BadImage(NOT_AN_IMAGE) from error
    except READ_ERRORS as error:
        raise BadImage(BROKEN) from error
    width, height = image.size
    if width * height > most_pixels:
        raise BadImage(
            f"画像が大きすぎます（{width:,}×{height:,}、約{_man(width * height)}画素）。"
            f"{_man(most_pixels)}画素までの大きさに縮小してから送ってください。"
        )
    return image


def _man(pixels: int) -> str:
    """A count of pixels as people say it: 6,000万, 1億200万."""
    hundred_million, rest = divmod(round(pixels / 10_000), 10_000)
    return (f"{hundred_million:,}億" if hundred_million else "") + (f"{rest:,}万" if rest else "")

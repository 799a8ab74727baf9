"""Opening an image of unknown origin: only the formats that cameras write, and only of a bearable size."""

import warnings
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from akiya.errors import BadImage

_FORMATS = ("JPEG", "PNG", "WEBP")
NOT_AN_IMAGE = "画像として開けません。JPEG、PNG、WebP の画像を送ってください（PDFや文書は画像に書き出してから）。"
BROKEN = "画像が途中で切れているか壊れています。元の機器から送り直してください。"
READ_ERRORS = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)


def open_image(source: Path, most_pixels: int) -> Image.Image:
    """The image in `source`, not yet decoded. Raises BadImage for what is no image or has more than `most_pixels`."""
    Image.MAX_IMAGE_PIXELS = None  # our own limit comes first, with a message of its own
    warnings.simplefilter("ignore")
    try:
        image = Image.open(source, formats=_FORMATS)
    except UnidentifiedImageError as error:
        raise BadImage(NOT_AN_IMAGE) from error
    except READ_ERRORS as error:
        raise BadImage(BROKEN) from error
    width, height = image.size
    if width * height > most_pixels:
        raise BadImage(
            f"画像が大きすぎます（{width:,}×{height:,}画素）。{most_pixels // 1_000_000:,}百万画素までに縮小してください。"
        )
    return image

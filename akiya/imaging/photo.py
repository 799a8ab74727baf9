"""Photos: turned upright, stripped of all metadata, and re-encoded in the sizes that pages use."""

from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from akiya.errors import BadImage
from akiya.imaging.opening import BROKEN, READ_ERRORS, open_image

WIDTHS = (320, 480, 800, 1600)
_MOST_PIXELS = 60_000_000
_SMALLEST = 100


def process(source: Path, out: Path) -> dict[str, Any]:
    """Writes `{width}.webp` for each of WIDTHS (never enlarged) and `full.jpg` to `out`.

    Returns width, height and widths of the upright picture's largest size. Raises BadImage.
    """
    image = open_image(source, _MOST_PIXELS)
    try:
        # JPEG can be decoded at a fraction of its size; twice the target keeps it sharp.
        image.draft("RGB", (WIDTHS[-1] * 2, WIDTHS[-1] * 2))
        upright = ImageOps.exif_transpose(image)
        picture = _flat(upright)
    except READ_ERRORS as error:
        raise BadImage(BROKEN) from error
    if min(picture.size) < _SMALLEST:
        raise BadImage(
            f"画像が小さすぎます（{picture.width}×{picture.height}画素）。もっと大きい写真を送ってください。"
        )
    largest = picture.copy()
    largest.thumbnail((WIDTHS[-1], WIDTHS[-1] * 2), Image.Resampling.LANCZOS)
    largest.save(out / "full.jpg", "JPEG", quality=84, optimize=True, progressive=True)
    widths = sorted({min(width, largest.width) for width in WIDTHS})
    for width in reversed(widths):
        height = max(1, round(largest.height * width / largest.width))
        sized = largest if width == largest.width else largest.resize((width, height), Image.Resampling.LANCZOS)
        sized.save(out / f"{width}.webp", "WEBP", quality=78, method=4)
    return {"width": largest.width, "height": largest.height, "widths": widths}


def _flat(image: Image.Image) -> Image.Image:
    """The pixels alone as RGB, transparency over white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    flat = image.convert("RGB")
    flat.info = {}
    return flat

"""The image formats that people may send: how each is named and recognised, and what it may be used for.

Pure, unlike `opening`, which decodes by this table: pages list the formats, and a page never loads Pillow.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ImageFormat:
    """An image format: its names for people and for Pillow, the module that decodes it, its media types, its signature."""

    name: str
    pillow: str
    plugin: str
    media_types: tuple[str, ...]
    ending: str
    at: int
    """Offset in the file, in bytes, at which one of `starts` must be."""
    starts: tuple[bytes, ...]
    certain: tuple[bytes, ...] = ()
    """Stricter `starts` for files that are not opened to make sure; if empty, `starts` is strict enough."""
    chosen_by: tuple[str, ...] = ()
    """File name endings for the `accept` of file fields, needed because many systems do not know the media type."""
    animated: bool = False
    """True if a file of the format may be an animation."""
    as_photo: bool = True
    as_panorama: bool = True
    as_document: bool = True


# The first match counts, so more exact signatures come first.
FORMATS = (
    ImageFormat("JPEG", "JPEG", "PIL.JpegImagePlugin", ("image/jpeg",), "jpg", 0, (b"\xff\xd8\xff",)),
    ImageFormat("PNG", "PNG", "PIL.PngImagePlugin", ("image/png",), "png", 0, (b"\x89PNG\r\n\x1a\n",), animated=True),
    ImageFormat(
        "WebP", "WEBP", "PIL.WebPImagePlugin", ("image/webp",), "webp", 8, (b"WEBP",), animated=True, as_document=False
    ),
    ImageFormat(
        "HEIC", "HEIF", "pillow_heif", ("image/heic", "image/heif"), "heic", 4, (b"ftyp",),
        certain=tuple(b"ftyp" + kind for kind in b"heic heix heim heis hevc hevx mif1 msf1".split()),
        chosen_by=(".heic", ".heif"),
    ),
)  # fmt: skip
PHOTO = tuple(each for each in FORMATS if each.as_photo)
PANORAMA = tuple(each for each in FORMATS if each.as_panorama)
DOCUMENT = tuple(each for each in FORMATS if each.as_document)


def of(head: bytes, allowed: Sequence[ImageFormat], *, certain: bool = False) -> ImageFormat | None:
    """Return the format of a file that begins with the bytes `head`, or None if it is not one of `allowed`.

    Pass `certain` if the file will not be opened: it demands the stricter signatures.
    """
    for each in FORMATS:
        if head.startswith((certain and each.certain) or each.starts, each.at):
            return each if each in allowed else None
    return None


def listed(allowed: Sequence[ImageFormat], between: str, last: str = "") -> str:
    """Return the names as a list for a sentence, separated by `between`, and by `last` if given before the last one."""
    *first, final = [each.name for each in allowed]
    return f"{between.join(first)}{last or between}{final}" if first else final


def accept(allowed: Sequence[ImageFormat], *, endings: bool = False) -> str:
    """Return the `accept` attribute of a file field: the media types, and with `endings` also those that systems need."""
    types = [media_type for each in allowed for media_type in each.media_types]
    return ",".join([*types, *(ending for each in allowed if endings for ending in each.chosen_by)])

"""The formats of pictures that people may send: how each is called and recognised, and what it may be sent as.

Pure, unlike `opening`, which decodes by this table: pages list the formats, and a page never loads Pillow.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ImageFormat:
    """A format: its name to people and to Pillow, the module that decodes it, its media types and its first bytes."""

    name: str
    pillow: str
    plugin: str
    media_types: tuple[str, ...]
    ending: str
    at: int
    """Where in the file one of `starts` lies."""
    starts: tuple[bytes, ...]
    certain: tuple[bytes, ...] = ()
    """What `starts` has to be when nothing opens the file to make sure; none: as it is."""
    chosen_by: tuple[str, ...] = ()
    """Endings that a file chooser is told, because systems do not know the media type."""
    animated: bool = False
    """Whether such a file may be an animation."""
    as_photo: bool = True
    as_panorama: bool = True
    as_document: bool = True


# The first that a file begins like is its format: what is more exact comes first.
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
    """Return the format of a file that begins with `head`, if it is one of the allowed; `certain` where nothing opens it."""
    for each in FORMATS:
        if head.startswith((certain and each.certain) or each.starts, each.at):
            return each if each in allowed else None
    return None


def listed(allowed: Sequence[ImageFormat], between: str, last: str = "") -> str:
    """Return the names as a list in a sentence, with `last` (default: `between`) before the last one."""
    *first, final = [each.name for each in allowed]
    return f"{between.join(first)}{last or between}{final}" if first else final


def accept(allowed: Sequence[ImageFormat], *, endings: bool = False) -> str:
    """Return the value of `accept` of a file field: the media types, and the endings that systems need beside them."""
    types = [media_type for each in allowed for media_type in each.media_types]
    return ",".join([*types, *(ending for each in allowed if endings for ending in each.chosen_by)])

"""Read the size of a picture from its first bytes, without decoding it. Pure."""

from collections.abc import Iterator

_SIZED = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_LONE = {0x01, *range(0xD0, 0xD9), 0xFF}


def size(head: bytes) -> tuple[int, int] | None:
    """Return width and height of a JPEG, PNG or WebP in pixels, or None if its first bytes do not contain them."""
    found = None
    if head.startswith(b"\x89PNG") and len(head) >= 24:
        found = int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    elif head[8:12] == b"WEBP" and len(head) >= 30:
        found = _webp(head)
    elif head.startswith(b"\xff\xd8"):
        for marker, segment in _segments(head):
            if marker in _SIZED and len(segment) >= 5:
                found = int.from_bytes(segment[3:5]), int.from_bytes(segment[1:3])
                break
    return found if found and min(found) > 0 else None


def _webp(head: bytes) -> tuple[int, int] | None:
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8 ":
        return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


def _segments(head: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and content of the segments of a JPEG up to its pixels."""
    at = 2
    while at + 4 <= len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if marker in _LONE:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(head[at + 2 : at + 4])
        if length < 2:
            return
        yield marker, head[at + 4 : at + 2 + length]
        at += 2 + length

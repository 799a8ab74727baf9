"""The size of a picture, read from its first bytes, byte by byte."""

import pytest

from akiya.imaging import headers

FRAME = b"\x08\x02\x59\x04\xb3"  # 8 bits, 601 high, 1203 wide


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2) + content


def jpeg(*parts: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(parts)


@pytest.mark.parametrize("marker", range(0xC0, 0xD0))
def test_a_frame_tells_the_size_but_tables_do_not(marker: int) -> None:
    size = None if marker in (0xC4, 0xC8, 0xCC) else (1203, 601)
    assert headers.size(jpeg(segment(marker, FRAME))) == size


@pytest.mark.parametrize("marker", [0xBF, 0xDA, 0xE0, 0xFE])
def test_other_segments_tell_no_size(marker: int) -> None:
    assert headers.size(jpeg(segment(marker, FRAME))) is None
    assert headers.size(jpeg(segment(marker, b"JFIF\0\1\2"), segment(0xC2, FRAME))) == (1203, 601)


@pytest.mark.parametrize("marker", [0x01, *range(0xD0, 0xD9)])
def test_a_marker_without_a_length_is_passed_over(marker: int) -> None:
    assert headers.size(jpeg(bytes([0xFF, marker]), segment(0xC0, FRAME))) == (1203, 601)


@pytest.mark.parametrize("marker", [0x00, 0x02, 0xCF + 0x0A])
def test_any_other_marker_has_a_length(marker: int) -> None:
    assert headers.size(jpeg(bytes([0xFF, marker]), segment(0xC0, FRAME))) is None


def test_fill_bytes_and_segments_of_any_length_are_passed_over() -> None:
    assert headers.size(jpeg(b"\xff", segment(0xC0, FRAME))) == (1203, 601)
    assert headers.size(jpeg(segment(0xE1, b"x" * 300), segment(0xC0, FRAME))) == (1203, 601)
    assert headers.size(jpeg(b"\xff\xff", segment(0xC0, FRAME))) == (1203, 601)
    assert headers.size(jpeg(segment(0xE1, b""), segment(0xC0, FRAME))) == (1203, 601)


def test_a_jpeg_is_read_up_to_its_last_byte_and_no_further() -> None:
    whole = jpeg(segment(0xE0, b"JFIF"), segment(0xC0, FRAME))
    assert headers.size(whole) == (1203, 601)
    assert headers.size(whole[:-1]) is None
    assert headers.size(jpeg(segment(0xC0, FRAME[:4]), b"\xb3")) is None
    assert headers.size(jpeg(b"\x00", segment(0xC0, FRAME))) is None
    assert headers.size(b"\x00\x00" + segment(0xC0, FRAME)) is None


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + bytes([1, 2, 3, 4, 5, 6, 7, 8])


def test_a_png_tells_its_size_in_24_bytes() -> None:
    assert headers.size(PNG) == (0x01020304, 0x05060708)
    assert headers.size(PNG[:23]) is None


@pytest.mark.parametrize(("width", "height", "size"), [(1, 1, (1, 1)), (0, 5, None), (5, 0, None)])
def test_a_picture_has_at_least_one_pixel(width: int, height: int, size: tuple[int, int] | None) -> None:
    assert headers.size(PNG[:16] + width.to_bytes(4) + height.to_bytes(4)) == size


def webp(kind: bytes, content: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + kind + b"\0\0\0\0" + content


LOSSLESS = (0xF << 28 | 0x2345 << 14 | 0x1234).to_bytes(4, "little")


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (webp(b"VP8X", b"\0\0\0\0" + bytes([3, 2, 1, 6, 5, 4])), (0x010204, 0x040507)),
        (webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + bytes([0xB3, 0xC4, 0x59, 0x42])), (0x04B3, 0x0259)),
        (webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + bytes([0xFF, 0xFF, 0xFF, 0xFF])), (0x3FFF, 0x3FFF)),
        (webp(b"VP8L", b"\x2f" + LOSSLESS + b"\xff" * 5), (0x1235, 0x2346)),
        (webp(b"VP8L", b"\x2f" + b"\xff" * 9), (0x4000, 0x4000)),
        (webp(b"VP9 ", bytes(range(10))), None),
    ],
)
def test_a_webp_tells_its_size_in_30_bytes(head: bytes, size: tuple[int, int] | None) -> None:
    assert len(head) == 30
    assert headers.size(head) == size
    assert headers.size(head[:29]) is None

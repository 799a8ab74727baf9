"""The size of a picture, read from its first bytes."""

from pathlib import Path

import pytest
from PIL import Image

from akiya.imaging import headers
from tests import images


@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {}), ("WEBP", {"lossless": True}), ("WEBP", {"exif": b"Exif\0\0x"})],
)  # fmt: skip
def test_the_size_is_read_from_each_format(tmp_path: Path, kind: str, options: dict) -> None:
    Image.new("RGB", (1203, 601), "red").save(tmp_path / "x", kind, **options)
    head = (tmp_path / "x").read_bytes()
    assert headers.size(head) == (1203, 601)


def test_the_size_of_heic_is_not_told(tmp_path: Path) -> None:
    head = images.heic(tmp_path / "x.heic").read_bytes()[:4096]
    assert headers.size(head) is None


def test_any_first_bytes_are_read_without_harm(tmp_path: Path) -> None:
    whole = images.panorama(tmp_path / "p.jpg").read_bytes()[:2000]
    for length in range(0, 700, 7):
        assert headers.size(whole[:length]) in (None, (2048, 1024))
    told = {name: headers.size(path.read_bytes()) for name, path in images.broken(tmp_path).items()}
    assert {name: size for name, size in told.items() if size} == {"truncated": (800, 600), "bomb": (30_000, 30_000)}

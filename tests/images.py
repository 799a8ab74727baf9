"""Make pictures for tests."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image


def photo(path: Path, size: tuple[int, int] = (1200, 900), *, orientation: int = 1, gps: bool = False) -> Path:
    """Save a JPEG with a red left half and a blue right half, with EXIF like a phone's."""
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    pixels[:, : size[0] // 2] = (220, 30, 30)
    pixels[:, size[0] // 2 :] = (30, 30, 220)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "CanaryCamera"
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 48.0, 11.0), 3: "E", 4: (130.0, 42.0, 29.0)})
    Image.fromarray(pixels).save(path, "JPEG", exif=exif, quality=90)
    return path


def heic(path: Path, size: tuple[int, int] = (1200, 900)) -> Path:
    """Save a photo like an iPhone's: HEIC, rotated by a quarter turn in its own box, with EXIF and GPS."""
    upright = Image.open(photo(path.with_suffix(".jpg"), size, gps=True))
    exif = upright.getexif()
    exif[0x0112] = 6
    pillow_heif.register_heif_opener()
    upright.save(path, "HEIF", exif=exif.tobytes(), quality=70, enc_params={"preset": "ultrafast"})
    return path


def panorama(path: Path, width: int = 2048, height: int | None = None) -> Path:
    """Save an equirectangular JPEG in which red depends on the longitude and green on the latitude."""
    height = height or width // 2
    lon = (np.arange(width) + 0.5) / width
    lat = (np.arange(height) + 0.5) / height
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = (np.sin(lon * 2 * np.pi) * 100 + 120)[None, :]
    pixels[..., 2] = (np.cos(lon * 2 * np.pi) * 100 + 120)[None, :]
    pixels[..., 1] = (lat * 240)[:, None]
    Image.fromarray(pixels).save(path, "JPEG", quality=95)
    return path


def sphere_picture(width: int = 2048, seed: int = 1) -> Image.Image:
    """Return an equirectangular picture with detail everywhere and no edge, not even at ±180° or the poles."""
    height = width // 2
    lon = ((np.arange(width) + 0.5) / width - 0.5)[None, :] * 2 * np.pi
    lat = (0.5 - (np.arange(height) + 0.5) / height)[:, None] * np.pi
    direction = np.sin(lon) * np.cos(lat), np.sin(lat) + 0 * lon, np.cos(lon) * np.cos(lat)
    rng, pixels = np.random.default_rng(seed), np.full((height, width, 3), 128.0)
    for channel in range(3):
        for _wave in range(4):
            wave = rng.normal(size=3) * 12
            pixels[..., channel] += 25 * np.sin(
                sum(w * d for w, d in zip(wave, direction, strict=True)) + rng.random() * 6
            )
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def gpano(**values: object) -> bytes:
    """Return XMP like a 360° camera's."""
    tags = " ".join(f'GPano:{name}="{value}"' for name, value in values.items())
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description xmlns:GPano="http://ns.google.com/photos/1.0/panorama/" {tags}/></rdf:RDF></x:xmpmeta>'
    ).encode()


def png() -> bytes:
    """Return a map tile of one colour."""
    content = io.BytesIO()
    Image.new("RGB", (256, 256), (220, 226, 214)).save(content, "PNG")
    return content.getvalue()


def bomb(path: Path, side: int = 30_000) -> Path:
    """Save a PNG of a few kilobytes that claims to be `side` pixels wide and high."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * (side // 8 + 1) * 200)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b""))
    return path


def broken(folder: Path) -> dict[str, Path]:
    """Save files that are not usable as pictures, and return their paths by what is wrong with them."""
    whole = io.BytesIO()
    Image.effect_noise((800, 600), 80).convert("RGB").save(whole, "JPEG")
    made = {
        "truncated": whole.getvalue()[:9000],
        "empty": b"",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
        "html": b"<html><script>alert(1)</script></html>",
        "gif": b"GIF89a" + b"\0" * 40,
        "noise": bytes(range(256)) * 20,
    }
    paths = {}
    for name, content in made.items():
        paths[name] = folder / f"{name}.jpg"
        paths[name].write_bytes(content)
    paths["bomb"] = bomb(folder / "bomb.png")
    return paths


def opened(path: Path) -> Image.Image:
    """Return the decoded picture in `path`, with its file closed."""
    with Image.open(path) as image:
        return image.convert("RGB")

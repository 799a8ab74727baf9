"""Two hundred broken and hostile files to send as panoramas; small, and the same in every run."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

from tests import images

REFUSED, MADE, EITHER = "refused", "made", "either"
Case = tuple[str, str, bytes]
"""A name, the expected outcome, and the file. EITHER is for damage that a decoder may or may not notice."""


def saved(picture: Image.Image, kind: str, **more: object) -> bytes:
    content = io.BytesIO()
    picture.save(content, kind, **more)
    return content.getvalue()


def bases() -> dict[str, bytes]:
    """Return a good panorama in each format, with all the metadata that the format can hold."""
    pillow_heif.register_heif_opener()
    picture, exif = images.sphere_picture(), Image.Exif()
    exif[0x010F] = "CanaryCamera"
    more = {"exif": exif.tobytes(), "xmp": images.gpano(PoseHeadingDegrees=10), "icc_profile": srgb()}
    return {
        "jpeg": saved(picture, "JPEG", quality=60, **more),
        "progressive": saved(picture, "JPEG", quality=60, progressive=True, **more),
        "png": saved(picture.quantize(16), "PNG", exif=exif.tobytes(), icc_profile=srgb()),
        "webp": saved(picture, "WEBP", quality=50, method=0, **more),
        "heic": saved(picture, "HEIF", quality=40, enc_params={"preset": "ultrafast"}, **more),
    }


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def cut_off(base: dict[str, bytes]) -> Iterator[Case]:
    """Yield each format cut off in its headers, in its metadata and in its pixels."""
    for kind, shares in (("jpeg", 16), ("progressive", 8), ("png", 12), ("webp", 12), ("heic", 14)):
        whole = base[kind]
        lengths = [1, 3, 11, 13, 40, 200, *(len(whole) * share // shares for share in range(1, shares))]
        for length in lengths:
            # The last bytes of a HEIC or a progressive JPEG may be unimportant.
            late = length > len(whole) * 0.9
            yield f"{kind} cut at {length}", EITHER if late else REFUSED, whole[:length]


def damaged(base: dict[str, bytes]) -> Iterator[Case]:
    """Yield files with some bytes in the middle changed."""
    for kind, count in (("jpeg", 10), ("png", 8), ("webp", 8), ("heic", 12)):
        for number in range(count):
            dice, content = random.Random(f"{kind}{number}"), bytearray(base[kind])
            first = 12 if number % 2 else len(content) // 3
            last = len(content) if number % 2 == 0 else 900
            for _byte in range(1 + number * 4):
                content[dice.randrange(first, last)] = dice.randrange(256)
            yield f"{kind} damaged, {number}", EITHER, bytes(content)


def lying(base: dict[str, bytes]) -> Iterator[Case]:
    """Yield files with headers of another size or another format than the content."""
    jpeg, png = base["jpeg"], base["png"]
    frame = jpeg.index(b"\xff\xc0") + 5
    for width, height in (
        (65_500, 32_750),
        (65_535, 65_535),
        (14_000, 7_000),
        (2048, 1),
        (1, 1024),
        (8192, 4096),
        (2048, 0),
    ):
        sized = jpeg[:frame] + struct.pack(">HH", height, width) + jpeg[frame + 4 :]
        # A JPEG decoder shows missing parts in grey if the file has its end marker.
        wanted = EITHER if width == 2 * height else REFUSED
        yield f"jpeg that says {width}×{height}", wanted, sized
    for width, height in ((2**31 - 1, 2**30), (200_000, 100_000), (14_000, 7_000), (4096, 2048), (0, 0), (2048, 1)):
        yield f"png that says {width}×{height}", REFUSED, png_of(width, height, b"\0" * 4000)
    for width, height in ((16_383, 8191), (14_000, 7000)):
        vp8 = base["webp"].index(b"\x9d\x01\x2a") + 3
        yield (
            f"webp that says {width}×{height}",
            REFUSED,
            (base["webp"][:vp8] + struct.pack("<HH", width, height) + base["webp"][vp8 + 4 :]),
        )
    bodies = {**base, "noise": random.Random(1).randbytes(5000)}
    heads = {"jpeg": jpeg[:20], "png": png[:16], "webp": base["webp"][:16], "heic": base["heic"][:24]}
    for head, body in (("jpeg", "png"), ("png", "webp"), ("webp", "heic"), ("heic", "jpeg")):
        yield f"the head of {head} on {body}", REFUSED, heads[head] + bodies[body][30:]
    for head, start in heads.items():
        yield f"the head of {head} on noise", REFUSED, start + bodies["noise"]


def png_of(width: int, height: int, row: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """Return a PNG whose pixels are one compressed run of `row`, which may be too short."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), *more, (b"IDAT", zlib.compress(row))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in (*parts, (b"IEND", b"")))


def bombs() -> Iterator[Case]:
    """Yield small files that unpack to much: in pixels, in text, in a profile."""
    nothing = b"\0" * 60_000_000
    yield "black of 100 million pixels", REFUSED, saved(Image.new("1", (14_200, 7100)), "PNG")
    yield "black as large as may be", MADE, saved(Image.new("1", (14_000, 7000)), "PNG")
    packed = zlib.compress(nothing)
    for kind, head in ((b"zTXt", b"Comment\0\0"), (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0"), (b"iCCP", b"icc\0\0")):
        yield f"a bomb in {kind.decode()}", EITHER, png_of(2048, 1024, b"\0" * 6_292_480, (kind, head + packed))
    yield "bytes after bytes in IDAT", EITHER, png_of(2048, 1024, nothing)


def profiles() -> Iterator[Case]:
    """Yield pictures with unusable colour profiles, which must be ignored."""
    picture, good = images.sphere_picture(), srgb()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    wrong = {
        "noise": random.Random(2).randbytes(3000), "empty": b"\0" * 128, "cut": good[:150], "of Lab": lab,
        "grey for colours": good.replace(b"RGB XYZ", b"GRAYXYZ"), "a printer's": good.replace(b"mntrRGB ", b"prtrCMYK"),
        "that says it is huge": b"\xff\xff\xff\xf0" + good[4:], "with far offsets": good[:140] + b"\xff" * 60 + good[200:],
    }  # fmt: skip
    for name, content in wrong.items():
        yield f"a profile: {name}", MADE, saved(picture, "JPEG", quality=40, icc_profile=content)


def poses() -> Iterator[Case]:
    """Yield pictures with impossible numbers in XMP, which must be ignored."""
    picture = images.sphere_picture()
    crop = {"FullPanoWidthPixels": 999_999, "FullPanoHeightPixels": 0, "CroppedAreaLeftPixels": -5,
            "CroppedAreaTopPixels": 10**5, "CroppedAreaImageWidthPixels": 2048, "CroppedAreaImageHeightPixels": 1024}  # fmt: skip
    for name, xmp in {
        "a crop that cannot be": images.gpano(**crop),
        "a crop of nothing": images.gpano(**dict.fromkeys(crop, 0)),
        "angles without end": images.gpano(
            PosePitchDegrees="9" * 30_000, PoseRollDegrees="1e999", PoseHeadingDegrees="NaN"
        ),
        "angles too large": images.gpano(PosePitchDegrees=91, PoseRollDegrees=-999, InitialViewPitchDegrees=4000),
        "entities": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>GPano:PosePitchDegrees="&b;"</x>',
        "no text": random.Random(3).randbytes(20_000),
    }.items():
        yield f"xmp: {name}", MADE, saved(picture, "JPEG", quality=40, xmp=xmp)


def other_formats(base: dict[str, bytes]) -> Iterator[Case]:
    """Yield formats that Pillow or a browser could open but no camera writes, and files of two formats at once."""
    picture, small = images.sphere_picture(), images.sphere_picture(256)
    for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "JPEG2000", "AVIF"):
        yield f"a {kind}", REFUSED, saved(small, kind)
    for name, content in {
        "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 2048 1024\n(/etc/passwd) run\n",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="2048" height="1024"><script>1</script></svg>',
        "xbm": b"#define x_width 2048\n#define x_height 1024\nstatic char x_bits[] = {0};",
        "text": "360度画像です".encode(), "psd": b"8BPS\0\1" + b"\0" * 60, "elf": b"\x7fELF" + b"\0" * 200,
        "raw": b"II*\0\x08\0\0\0" + b"\0" * 100, "video": b"\0\0\0\x18ftypmp42" + b"\0" * 300,
    }.items():  # fmt: skip
        yield name, REFUSED, content
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("x.html", "<script>1</script>")
    yield "a panorama and an archive", MADE, base["jpeg"] + archive.getvalue()
    yield "a panorama and a page", MADE, base["jpeg"] + b"<html><script>alert(1)</script></html>"
    yield "a page and a panorama", REFUSED, b"<html><!--" + base["jpeg"]
    yield "a document around a panorama", REFUSED, b"%PDF-1.7\n1 0 obj\nstream\n" + base["jpeg"] + b"endstream"
    yield "gif and script", REFUSED, b"GIF89a/*" + b"\0" * 60 + b"*/=1;alert(1)"
    yield "moving png", REFUSED, saved(picture, "PNG", save_all=True, append_images=[images.sphere_picture(seed=2)])
    yield "moving webp", REFUSED, saved(picture, "WEBP", save_all=True, append_images=[images.sphere_picture(seed=2)])


def unusual() -> Iterator[Case]:
    """Yield good pictures of kinds that often break programs."""
    picture = images.sphere_picture()
    deep = np.asarray(picture.convert("L")).astype(np.uint16) * 257
    for name, content in {
        "cmyk": saved(picture.convert("CMYK"), "JPEG"), "grey": saved(picture.convert("L"), "JPEG"),
        "16 bits": saved(Image.fromarray(deep), "PNG"), "one bit": saved(picture.convert("1"), "PNG"),
        "palette": saved(picture.quantize(8), "PNG"), "alpha": saved(picture.convert("RGBA"), "WEBP", method=0),
        "grey alpha": saved(picture.convert("LA"), "PNG"), "lossless": saved(picture, "WEBP", lossless=True, method=0),
    }.items():  # fmt: skip
        yield f"a good one: {name}", MADE, content


def all_cases() -> list[Case]:
    """Return every file, each with a unique name."""
    base = bases()
    groups = (cut_off(base), damaged(base), lying(base), bombs(), profiles(), poses(), other_formats(base), unusual())
    return [case for group in groups for case in group]

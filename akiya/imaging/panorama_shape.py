"""Check that a picture is a whole or partial equirectangular panorama, and advise what to do about other kinds."""

from math import isclose

import cv2
import numpy as np
from numpy.typing import NDArray

from akiya.errors import BadImage
from akiya.imaging.gpano import Crop

NARROWEST, WIDEST = 2048, 14_000
_RATIO_OFF = 0.01
_ALIKE, _NEAR = 0.9, 12
_PLAIN = 2.0

_EXPORT = (
    "360°カメラのアプリで、つなぎ合わせ済みの「360°写真」（幅が高さの2倍のJPEG）として書き出してから送ってください。"
    "RICOH THETA：アプリで端末に転送した JPEG（RAWではない方）。"
    "Insta360：アプリか Insta360 Studio で「360°写真」を選んで書き出した JPEG（.insp のままではないもの）。"
    "GoPro MAX：GoPro Quik か GoPro Player で「360写真」として書き出した JPEG。"
)
_PHONE = (
    "スマートフォンの「パノラマ」撮影や普通の写真は、全方向が写らないため使えません（写真の欄には入れられます）。"
    "360°カメラを使うか、「フォトスフィア」（全方位撮影）ができるカメラアプリで、真上と真下まで撮ってください。"
)


def check_shape(size: tuple[int, int], crop: Crop | None) -> Crop:
    """Return the place of a picture of `size` pixels in the whole panorama. Raise BadImage, with advice, if it has none.

    The picture's pixels decide, not its metadata: `crop` is used only if it has the picture's shape, and is scaled to its
    pixels.
    """
    width, height = size
    if width > WIDEST or height > WIDEST:
        raise BadImage(f"{width:,}×{height:,}画素あります。幅{WIDEST:,}画素までに縮小してから送ってください。")
    if crop and (placed := _placed(size, crop)):
        return placed
    ratio = width / height
    told = f"この画像は {width:,}×{height:,}画素です。"
    if isclose(ratio, 1, rel_tol=_RATIO_OFF):
        raise BadImage(
            f"{told}縦横が同じ画像は、立体視（ステレオ）用に上下に2枚並べたものか、魚眼の画像のようで、使えません。"
            f"立体視用なら片目分だけにしてください。{_EXPORT}"
        )
    if not isclose(ratio, 2, rel_tol=_RATIO_OFF):
        raise BadImage(f"{told}360度画像は 2:1（幅が高さの2倍）です。{_PHONE}{_EXPORT}")
    if width < NARROWEST:
        raise BadImage(
            f"{told}幅が小さすぎます。{NARROWEST:,}画素以上で撮り直すか、アプリで縮小していない元の大きさで送ってください。"
        )
    return Crop(width, height, 0, 0, width, height)


def _placed(size: tuple[int, int], crop: Crop) -> Crop | None:
    """Return the place of a partial panorama of `size` pixels, or None if `crop` cannot be right.

    A picture of 2:1 counts as whole unless the crop fits it exactly.
    """
    width, height = size
    if crop.width <= 0 or crop.height <= 0:
        return None
    scale = width / crop.width
    looks_whole = isclose(width / height, 2, rel_tol=_RATIO_OFF)
    if not isclose(crop.height * scale, height, rel_tol=_RATIO_OFF) or (looks_whole and scale != 1):
        return None
    full_width, full_height, left, top = (
        round(value * scale) for value in (crop.full_width, crop.full_height, crop.left, crop.top)
    )
    inside = 0 <= left <= full_width - width and 0 <= top <= full_height - height
    sphere = NARROWEST <= full_width <= WIDEST and isclose(full_width, 2 * full_height, rel_tol=_RATIO_OFF)
    return Crop(full_width, full_height, left, top, width, height) if inside and sphere else None


def check_whole(picture: NDArray[np.uint8]) -> None:
    """Raise BadImage, with advice, if a picture of 2:1 is really two pictures: a stereo pair or two fisheye circles."""
    small = cv2.resize(picture, (128, 64), interpolation=cv2.INTER_AREA).astype(np.float32)
    for one, two, words in ((small[:, :64], small[:, 64:], "左右"), (small[:32], small[32:], "上下")):
        if _alike(one, two):
            raise BadImage(
                f"{words}にほぼ同じ画像が並んでいます。立体視（ステレオ）用の画像は使えません。片目分だけにしてください。{_EXPORT}"
            )
    if _two_circles(small.max(axis=2)):
        raise BadImage(f"魚眼の丸い画像が2つ並んでいます。つなぎ合わせる前の画像は使えません。{_EXPORT}")


def _alike(one: NDArray[np.float32], two: NDArray[np.float32]) -> bool:
    """Return whether two halves are a stereo pair: slightly shifted, otherwise alike in pattern and colours.

    The pattern is compared without the mean of each row, because every picture has sky above and ground below.
    """
    left, right = one - one.mean(axis=1, keepdims=True), two - two.mean(axis=1, keepdims=True)
    if min(left.std(), right.std()) < _PLAIN:
        return False
    norm = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return any(
        float((np.roll(left, shift, axis=1) * right).sum()) > _ALIKE * norm
        and float(np.abs(np.roll(one, shift, axis=1) - two).mean()) < _NEAR
        for shift in range(-3, 4)
    )


def _two_circles(bright: NDArray[np.float32]) -> bool:
    """Return whether rows near the edges are black outside two circles but not inside. `bright` has shape (64, 128)."""
    rows, columns = np.mgrid[:64, :128]
    radius = np.hypot(rows - 31.5, columns % 64 - 31.5) / 32
    edge = (rows < 12) | (rows >= 52)
    outside, inside = bright[edge & (radius > 1.15)], bright[edge & (radius < 0.9)]
    return float(np.quantile(outside, 0.95)) < 24 and float(inside.mean()) > 2 * float(outside.mean()) + 16

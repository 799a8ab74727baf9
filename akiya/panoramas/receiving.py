"""Check a 360° picture when it is uploaded, by its size and first bytes; the worker checks the rest."""

from pathlib import Path

from akiya.errors import Invalid
from akiya.imaging import formats, headers

LARGEST_BYTES = 60 * 1024 * 1024
_HEAD_BYTES = 512 * 1024
_NARROWEST = 2048
_FLATTEST, _WIDEST = 1.5, 2.6
_EXPORT = "360°カメラのアプリで「360°写真」（横が縦の2倍のJPEG）として書き出したものを選んでください。"


def check(source: Path) -> None:
    """Raise Invalid, for the field `file`, if the file is certainly not a usable 360° picture.

    A cropped panorama, recognised by its GPano tags, is accepted whatever its proportions.
    """
    if message := _refused(source):
        raise Invalid(message, {"file": message})


def _refused(source: Path) -> str:
    length = source.stat().st_size
    with source.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if length > LARGEST_BYTES:
        megabytes = f"{length / 1024 / 1024:.0f}MB"
        return f"大きさが{megabytes}です。送れるのは60MBまでです。カメラのアプリで画質を下げて書き出してください。"
    if not head:
        return "ファイルの中身が空です。元の機器で開けるか確かめてから、選び直してください。"
    if formats.of(head, formats.PANORAMA) is None:
        return f"画像として開けません。PDFや動画、RAWは使えません。{_EXPORT}"
    found = headers.size(head)
    if found is None or b"GPano:CroppedArea" in head:
        return ""
    width, height = found
    told = f"この画像は {width:,}×{height:,} 画素です。"
    if not _FLATTEST <= width / height <= _WIDEST:
        return f"{told}360度画像は横が縦の2倍です。普通の写真やスマートフォンの「パノラマ」は使えません。{_EXPORT}"
    if width < _NARROWEST:
        return f"{told}横が{_NARROWEST:,}画素以上の画像が要ります。縮小していない元の画像を選んでください。"
    return ""

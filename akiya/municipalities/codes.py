"""The national codes of municipalities (全国地方公共団体コード): 5 digits, or 6 with a check digit."""

import unicodedata

from akiya.errors import Invalid


def code6(code: str) -> str:
    """Return the 6-digit code of a 5-digit one.

    The check digit is the last digit of 11 - s % 11, where s is the sum of the digits with the weights 6 to 2, as the
    Ministry of Internal Affairs defines it for these codes.
    """
    total = sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=True))
    return f"{code}{(11 - total % 11) % 10}"


def code5(text: str) -> str:
    """Return the 5-digit code of `text`, which has 5 digits or 6 with the right check digit. Raise Invalid."""
    digits = unicodedata.normalize("NFKC", text).strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) in (5, 6)):
        message = f"「{text[:20]}」は市町村コードではありません。5桁、または検査数字をつけた6桁の数字で入れてください。例：43214"
    elif len(digits) == 6 and code6(digits[:5]) != digits:
        message = (
            f"「{digits}」は検査数字（6桁目）が合いません。{digits[:5]} の検査数字は {code6(digits[:5])[5]} です。"
            "もとの資料と見比べてください。"
        )
    else:
        return digits[:5]
    raise Invalid(message, {"code": message})

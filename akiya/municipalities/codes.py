"""Municipality codes."""


def code6(code: str) -> str:
    """The 6-digit code of a 5-digit one: its check digit is 11 less the weighted sum modulo 11 (weights 6 to 2)."""
    total = sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=True))
    return f"{code}{(11 - total % 11) % 10}"

"""Confirmation codes of an authenticator app (TOTP, RFC 6238): six digits that change every thirty seconds."""

import unicodedata
from datetime import datetime
from hmac import compare_digest

import pyotp
import segno

_STEP_S = 30
_ISSUER = "akiya"


def new_secret() -> str:
    """Generate the secret of an account, in base32."""
    return pyotp.random_base32()


def picture(secret: str, email: str) -> str:
    """Return the QR code that sets up an authenticator app, as a data: URI of an SVG image."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff"))


def step_of(secret: str, code: str, moment: datetime) -> int | None:
    """Return the 30-second time step whose code this is, or None if the code is wrong.

    The current step, the one before and the one after are accepted, because clocks differ. The comparison takes the
    same time for every code.
    """
    digits = "".join(unicodedata.normalize("NFKC", code).split())
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 6):
        return None
    present = int(moment.timestamp()) // _STEP_S
    found = None
    for step in (present - 1, present, present + 1):
        if compare_digest(pyotp.TOTP(secret).at(step * _STEP_S), digits):
            found = step
    return found

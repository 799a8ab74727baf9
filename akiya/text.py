"""Text made comparable: one form for full and half width, upper and lower case."""

import re
import unicodedata


def normalise(text: str) -> str:
    """`text` in NFKC, case-folded, with runs of white space as one space."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()

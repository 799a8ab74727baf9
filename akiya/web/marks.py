"""Showing where the words that were searched stand in a text."""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from akiya.text import searchable

_AROUND = 28
_CHARACTER = re.compile(r".[ﾞﾟ\u3099\u309a]?", re.S)
"""A character with its voicing mark, where that stands alone."""


def hits(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """The (start, end) of each stretch of `text` in which one of `words`, in searchable form, stands; none overlap."""
    # A character may become several (㈱ → (株)), and two become one (ｶﾞ → が): each character of the comparable text
    # knows which stretch of `text` it comes from.
    comparable, origin = "", []
    for part in _CHARACTER.finditer(text):
        form = " " if part[0].isspace() else searchable(part[0])
        comparable += form
        origin += [part.span()] * len(form)
    found = []
    for word in words:
        start = comparable.find(word) if word else -1
        while start >= 0:
            found.append((origin[start][0], origin[start + len(word) - 1][1]))
            start = comparable.find(word, start + len(word))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def marked(text: str, words: Sequence[str]) -> Markup:
    """`text` as HTML with the words marked."""
    if not words:
        return escape(text)
    parts, place = [], 0
    for start, end in hits(text, words):
        parts += [escape(text[place:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        place = end
    return Markup("").join([*parts, escape(text[place:])])


def excerpt(text: str, words: Sequence[str]) -> str:
    """The stretch of `text` around the first word in it; "" where none stands."""
    text = " ".join(text.split())
    found = hits(text, words)
    if not found:
        return ""
    start, end = max(0, found[0][0] - _AROUND), min(len(text), found[0][1] + _AROUND)
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"

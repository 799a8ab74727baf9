"""Highlighting the searched words in a text."""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from akiya.text import searchable

_AROUND = 28
_CHARACTER = re.compile(r".[ﾞﾟ\u3099\u309a]?", re.S)
"""A character with its voicing mark, where that is a character of its own."""


def hits(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return the (start, end) positions in `text` where one of `words`, in searchable form, occurs; none overlap."""
    # A character may become several (㈱ → (株)), and two become one (ｶﾞ → が): each character of the comparable text
    # is stored with the part of `text` that it comes from.
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
    """Return `text` as escaped HTML, with the words in <mark>."""
    if not words:
        return escape(text)
    parts, place = [], 0
    for start, end in hits(text, words):
        parts += [escape(text[place:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        place = end
    return Markup("").join([*parts, escape(text[place:])])


def excerpt(text: str, words: Sequence[str]) -> str:
    """Return the part of `text` around the first of the words in it; "" if none occurs."""
    text = " ".join(text.split())
    found = hits(text, words)
    if not found:
        return ""
    start, end = max(0, found[0][0] - _AROUND), min(len(text), found[0][1] + _AROUND)
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"

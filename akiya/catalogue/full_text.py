"""Full-text search in listings by bigrams (pairs of characters): words of any length, same answers on both engines."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, and_, column, func, literal, literal_column, select, table
from sqlalchemy.engine import Connection

from akiya.cache import PerRevision
from akiya.catalogue.columns import Array
from akiya.db import db, time_limit
from akiya.listings.enums import LISTED
from akiya.listings.models import Listing
from akiya.text import bigram_token, bigrams

L = Listing.__table__.c
_KEPT = 32
_LONGEST_S = 2.0


@dataclass(frozen=True)
class TextHits:
    """The ids of listed homes that contain every word, and of those with every word in number, title or town."""

    ids: Array
    in_head: Array


def find(words: Sequence[str]) -> TextHits:
    """Find the listed homes whose public text contains each of `words`, which are normalised by text.searchable().

    Raise TooSlow if that takes longer than two seconds.
    """
    kept, key = _recent(), tuple(words)
    if key not in kept:
        if len(kept) >= _KEPT:
            kept.clear()
        kept[key] = _find(key)
    return kept[key]


def hold(words: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a home, listed or not, contains each of `words`, normalised by text.searchable()."""
    # The index only finds homes that have all the bigrams; whether these are next to each other is seen in the text.
    return and_(_candidates(words), *[L.search_text.contains(word, autoescape=True) for word in words])


def _none_yet(connection: Connection) -> dict[tuple[str, ...], TextHits]:
    return {}


_recent: PerRevision[dict[tuple[str, ...], TextHits]] = PerRevision(_none_yet)


def _find(words: Sequence[str]) -> TextHits:
    in_head = and_(*[L.search_head.contains(word, autoescape=True) for word in words])
    query = select(L.id, in_head).where(L.status.in_(LISTED), hold(words))
    with time_limit(
        _LONGEST_S, "このキーワードは、さがすのに時間がかかりすぎます。言葉を足すか、長い言葉に変えてください。"
    ):
        found = db.session.execute(query).all()
    return TextHits(
        np.array([listing_id for listing_id, _head in found], np.int64),
        np.array([listing_id for listing_id, head in found if head], np.int64),
    )


def _candidates(words: Sequence[str]) -> ColumnElement[bool]:
    whole = sorted({bigram for word in words if len(word) > 1 for bigram in bigrams(word) if bigram[1] != " "})
    beginnings = sorted({word for word in words if len(word) == 1})
    if db.engine.dialect.name == "postgresql":
        quoted = ["'" + text.replace("\\", "\\\\").replace("'", "''") + "'" for text in whole]
        quoted += ["'" + text.replace("\\", "\\\\").replace("'", "''") + "':*" for text in beginnings]
        grams = func.akiya_bigrams(L.search_text)
        return grams.op("@@", is_comparison=True)(literal(" & ".join(quoted)).op("::")(literal_column("tsquery")))
    terms = [f'"{bigram_token(text)}"' for text in whole] + [f'"{bigram_token(text)}"*' for text in beginnings]
    index = table("listing_bigrams", column("rowid"))
    matches = literal_column("listing_bigrams").op("MATCH", is_comparison=True)(" AND ".join(terms))
    return L.id.in_(select(index.c.rowid).where(matches))

"""What is computed from a listing's other fields and kept beside them for the search."""

from typing import Any

from akiya.listings import pictograms
from akiya.text import normalise

# Public fields only: what stands here can be found by anyone.
_WORDS = ("number", "title", "town", "layout", "station_line", "station", "appeal", "remarks", "conditions", "zoning")


def derive(listing: Any, municipality_name: str) -> dict[str, Any]:
    """The pictogram bits and the searchable text of a listing's fields, by column name."""
    words = [municipality_name, *[getattr(listing, name) or "" for name in _WORDS]]
    return {"features": pictograms.mask(listing), "search_text": normalise(" ".join(words))}

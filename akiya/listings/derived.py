"""What is computed from a listing's other fields and kept beside them for the search."""

from typing import Any

from akiya.listings import pictograms
from akiya.text import searchable

# Public fields only: what stands here can be found by anyone.
_HEAD = ("number", "title", "town")
_BODY = ("layout", "station_line", "station", "appeal", "remarks", "conditions", "zoning")


def derive(listing: Any, municipality_name: str) -> dict[str, Any]:
    """The pictogram bits and the searchable texts of a listing's fields, by column name.

    `search_head` is what names the home: words found there count for more. `search_text` is all that is searched.
    """
    head, body = (" ".join(getattr(listing, name) or "" for name in names) for names in (_HEAD, _BODY))
    head = searchable(f"{head} {municipality_name}")
    return {"features": pictograms.mask(listing), "search_head": head, "search_text": f"{head} {searchable(body)}"}

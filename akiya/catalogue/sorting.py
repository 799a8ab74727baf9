"""The orders of the search, one row each."""

from dataclasses import dataclass
from typing import Self

from akiya.choices import Choice


@dataclass(frozen=True)
class Order:
    """How homes are ordered: by a column of the catalogue, "not stated" last, equal ones newest first.

    `column` may also be "newest" (homes overdue for confirmation last) or "waiting" (longest listed first). `of_rent`
    replaces it if only homes for rent are asked for. `needs` names the criterion that the order requires: "near" orders
    by the distance from it, "words" by where they are found.
    """

    column: str
    descending: bool = False
    of_rent: str = ""
    needs: str = ""


class Sort(Choice):
    """An order that a search can ask for: its value, its labels, and how homes are ordered."""

    order: Order

    def __new__(cls, value: str, ja: str = "", en: str = "", order: Order = Order("newest")) -> Self:
        """Create a member from its value, its labels and its order."""
        # Not super(): Enum has replaced Choice's __new__ with its own, which looks a member up.
        member = str.__new__(cls, value)
        member._value_ = value
        member.ja, member.en, member.order = ja, en, order
        return member

    RELEVANCE = "relevance", "キーワードに近い順", "Best match", Order("newest", needs="words")
    NEWEST = "newest", "新着順", "Newest", Order("newest")
    WAITING = "waiting", "掲載の長い順", "Longest listed", Order("waiting")
    PRICE_ASC = "price_asc", "価格の安い順", "Price, low to high", Order("price", of_rent="rent")
    PRICE_DESC = "price_desc", "価格の高い順", "Price, high to low", Order("price", descending=True, of_rent="rent")
    AREA = "area", "建物の広い順", "Floor area", Order("floor_area", descending=True)
    DISTANCE = "distance", "近い順", "Distance", Order("newest", needs="near")


def keys() -> set[tuple[str, bool]]:
    """Return every (column, descending) that an order uses."""
    return {
        (column, sort.order.descending) for sort in Sort for column in (sort.order.column, sort.order.of_rent) if column
    }

"""The orders of the search, one row each."""

from dataclasses import dataclass

from akiya.choices import Choice
from akiya.language import N_


@dataclass(frozen=True)
class Order:
    """An order of homes by a column of the catalogue, with "not stated" last and equal ones newest first.

    `column` may also be "newest" (homes overdue for confirmation last) or "waiting" (longest listed first). `of_rent`
    replaces it if only homes for rent are asked for. `needs` names the criterion that the order requires: "near" orders
    by the distance from it, "words" by where they are found.
    """

    column: str
    descending: bool = False
    of_rent: str = ""
    needs: str = ""


class Sort(Choice):
    """An order that a search can ask for: its value, its label, and how homes are ordered."""

    order: Order

    def __init__(self, value: str, message: str = "", order: Order = Order("newest")) -> None:
        super().__init__(value, message)
        self.order = order

    RELEVANCE = "relevance", N_("キーワードに近い順"), Order("newest", needs="words")
    NEWEST = "newest", N_("新着順"), Order("newest")
    WAITING = "waiting", N_("掲載の長い順"), Order("waiting")
    PRICE_ASC = "price_asc", N_("価格の安い順"), Order("price", of_rent="rent")
    PRICE_DESC = "price_desc", N_("価格の高い順"), Order("price", descending=True, of_rent="rent")
    AREA = "area", N_("建物の広い順"), Order("floor_area", descending=True)
    DISTANCE = "distance", N_("近い順"), Order("newest", needs="near")


def keys() -> set[tuple[str, bool]]:
    """Return every (column, descending) that an order uses."""
    return {
        (column, sort.order.descending) for sort in Sort for column in (sort.order.column, sort.order.of_rent) if column
    }

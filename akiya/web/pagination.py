"""One page of a longer list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

T = TypeVar("T")
_MOST_PAGES = 10_000


def page_number() -> int:
    """Return the number of the requested page, from 1."""
    return max(1, min(_MOST_PAGES, request.args.get("page", 1, type=int)))


@dataclass(frozen=True)
class Page(Generic[T]):
    """The rows of one page, the exact total, and the addresses of the other pages."""

    items: Sequence[T]
    total: int
    number: int
    per_page: int
    url: Callable[[int], str]

    @property
    def pages(self) -> int:
        """Return the number of pages, at least one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """Return the position of the page's first row, from 1; 0 if the page is empty."""
        return (self.number - 1) * self.per_page + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Return the position of the page's last row; 0 if the page is empty."""
        return self.first + len(self.items) - 1 if self.items else 0

    @property
    def previous_url(self) -> str | None:
        """Return the address of the previous page, or None on the first."""
        return self.url(self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        """Return the address of the next page, or None on the last."""
        return self.url(self.number + 1) if self.number < self.pages else None

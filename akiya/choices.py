"""Base class of every closed vocabulary: a stored value with a label in the languages of the site."""

from enum import Enum
from typing import Any, Self

from akiya.language import Labelled


class Choice(Labelled, str, Enum):  # noqa: UP042  (StrEnum does not allow a label next to the value)
    """A member of a closed vocabulary: the string that is stored, and the Japanese message that labels it.

    A subclass whose rows hold more takes it in `__init__`.
    """

    def __new__(cls, value: str, *_row: Any) -> Self:
        """Create a member from its stored value."""
        member = str.__new__(cls, value)
        member._value_ = value
        return member

    def __init__(self, _value: str, message: str = "") -> None:
        self.message = message

    @classmethod
    def of(cls, value: str | None) -> Self | None:
        """Return the member with this stored value, or None for any other text."""
        return next((member for member in cls if member == value), None)

    def __str__(self) -> str:
        return str(self.value)

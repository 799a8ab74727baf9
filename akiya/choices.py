"""Base class of every closed vocabulary: a stored value with a Japanese and an English label."""

from enum import Enum
from typing import Self


class Choice(str, Enum):  # noqa: UP042  (StrEnum does not allow labels next to the value)
    """A member of a closed vocabulary: the string that is stored, with its labels `ja` and `en`."""

    ja: str
    en: str

    def __new__(cls, value: str, ja: str = "", en: str = "") -> Self:
        """Create a member from its stored value and its labels."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.ja = ja
        member.en = en
        return member

    @classmethod
    def of(cls, value: str | None) -> Self | None:
        """Return the member with this stored value, or None for any other text."""
        return next((member for member in cls if member == value), None)

    def __str__(self) -> str:
        return str(self.value)

    def label(self, language: str) -> str:
        """Return the label in `language` ("ja" or "en")."""
        return self.en if language == "en" else self.ja

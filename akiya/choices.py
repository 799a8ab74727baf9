"""Base of every closed vocabulary: a stored value with a Japanese and an English label."""

from enum import Enum
from typing import Self


class Choice(str, Enum):  # noqa: UP042  (StrEnum forbids the labels beside the value)
    """A member is its stored value; `ja` and `en` are its labels."""

    ja: str
    en: str

    def __new__(cls, value: str, ja: str = "", en: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.ja = ja
        member.en = en
        return member

    @classmethod
    def of(cls, value: str | None) -> Self | None:
        """The member with this stored value; None for any other text."""
        return next((member for member in cls if member == value), None)

    def __str__(self) -> str:
        return str(self.value)

    def label(self, language: str) -> str:
        """The label in `language` ("ja" or "en")."""
        return self.en if language == "en" else self.ja

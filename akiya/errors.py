"""Errors that a user caused or may mend. Their text is Japanese and safe to show."""

from collections.abc import Mapping


class AkiyaError(Exception):
    """Base of every error of the application's own."""


class NotFound(AkiyaError):
    """There is no such record, or it belongs to another municipality."""


class NotAllowed(AkiyaError):
    """The account may read this but not change it."""


class Invalid(AkiyaError):
    """A value is wrong. `errors` maps a field's name to its message."""

    def __init__(self, message: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.errors = dict(errors or {})


class BadImage(AkiyaError):
    """A picture cannot be used; the text says why and what to do."""


class TooSlow(AkiyaError):
    """A question took longer than it may; the text says what to change."""


class StorageFailed(AkiyaError):
    """Files can be neither kept nor read now; the text says why and what to do."""


class ConfigError(Exception):
    """A setting is missing or wrong; the text names it, its value and the remedy."""

"""Errors that a user caused or can fix. Their text is Japanese and safe to show."""

from collections.abc import Mapping


class AkiyaError(Exception):
    """Base class of the application's own errors."""


class NotFound(AkiyaError):
    """The record does not exist, or it belongs to another municipality."""


class NotAllowed(AkiyaError):
    """The account may read this but not change it."""


class Invalid(AkiyaError):
    """A value is wrong. `errors` maps a field's name to its message."""

    def __init__(self, message: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.errors = dict(errors or {})


class BadImage(AkiyaError):
    """An image cannot be used; the text says why and what to do."""


class TooSlow(AkiyaError):
    """A query took longer than allowed; the text says what to change."""


class StorageFailed(AkiyaError):
    """Files can be neither stored nor read at the moment; the text says why and what to do."""


class ConfigError(Exception):
    """A setting is missing or wrong; the text names it, its value and the remedy."""

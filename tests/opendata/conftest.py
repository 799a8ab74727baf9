"""Use the homes of the API's tests."""

from tests.pages.api.conftest import homes  # noqa: F401  (a fixture)

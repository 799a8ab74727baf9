"""Names for dictionaries whose values have no type in common."""

from typing import Any  # as below

Values = dict[str, Any]
"""The values of a record by name of column, field or setting; each name has a type of its own."""
JsonObject = dict[str, Any]
"""An object of JSON, as it was read or will be written."""

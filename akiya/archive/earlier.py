"""Archives of the database version before this one: which of their members hold the rows of a table, and how they are read.

Pure: no database, no files.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

VERSIONS = ("0011",)
"""The older versions whose archives can be restored. A later migration removes them, or extends `converted`."""
_Rows = Iterator[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class _EnglishColumns:
    """Where a table of texts by language had its English ones: columns of `table`, by the names that they have now.

    `key` is the column that refers to `table`, and `identity` the one there to which it refers.
    """

    table: str
    key: str
    identity: str
    texts: Mapping[str, str]


# Until 0011, texts in English were columns; now texts in other languages than Japanese are rows by language.
_COLUMNS = {
    "prefecture_name": _EnglishColumns("prefecture", "code", "code", {"name": "name_en"}),
    "municipality_name": _EnglishColumns("municipality", "municipality_code", "code", {"name": "name_en"}),
    "scene_text": _EnglishColumns(
        "scene", "scene_id", "id", {"title": "title_en", "description": "description_en"}
    ),
    "spot_text": _EnglishColumns("spot", "spot_id", "id", {"text": "text_en"}),
}  # fmt: skip


def holder(version: str, table: str) -> str:
    """Return the table whose rows in an archive of this version contain those of `table`."""
    return _COLUMNS[table].table if version in VERSIONS and table in _COLUMNS else table


def converted(version: str, table: str, rows: _Rows) -> _Rows:
    """Yield the rows of `table`, each with its place, from those of its `holder`."""
    if version not in VERSIONS:
        yield from rows
        return
    here = _COLUMNS.get(table)
    gone = {old for columns in _COLUMNS.values() if columns.table == table for old in columns.texts.values()}
    for place, row in rows:
        if here is None:
            yield place, {name: value for name, value in row.items() if name not in gone}
        elif any(row.get(old) for old in here.texts.values()):
            texts = {new: row.get(old) for new, old in here.texts.items()}
            yield place, {here.key: row.get(here.identity), "language": "en", **texts}

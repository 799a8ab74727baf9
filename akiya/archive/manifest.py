"""The manifest of an archive, and the names of its members. Pure: no database, no files."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from akiya.errors import Invalid
from akiya.values import JsonObject

FORMAT, FORMAT_VERSION = "akiya-archive", 1
MANIFEST, README, FILES = "manifest.json", "README.txt", "files.jsonl"
FOLDER = "files/"
"""Folder in the archive: the member of a stored file is this followed by its storage key."""
DERIVED = "public/panoramas/"
"""Prefix of the storage keys of files that the worker can make again from the originals."""
LONGEST = 1 << 20
"""Maximum size of a manifest in bytes."""


def member_of(table: str) -> str:
    """Return the name of the archive's member with the rows of a table."""
    return f"data/{table}.jsonl"


@dataclass(frozen=True)
class ArchivePart:
    """A member of an archive: its size in bytes, its SHA-256 in hexadecimal, and the number of its rows (JSON lines)."""

    size: int
    sha256: str
    rows: int = 0


@dataclass(frozen=True)
class Manifest:
    """The description of an archive that is stored in it.

    `parts` are its members by name, without the stored files: these are listed in FILES, and `files` and `bytes` are
    their number and total size. `accounts` says whether password hashes are included, `derived` whether files are that
    can be made again from the originals.
    """

    database_version: str
    made_at: str
    prefecture: str
    accounts: bool
    derived: bool
    files: int = 0
    bytes: int = 0
    parts: Mapping[str, ArchivePart] = field(default_factory=dict)

    def text(self) -> str:
        """Return the manifest as the JSON that is written to the archive."""
        return json.dumps(
            {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self)}, ensure_ascii=False, indent=1
        )


def read(text: bytes, source: str) -> Manifest:
    """Parse a manifest; `source` names the archive in messages.

    Raise Invalid if it cannot be read, is of another format or of a newer version of this one.
    """
    try:
        given: JsonObject = json.loads(text)
        kind, version = given.pop("format"), given.pop("format_version")
        if kind != FORMAT or not isinstance(version, int):
            raise ValueError
        if version > FORMAT_VERSION:
            raise Invalid(
                f"{source}：より新しい akiya が書き出したものです（形式 {version}。ここで読めるのは {FORMAT_VERSION} まで）。"
                "akiya を新しくしてから取り込んでください。"
            )
        parts = {name: ArchivePart(**part) for name, part in given.pop("parts").items()}
        return Manifest(parts=parts, **given)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(
            f"{source}：{MANIFEST} を読めません。akiya archive export で書き出したファイルを、そのまま指定してください。"
        ) from error

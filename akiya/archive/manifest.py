"""What an archive says of itself, and the names in it. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from akiya.errors import Invalid

FORMAT, FORMAT_VERSION = "akiya-archive", 1
MANIFEST, README, FILES = "manifest.json", "README.txt", "files.jsonl"
FOLDER = "files/"
"""Before each storage key."""
DERIVED = "public/panoramas/"
"""Below it lie files that the worker makes anew from the originals."""
LONGEST = 1 << 20
"""Bytes that a manifest may have at most."""


def member_of(table: str) -> str:
    """The name of the table's rows in an archive."""
    return f"data/{table}.jsonl"


@dataclass(frozen=True)
class ArchivePart:
    """A member: its bytes, their SHA-256 in hexadecimal, and how many lines of JSON it has."""

    size: int
    sha256: str
    rows: int = 0


@dataclass(frozen=True)
class Manifest:
    """An archive's own account: `parts` by their names, but for the files, which FILES lists; `files` and `bytes` count them.

    `accounts` says whether passwords are in it, `derived` whether files that can be made anew are.
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
        """As it stands in an archive."""
        return json.dumps(
            {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self)}, ensure_ascii=False, indent=1
        )


def read(text: bytes, source: str) -> Manifest:
    """The manifest. Raises Invalid for one of another format, or a newer one."""
    try:
        given: dict[str, Any] = json.loads(text)
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

"""An archive of the database version before this one is restored with everything that its columns held."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from akiya.archive import restoring, tables
from akiya.db import db
from akiya.errors import Invalid
from akiya.municipalities.models import Municipality
from akiya.storage.local import LocalStorage
from tests.archive.conftest import Members, packed, said

pytestmark = [pytest.mark.engines, pytest.mark.slow, pytest.mark.parametrize("storage", ["local"], indirect=True)]
COLUMNS = {
    "prefecture_name": ("code", "prefecture", "code", {"name": "name_en"}),
    "municipality_name": ("municipality_code", "municipality", "code", {"name": "name_en"}),
    "scene_text": ("scene_id", "scene", "id", {"title": "title_en", "description": "description_en"}),
    "spot_text": ("spot_id", "spot", "id", {"text": "text_en"}),
}


def lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def to_0011(members: Members) -> dict[str, list[dict[str, Any]]]:
    """Change the members to what version 0011 exported; return the rows in English that it held as columns."""
    english = {}
    manifest = json.loads(members["manifest.json"])
    for name, (key, table, identity, texts) in COLUMNS.items():
        rows = [row for row in lines(members.pop(f"data/{name}.jsonl")) if row["language"] == "en"]
        english[name] = rows
        by_key = {row[key]: row for row in rows}
        held = lines(members[f"data/{table}.jsonl"])
        for row in held:
            found = by_key.get(row[identity], {})
            row |= {old: found.get(new, "") for new, old in texts.items()}
        content = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in held)
        members[f"data/{table}.jsonl"] = content
        del manifest["parts"][f"data/{name}.jsonl"]
        part = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "rows": len(held)}
        manifest["parts"][f"data/{table}.jsonl"] = part
    said(members, **{**manifest, "database_version": "0011"})
    return english


def test_texts_in_english_columns_become_rows(members: Members, empty: Flask, tmp_path: Path) -> None:
    for name in ("scene_text", "spot_text"):
        members[f"data/{name}.jsonl"] = members[f"data/{name}.jsonl"].replace(b'"language":"1"', b'"language":"en"')
    english = to_0011(members)
    assert all(english.values())
    with empty.app_context():
        restoring.restore(LocalStorage(tmp_path / "other"), packed(tmp_path, members))
        with db.engine.connect() as connection:
            for name, rows in english.items():
                assert list(tables.rows(connection, db.metadata.tables[name], accounts=False)) == rows
        assert db.session.get(Municipality, "43214").names == {"en": "Aso City"}


def test_its_tables_must_be_complete(members: Members, empty: Flask, tmp_path: Path) -> None:
    to_0011(members)
    manifest = json.loads(members["manifest.json"])
    del manifest["parts"]["data/spot.jsonl"]
    said(members, **manifest)
    with empty.app_context(), pytest.raises(Invalid, match=r"data/spot\.jsonl"):
        restoring.restore(LocalStorage(tmp_path / "other"), packed(tmp_path, members))

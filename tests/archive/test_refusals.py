"""An archive that must not be imported is refused with one line, and nothing of it is stored."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from akiya.archive import restoring, tables
from akiya.db import db
from akiya.errors import Invalid
from akiya.storage.local import LocalStorage
from tests.archive.conftest import Members, packed, said

pytestmark = [pytest.mark.engines, pytest.mark.slow, pytest.mark.parametrize("storage", ["local"], indirect=True)]


def _newer_format(members: Members) -> None:
    said(members, format_version=2)


def _newer_database(members: Members) -> None:
    said(members, database_version="9999")


def _older_database(members: Members) -> None:
    said(members, database_version="0001")


def _other_prefecture(members: Members) -> None:
    said(members, prefecture="大分県")


def _other_format(members: Members) -> None:
    said(members, format="something")


def _no_manifest(members: Members) -> None:
    del members["manifest.json"]


def _changed_row(members: Members) -> None:
    members["data/listing.jsonl"] = members["data/listing.jsonl"].replace(b"4800000", b"4800001")


def _changed_file(members: Members) -> None:
    members["files/private/panoramas/a"] = members["files/private/panoramas/a"].replace(b"a", b"b")


def _outside(members: Members) -> None:
    members["files/public/../../etc/passwd"] = b""


def _absolute(members: Members) -> None:
    members["/etc/passwd"] = b""


def _bomb(members: Members) -> None:
    members["data/listing.jsonl"] += b"\0" * 5_000_000


def _lost_file(members: Members) -> None:
    del members["files/private/panoramas/a"]


def _lost_table(members: Members) -> None:
    del members["data/visits.jsonl"]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (_newer_format, "より新しい akiya"),
        (_newer_database, "より新しい版（9999）"),
        (_older_database, "古い版（0001）"),
        (_other_prefecture, "AKIYA_PREFECTURE=大分県"),
        (_other_format, "manifest.json を読めません"),
        (_no_manifest, "manifest.json がない"),
        (_changed_row, r"data/listing.jsonl の内容が.*SHA-256"),
        (_changed_file, r"files/private/panoramas/a の内容が.*SHA-256"),
        (_outside, "保存できる場所の外"),
        (_absolute, "保存できる場所の外"),
        (_bomb, "バイトのはずですが"),
        (_lost_file, "バイトのはずですが"),
        (_lost_table, "data/visits.jsonl がありません"),
    ],
)
def test_a_wrong_archive_is_one_line_and_leaves_no_row(
    members: Members, empty: Flask, tmp_path: Path, damage: Callable[[Members], None], reason: str
) -> None:
    damage(members)
    with empty.app_context():
        with pytest.raises(Invalid, match=reason) as told:
            restoring.restore(LocalStorage(tmp_path / "other"), packed(tmp_path, members))
        assert "\n" not in str(told.value)
        assert tables.occupied(db.session) == {}
        assert db.session.scalar(select(func.count()).select_from(db.metadata.tables["municipality"])) == 45


def test_a_row_that_cannot_be_read_undoes_the_whole(members: Members, empty: Flask, tmp_path: Path) -> None:
    """Refuse it even if the checksums fit: the last table has a wrong value, the tables before are filled already."""
    last = tables.chosen(accounts=False)[-1].name
    manifest = json.loads(members["manifest.json"])
    for name, old, new in ((f"data/{last}.jsonl", b'":', b'x":'),):
        content = members[name] = members[name].replace(old, new, 1)
        manifest["parts"][name] |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    said(members, **manifest)
    with empty.app_context():
        with pytest.raises(Invalid, match=f"data/{last}.jsonl の1行目：列が表の列と合いません"):
            restoring.restore(LocalStorage(tmp_path / "other"), packed(tmp_path, members))
        assert tables.occupied(db.session) == {}


def test_a_broken_zip_is_one_line(members: Members, empty: Flask, tmp_path: Path) -> None:
    whole = (tmp_path / "all.zip").read_bytes()
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    with empty.app_context(), pytest.raises(Invalid, match=r"half\.zip：ZIP として読めない"):
        restoring.restore(LocalStorage(tmp_path / "other"), tmp_path / "half.zip")


def test_a_database_with_rows_is_left_alone(
    members: Members, full: Flask, storage: LocalStorage, tmp_path: Path
) -> None:
    with pytest.raises(Invalid, match="空ではありません"):
        restoring.restore(storage, tmp_path / "all.zip")


def test_files_that_are_there_are_not_copied_again(members: Members, empty: Flask, tmp_path: Path) -> None:
    """Stop while files are copied, which leaves the database empty; the next import continues."""
    target = LocalStorage(tmp_path / "other")

    def stop(size: int) -> None:
        raise KeyboardInterrupt

    with empty.app_context():
        with pytest.raises(KeyboardInterrupt):
            restoring.restore(target, tmp_path / "all.zip", progress=stop)
        assert tables.occupied(db.session) == {}
        there = len([*target.keys("public"), *target.keys("private")])
        restored = restoring.restore(target, tmp_path / "all.zip")
        assert there > 0
        assert restored.kept == there
        assert restored.saved + restored.kept == restored.manifest.files

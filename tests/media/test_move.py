"""Copy every file to another storage: checked, continued after a break, nothing twice."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from akiya.errors import StorageFailed
from akiya.media import service
from akiya.storage.base import Storage, Stored
from akiya.storage.local import LocalStorage
from akiya.storage.s3 import S3Storage
from tests import buckets
from tests.shell import akiya
from tests.waiting import until

pytestmark = pytest.mark.slow


def fill(storage: Storage, folder: Path, count: int = 15) -> dict[str, bytes]:
    """Store public and private files, some of the same length, and return their bytes by key."""
    made = {}
    path = folder / "made"
    for number in range(count):
        for key in (f"public/photos/p{number}/320.webp", f"private/photos/p{number}"):
            made[key] = f"{key}:{number:04}".encode() * (number + 1)
            path.write_bytes(made[key])
            storage.save(key, path)
    return made


def held(storage: Storage, folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file in `storage` by key."""
    found = {}
    for top in ("public", "private"):
        for key in storage.keys(top):
            storage.fetch(key, folder / "held")
            found[key] = (folder / "held").read_bytes()
    return found


def other(storage: Storage, folder: Path, endpoint: str) -> Storage:
    """Return an empty storage of the other kind."""
    if isinstance(storage, S3Storage):
        return LocalStorage(folder / "other")
    return S3Storage(buckets.make(endpoint), "files", endpoint, "")


def move(source: Storage, target: Storage, *, dry_run: bool = False) -> tuple[int, int]:
    moved = service.move(source, target, dry_run=dry_run, progress=lambda file: None)
    return moved.copied, moved.kept


def test_everything_is_copied_and_the_source_is_untouched(storage: Storage, endpoint: str, tmp_path: Path) -> None:
    made, target = fill(storage, tmp_path), other(storage, tmp_path, endpoint)
    size = sum(len(content) for content in made.values())
    assert service.survey(storage) == (30, size)
    assert move(storage, target, dry_run=True) == (30, 0)
    assert held(target, tmp_path) == {}
    told: list[int] = []
    service.move(storage, target, dry_run=False, progress=lambda file: told.append(file.size))
    assert sum(told) == size
    assert held(target, tmp_path) == held(storage, tmp_path) == made
    assert move(storage, target) == (0, 30)


def test_what_differs_is_copied_again_even_at_the_same_length(storage: Storage, endpoint: str, tmp_path: Path) -> None:
    made, target = fill(storage, tmp_path, 5), other(storage, tmp_path, endpoint)
    move(storage, target)
    for key, content in (("private/photos/p1", b"x" * len(made["private/photos/p1"])), ("private/photos/p2", b"short")):
        (tmp_path / "wrong").write_bytes(content)
        target.save(key, tmp_path / "wrong")
    target.delete("public/photos/p3")
    (tmp_path / "wrong").write_bytes(b"only there")
    target.save("public/photos/a-stranger/x.webp", tmp_path / "wrong")
    assert move(storage, target) == (3, 7)
    assert held(target, tmp_path) == {**made, "public/photos/a-stranger/x.webp": b"only there"}


def test_a_file_that_is_deleted_meanwhile_stops_nothing(storage: Storage, endpoint: str, tmp_path: Path) -> None:
    made, target = fill(storage, tmp_path, 30), other(storage, tmp_path, endpoint)

    def delete_the_last(file: Stored) -> None:
        if file.key.startswith("private/"):
            storage.delete("private/photos/p9")

    moved = service.move(storage, target, dry_run=False, progress=delete_the_last)
    assert (moved.copied, moved.kept) == (59, 0)
    del made["private/photos/p9"]
    assert held(target, tmp_path) == made


def test_a_target_that_is_away_is_said_so(storage: Storage, endpoint: str, tmp_path: Path) -> None:
    fill(storage, tmp_path, 3)
    with pytest.raises(StorageFailed, match="S3"):
        move(storage, buckets.away())


# ── the command ──


@pytest.fixture
def environment(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKIYA_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)


def run(*arguments: str, code: int = 0) -> str:
    done = akiya(Path(os.environ["AKIYA_DATA"]), "media", "move", *arguments)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def versions(endpoint: str, bucket: str) -> list[str]:
    """Return every key, as often as it was stored."""
    pages = buckets.client(endpoint).get_paginator("list_object_versions").paginate(Bucket=bucket)
    return sorted(version["Key"] for page in pages for version in page.get("Versions", []))


def test_a_killed_move_is_taken_up_again_and_copies_nothing_twice(
    environment: None, endpoint: str, tmp_path: Path
) -> None:
    made, bucket = fill(LocalStorage(tmp_path / "data/media"), tmp_path, 80), buckets.make(endpoint, versioned=True)
    wanted = f"s3://{bucket}/files"
    moving = subprocess.Popen(
        [sys.executable, "-m", "tests.parked", "akiya.media.service", "_copy", "40", "media", "move", "--to", wanted],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: len(versions(endpoint, bucket)) >= 40)
    finally:
        moving.kill()
        moving.wait()
    before = -1
    while before < (there := len(versions(endpoint, bucket))):  # the upload that was in progress completes
        before = there
        time.sleep(0.2)
    assert 40 <= there < len(made)
    told = run("--to", wanted)
    assert f"写したもの：{len(made) - there}個、もうあったもの：{there}個" in told
    assert versions(endpoint, bucket) == sorted(f"files/{key}" for key in made)
    assert held(S3Storage(bucket, "files", endpoint, ""), tmp_path) == made
    assert f"AKIYA_STORAGE={wanted}" in told
    assert f"AKIYA_STORAGE=local akiya media move --to {wanted}" in told
    assert str(tmp_path / "data/media") in told


def test_it_moves_back_to_the_folder(
    environment: None, endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = buckets.make(endpoint)
    made = fill(S3Storage(bucket, "", endpoint, ""), tmp_path, 5)
    monkeypatch.setenv("AKIYA_STORAGE", f"s3://{bucket}")
    assert "写すもの：10個、もうあるもの：0個" in run("--to", "local", "--dry-run")
    assert "AKIYA_STORAGE=local に変え" in run("--to", "local")
    assert held(LocalStorage(tmp_path / "data/media"), tmp_path) == made


def test_a_wrong_target_is_named_with_its_remedy(environment: None) -> None:
    assert "Use local or s3://bucket/prefix" in run("--to", "ftp://x", code=2)
    assert "今の置き場所です" in run("--to", "local", code=1)
    assert "NoSuchBucket" in run("--to", "s3://there-is-no-such-bucket", code=1)

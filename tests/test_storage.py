"""Local folders and S3 behave the same."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from akiya.errors import NotFound
from akiya.storage import LocalStorage, S3Storage, Storage


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    if request.param == "local":
        return LocalStorage(tmp_path / "media")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    endpoint = request.getfixturevalue("endpoint")
    bucket = f"media-{abs(hash(str(tmp_path)))}"
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket=bucket)
    return S3Storage(bucket, "akiya", endpoint, "")


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_what_is_saved_is_fetched_and_replaced(storage: Storage, tmp_path: Path) -> None:
    storage.save("public/photos/a/320.webp", write(tmp_path, "one", b"one"))
    storage.save("public/photos/a/320.webp", write(tmp_path, "two", b"two"))
    storage.fetch("public/photos/a/320.webp", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"two"


def test_a_tree_is_saved_listed_and_deleted_with_its_folder(storage: Storage, tmp_path: Path) -> None:
    write(tmp_path, "tree/1/f0_0.webp", b"x")
    write(tmp_path, "tree/preview.webp", b"y")
    storage.save_tree("public/panoramas/abc", tmp_path / "tree")
    storage.save("public/panoramas/abcd/x.webp", write(tmp_path, "other", b"z"))
    assert list(storage.keys("public/panoramas/abc")) == [
        "public/panoramas/abc/1/f0_0.webp",
        "public/panoramas/abc/preview.webp",
    ]
    storage.delete("public/panoramas/abc")
    assert list(storage.keys("public/panoramas/abc")) == []
    assert list(storage.keys("public/panoramas/abcd")) == ["public/panoramas/abcd/x.webp"]


def test_what_is_not_there_is_said_to_be_missing(storage: Storage, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        storage.fetch("private/photos/none", tmp_path / "back")
    storage.delete("private/photos/none")


@pytest.mark.parametrize("key", ["../secret", "public/../private/x", "other/x", "public/", "/etc/passwd", "public/a b"])
def test_only_keys_of_ours_are_taken(storage: Storage, tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a storage key"):
        storage.save(key, write(tmp_path, "x", b"x"))

"""Local folders and S3 behave the same."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from akiya.errors import NotFound, StorageFailed
from akiya.storage import s3
from akiya.storage.base import IMMUTABLE, Storage
from akiya.storage.local import LocalStorage
from akiya.storage.s3 import S3Storage
from tests import buckets

pytestmark = pytest.mark.slow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def tour(folder: Path, count: int) -> Path:
    for number in range(count):
        write(folder, f"{number % 7}/f{number}.webp", b"%d" % number)
    return folder


def test_what_is_saved_is_fetched_and_replaced(storage: Storage, tmp_path: Path) -> None:
    storage.save("public/photos/a/320.webp", write(tmp_path, "one", b"one"))
    storage.save("public/photos/a/320.webp", write(tmp_path, "two", b"two"))
    storage.fetch("public/photos/a/320.webp", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"two"
    assert storage.sha256("public/photos/a/320.webp").startswith("3fc4ccfe745870e2")


def test_a_tree_is_saved_listed_and_deleted_with_its_folder(storage: Storage, tmp_path: Path) -> None:
    write(tmp_path, "tree/1/f0_0.webp", b"x")
    write(tmp_path, "tree/preview.webp", b"yy")
    storage.save_tree("public/panoramas/abc", tmp_path / "tree")
    for neighbour in ("public/panoramas/abcd/x.webp", "public/panoramas/abc-d", "public/panoramas/ab"):
        storage.save(neighbour, write(tmp_path, "other", b"z"))
    assert [(file.key, file.size) for file in storage.files("public/panoramas/abc")] == [
        ("public/panoramas/abc/1/f0_0.webp", 1),
        ("public/panoramas/abc/preview.webp", 2),
    ]
    assert list(storage.keys("public")) == [
        "public/panoramas/ab",
        "public/panoramas/abc-d",
        "public/panoramas/abc/1/f0_0.webp",
        "public/panoramas/abc/preview.webp",
        "public/panoramas/abcd/x.webp",
    ]
    storage.delete("public/panoramas/abc")
    storage.delete("public/panoramas/ab")
    assert list(storage.keys("public")) == ["public/panoramas/abc-d", "public/panoramas/abcd/x.webp"]


def test_a_tour_is_saved_several_at_once_and_says_how_far_it_is(storage: Storage, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    storage.save_tree("public/tours/t", tour(tmp_path / "tour", 150), lambda done, all_: told.append((done, all_)))
    assert told == [(done, 150) for done in range(1, 151)]
    assert len(list(storage.keys("public/tours/t"))) == 150
    storage.fetch("public/tours/t/3/f143.webp", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"143"


def test_a_tree_of_which_one_file_fails_fails_after_the_others_ended(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, save = tour(tmp_path / "tour", 100), storage.save
    underway, most, begun = 0, 0, 0
    lock = threading.Lock()

    def watched(key: str, source: Path) -> None:
        nonlocal underway, most, begun
        with lock:
            underway, begun = underway + 1, begun + 1
            most = max(most, underway)
        try:
            save(key, source if not key.endswith("/f28.webp") else tmp_path / "not there")
        finally:
            with lock:
                underway -= 1

    monkeypatch.setattr(storage, "save", watched)
    with pytest.raises(FileNotFoundError):
        storage.save_tree("public/tours/t", folder)
    assert underway == 0
    assert most > 1
    assert begun < 100
    assert len(list(storage.keys("public/tours/t"))) == begun - 1
    storage.delete("public/tours/t")
    assert list(storage.keys("public")) == []


def test_many_are_deleted_in_batches(storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "_AT_A_TIME", 7)
    storage.save_tree("public/tours/t", tour(tmp_path / "tour", 20))
    storage.remove(key for key in list(storage.keys("public")) if not key.endswith("/f3.webp"))
    assert list(storage.keys("public")) == ["public/tours/t/3/f3.webp"]
    storage.delete("public/tours")
    assert list(storage.keys("public")) == []


def test_what_is_not_there_is_said_to_be_missing(storage: Storage, tmp_path: Path) -> None:
    storage.save("private/photos/folder/file", write(tmp_path, "one", b"one"))
    for key in ("private/photos/none", "private/photos/folder", "private/photos/folder/file/below"):
        with pytest.raises(NotFound):
            storage.fetch(key, tmp_path / "back")
        with pytest.raises(NotFound):
            storage.sha256(key)
    assert list(storage.keys("private/photos/folder/file")) == []
    storage.delete("private/photos/none")
    storage.remove(["private/photos/none"])


def test_of_those_who_save_one_key_at_once_one_is_last_and_whole(storage: Storage, tmp_path: Path) -> None:
    contents = [bytes([number]) * 300_000 for number in range(6)]
    sources = [write(tmp_path, f"s{number}", content) for number, content in enumerate(contents)]
    with ThreadPoolExecutor(6) as pool:
        for _ in range(3):
            list(pool.map(lambda source: storage.save("private/photos/a", source), sources))
            storage.fetch("private/photos/a", tmp_path / "back")
            assert (tmp_path / "back").read_bytes() in contents
    assert list(storage.unfinished()) == []


def test_deleting_takes_no_folder_from_under_those_who_save(storage: Storage, tmp_path: Path) -> None:
    source = write(tmp_path, "s", b"s")

    def come_and_go(number: int) -> None:
        storage.save(f"private/scans/x/{number}", source)
        storage.delete(f"private/scans/x/{number}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(come_and_go, range(300 if isinstance(storage, LocalStorage) else 30)))
    assert list(storage.keys("private")) == list(storage.unfinished()) == []
    storage.delete("private/scans/x")


@pytest.mark.parametrize(
    "key",
    ["../secret", "public/../private/x", "other/x", "public/", "/etc/passwd", "public/a b", "public", "public/a.part"],
)
def test_only_keys_of_ours_are_taken(storage: Storage, tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a storage key"):
        storage.save(key, write(tmp_path, "x", b"x"))
    if not key.endswith(".part"):
        for delete in (storage.delete, lambda key: storage.remove([key])):
            with pytest.raises(ValueError, match="not a storage key"):
                delete(key)


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("webp", "image/webp"),
        ("jpg", "image/jpeg"),
        ("json", "application/json"),
        ("svg", "image/svg+xml"),
        ("pdf", "application/pdf"),
        ("xlsx", XLSX),
    ],
)
def test_the_kind_of_a_public_file_is_told_to_browsers(
    app, endpoint: str, tmp_path: Path, ending: str, kind: str
) -> None:
    source, key = write(tmp_path, "x", b"x"), f"public/kinds/x.{ending}"
    bucket = buckets.make(endpoint)
    S3Storage(bucket, "", endpoint, "").save(key, source)
    known = buckets.client(endpoint).head_object(Bucket=bucket, Key=key)
    assert (known["ContentType"], known["CacheControl"]) == (kind, IMMUTABLE)
    app.extensions["akiya_storage"].save(key, source)
    answer = app.test_client().get(f"/media/kinds/x.{ending}", buffered=True)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == (kind, IMMUTABLE)
    app.extensions["akiya_storage"].delete("public/kinds")


def test_a_private_original_on_s3_is_kept_by_no_cache_and_says_what_it_is(endpoint: str, tmp_path: Path) -> None:
    bucket = buckets.make(endpoint)
    S3Storage(bucket, "p", endpoint, "").save("private/photos/a", write(tmp_path, "x", b"x"))
    known = buckets.client(endpoint).head_object(Bucket=bucket, Key="p/private/photos/a")
    assert "CacheControl" not in known
    assert known["Metadata"]["sha256"].startswith("2d711642b726b044")


def test_what_others_put_into_a_bucket_has_a_checksum_too(endpoint: str) -> None:
    bucket = buckets.make(endpoint)
    for key in ("public/photos/a/x.webp", "public/photos/not ours.webp", "notes.txt"):
        buckets.client(endpoint).put_object(Bucket=bucket, Key=key, Body=b"x")
    storage = S3Storage(bucket, "", endpoint, "")
    assert list(storage.keys("public")) == ["public/photos/a/x.webp"]
    assert storage.sha256("public/photos/a/x.webp").startswith("2d711642b726b044")


@pytest.mark.parametrize(
    ("endpoint", "media_url", "origin"),
    [
        ("", "", "https://akiya-media.s3.amazonaws.com"),
        ("https://s3.example.jp:9000", "", "https://s3.example.jp:9000"),
        ("https://s3.example.jp/storage/v1", "", "https://s3.example.jp"),
        ("https://s3.example.jp", "https://cdn.example.jp/akiya", "https://cdn.example.jp"),
        ("", "http://cdn.example.jp", "http://cdn.example.jp"),
    ],
)
def test_the_origin_of_a_bucket_is_that_of_its_addresses(
    monkeypatch: pytest.MonkeyPatch, endpoint: str, media_url: str, origin: str
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    storage = S3Storage("akiya-media", "site", endpoint, media_url)
    assert storage.origin() == origin
    assert storage.url("public/photos/a/320.webp").startswith(f"{origin}/")


def test_a_folder_has_no_origin_but_the_sites_own(tmp_path: Path) -> None:
    assert LocalStorage(tmp_path).origin() == ""


def refused(storage: Storage, folder: Path) -> list[str]:
    """Return the message of each method while the storage cannot be reached."""
    source, said = write(folder, "x", b"x"), []
    for ask in (
        lambda: storage.save("public/a/x", source),
        lambda: storage.save_tree("public/a", source.parent),
        lambda: storage.fetch("public/a/x", folder / "back"),
        lambda: storage.delete("public/a"),
        lambda: storage.remove(["public/a/x"]),
        lambda: list(storage.files("public")),
        lambda: storage.sha256("public/a/x"),
    ):
        with pytest.raises(StorageFailed) as error:
            ask()
        said.append(str(error.value))
    return said


def test_an_s3_that_is_away_is_told_kindly(tmp_path: Path, endpoint: str) -> None:
    for message in refused(buckets.away(), tmp_path / "tree"):
        assert "ファイルの置き場所（S3）を使えません（EndpointConnectionError）。数分待って" in message


def test_a_bucket_that_is_not_there_is_named_as_the_reason(tmp_path: Path, endpoint: str) -> None:
    storage = S3Storage("no-such-bucket", "", endpoint, "")
    with pytest.raises(StorageFailed, match="NoSuchBucket"):
        storage.save("public/a/x", write(tmp_path, "x", b"x"))
    with pytest.raises(StorageFailed, match="NoSuchBucket"):
        list(storage.files("public"))


def test_a_folder_that_cannot_be_written_is_told_kindly(tmp_path: Path) -> None:
    (tmp_path / "media").symlink_to("media")
    with pytest.raises(StorageFailed, match="読み書きできません"):
        LocalStorage(tmp_path / "media").save("public/a/x", write(tmp_path, "x", b"x"))

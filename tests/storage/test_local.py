"""A folder of files survives power cuts, kills and full disks."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from akiya.db import db
from akiya.errors import StorageFailed
from akiya.listings import photos
from akiya.listings.models import Photo
from akiya.storage.local import LocalStorage
from tests import factories, images
from tests.waiting import until

KEY = "public/photos/a/320.webp"


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "media")


def source(folder: Path, content: bytes) -> Path:
    path = folder / "source"
    path.write_bytes(content)
    return path


def test_bytes_and_names_are_on_the_disk_before_the_rename_and_after_it(
    storage: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync, done = os.fsync, []

    def watched(descriptor: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        done.append((path, (storage.root / KEY).exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    storage.save(KEY, source(tmp_path, b"x"))
    assert done[0][0].suffix == ".part"
    assert not done[0][1], "renamed before its bytes were synced"
    folders = [storage.root / name for name in ("public/photos/a", "public/photos", "public", ".")] + [tmp_path]
    assert done[1:] == [(folder.resolve(), True) for folder in folders]


def test_a_kill_while_saving_leaves_no_key_but_something_that_can_be_found(
    storage: LocalStorage, tmp_path: Path
) -> None:
    storage.save(KEY, source(tmp_path, b"before"))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code = (
        "import sys; from pathlib import Path; from akiya.storage.local import LocalStorage; "
        "LocalStorage(Path(sys.argv[1])).save(sys.argv[2], Path(sys.argv[3]))"
    )
    saving = subprocess.Popen([sys.executable, "-c", code, str(storage.root), KEY, str(pipe)])
    with pipe.open("wb") as half:
        half.write(b"half of it")
        half.flush()
        try:
            until(lambda: list(storage.unfinished()))
        finally:
            saving.kill()
            saving.wait()
    (left,) = storage.unfinished()
    assert left.key.startswith(KEY + ".")
    assert list(storage.keys("public")) == [KEY]
    assert (storage.root / KEY).read_bytes() == b"before"
    storage.remove([left.key])
    assert list(storage.unfinished()) == []
    assert list(storage.keys("public")) == [KEY]


def test_empty_folders_are_tidied_away(storage: LocalStorage, tmp_path: Path) -> None:
    storage.save("public/tours/t/1/f.webp", source(tmp_path, b"x"))
    storage.delete("public/tours/t/1/f.webp")
    assert [path.name for path in storage.root.rglob("*")] == ["public", "tours"]
    (storage.root / "public/tours/killed/1").mkdir(parents=True)
    assert [left.key for left in storage.unfinished()] == ["public/tours/killed/1"]
    storage.remove(["public/tours/killed/1"])
    assert list(storage.unfinished()) == []


def full_after(count: int) -> Callable[[int], None]:
    """Return an fsync that succeeds `count` times and then finds the disk full."""
    left = [None] * count

    def fsync(descriptor: int) -> None:
        if not left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left.pop()

    return fsync


def test_a_full_disk_costs_nothing_that_was_there(
    storage: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.save(KEY, source(tmp_path, b"before"))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_after(0))
        with pytest.raises(StorageFailed, match=r"ディスクがいっぱい.*空き容量を増やす"):
            storage.save(KEY, source(tmp_path, b"after"))
    assert list(storage.unfinished()) == []
    assert (storage.root / KEY).read_bytes() == b"before"


@pytest.mark.parametrize("room", [0, 8, 18])
def test_of_a_photo_for_which_there_is_no_room_nothing_remains(
    app: Flask, people, storage: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    with app.app_context():
        home, picture = factories.listing(people["aoi"]), images.photo(tmp_path / "a.jpg", (400, 300))
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full_after(room))
            with pytest.raises(StorageFailed, match="ディスクがいっぱい"):
                photos.add(factories.staff(people["aoi"]), home, "a.jpg", picture, storage)
        assert db.session.scalars(db.select(Photo)).all() == []
        assert [path for path in storage.root.rglob("*") if path.is_file()] == []
        photos.add(factories.staff(people["aoi"]), home, "a.jpg", picture, storage)
        assert len(list(storage.keys("public"))) == 3


def test_a_folder_that_is_tidied_away_before_its_first_file_is_made_again(
    storage: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mkdir, gone = os.mkdir, []

    def racing(folder: Any, *arguments: Any) -> None:
        mkdir(folder, *arguments)
        if Path(folder).name == "a" and len(gone) < 3:
            gone.append(folder)
            os.rmdir(folder)  # like a process that has just deleted its last file

    monkeypatch.setattr(os, "mkdir", racing)
    storage.save(KEY, source(tmp_path, b"x"))
    assert len(gone) == 3
    assert list(storage.keys("public")) == [KEY]

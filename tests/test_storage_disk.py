"""A folder of files outlasts power cuts, kills and full disks."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from akiya.errors import StorageFailed
from akiya.storage import LocalStorage

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
    assert not done[0][1], "renamed before its bytes were kept"
    folders = [storage.root / name for name in ("public/photos/a", "public/photos", "public", ".")] + [tmp_path]
    assert done[1:] == [(folder.resolve(), True) for folder in folders]


def test_a_kill_while_saving_leaves_no_key_but_something_that_can_be_found(
    storage: LocalStorage, tmp_path: Path
) -> None:
    storage.save(KEY, source(tmp_path, b"before"))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code = (
        "import sys; from pathlib import Path; from akiya.storage import LocalStorage; "
        "LocalStorage(Path(sys.argv[1])).save(sys.argv[2], Path(sys.argv[3]))"
    )
    saving = subprocess.Popen([sys.executable, "-c", code, str(storage.root), KEY, str(pipe)])
    with pipe.open("wb") as half:
        half.write(b"half of it")
        half.flush()
        until = time.monotonic() + 20
        while not list(storage.unfinished()) and time.monotonic() < until:
            time.sleep(0.02)
        saving.send_signal(signal.SIGKILL)
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


def test_a_full_disk_costs_nothing_that_was_there(
    storage: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.save(KEY, source(tmp_path, b"before"))

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StorageFailed, match=r"ディスクがいっぱい.*空き容量を増やす"):
            storage.save(KEY, source(tmp_path, b"after"))
    assert list(storage.unfinished()) == []
    assert (storage.root / KEY).read_bytes() == b"before"

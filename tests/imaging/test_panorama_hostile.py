"""Whatever is sent as a panorama, the caller survives, and returns a panorama or a reason."""

import json
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from akiya import sandbox
from akiya.errors import BadImage
from tests import images
from tests.imaging.broken_panoramas import EITHER, MADE, REFUSED, Case, all_cases

pytestmark = pytest.mark.slow
WARM = multiprocessing.get_context("forkserver")


class Forked:
    """A replacement for the sandbox's `Popen`: its child is a fork of a process that has loaded what it needs.

    Starting Python, NumPy and OpenCV two hundred times would take three times as long as the tests themselves.
    """

    def __init__(self, command: Sequence[str], **_: object) -> None:
        reader, writer = WARM.Pipe(duplex=False)
        self.process = WARM.Process(target=in_a_fork, args=(command[3:], writer))
        self.process.start()
        writer.close()
        self.stdout = os.fdopen(os.dup(reader.fileno()))
        self.kill, self.wait = self.process.kill, self.process.join


def in_a_fork(arguments: Sequence[str], writer: Connection) -> None:
    """Do the same as `python -m akiya.sandbox`, with the pipe as standard output."""
    os.dup2(writer.fileno(), 1)
    writer.close()
    task, source, out, options = arguments
    sandbox._child(sandbox.TASKS[task], Path(source), Path(out), json.loads(options))


def outcome(folder: Path, number: int, case: Case) -> str:
    """Return what the sandbox made of a case, or what is wrong with its answer."""
    source, out = folder / f"{number}", folder / f"{number} out"
    source.write_bytes(case[2])
    out.mkdir()
    try:
        made = sandbox.run("panorama", source, out)
    except BadImage as error:
        return (
            REFUSED
            if len(str(error)) > 20 and str(error).endswith(("。", "）。"))
            else f"refused without a reason: {error}"
        )
    faces = [images.opened(path).size for path in (out / str(made["levels"])).iterdir()]
    whole = len(faces) == 6 * (made["cube"] // 512) ** 2 and set(faces) == {(512, 512)}
    whole = whole and images.opened(out / "preview.jpg").size == (1200, 630)
    tilted = abs(made["horizon_pitch"]) > 90 or abs(made["pitch"]) > 90
    leaking = [path for path in out.rglob("*.*") if b"Canary" in path.read_bytes()]
    return MADE if whole and not tilted and not leaking else f"made badly: {made}"


def test_two_hundred_broken_and_hostile_files_are_refused_with_a_reason_or_made_properly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    WARM.set_forkserver_preload(["akiya.sandbox", "akiya.imaging.panorama"])
    monkeypatch.setattr(sandbox.subprocess, "Popen", Forked)
    cases = all_cases()
    assert len(cases) >= 200
    assert len({name for name, _wanted, _content in cases}) == len(cases)
    with ThreadPoolExecutor(4) as pool:
        became = list(pool.map(lambda numbered: outcome(tmp_path, *numbered), enumerate(cases)))
    wrong = {
        name: answer
        for (name, wanted, _content), answer in zip(cases, became, strict=True)
        if answer not in ((MADE, REFUSED) if wanted == EITHER else (wanted,))
    }
    assert not wrong

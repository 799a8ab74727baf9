"""Untrusted bytes are decoded here: a child process with bounded memory, time, files and output."""

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from akiya.errors import BadImage

_MEMORY_MB = {"photo": 700, "panorama": 3000}
_SECONDS = {"photo": 60, "panorama": 300}
_LARGEST_OUTPUT = 200 * 1024 * 1024
_TOO_HEAVY = (
    "この画像は大きすぎるか壊れていて、処理を終えられませんでした。画像を開いて保存し直してから、送り直してください。"
)


def run(
    task: str, source: Path, out: Path, *, progress: Callable[[int], None] = lambda percent: None
) -> dict[str, Any]:
    """The result of `task` ("photo" or "panorama") on the file `source`, its files written below the folder `out`.

    Raises BadImage with the task's own reason, or a general one when the child was stopped by a limit or died.
    """
    command = [sys.executable, "-m", "akiya.imaging.sandbox", task, str(source), str(out)]
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "2",
        "TMPDIR": str(out),
    }
    child = subprocess.Popen(  # noqa: S603  (our own module)
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True
    )
    clock = threading.Timer(_SECONDS[task], child.kill)
    clock.start()
    result: dict[str, Any] | None = None
    try:
        assert child.stdout is not None
        for line in child.stdout:
            message = json.loads(line)
            if "progress" in message:
                progress(message["progress"])
            else:
                result = message
    except ValueError:
        result = None
    finally:
        clock.cancel()
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    if result is None:
        raise BadImage(_TOO_HEAVY)
    if "bad" in result:
        raise BadImage(result["bad"])
    return result["done"]


def _limit(task: str) -> None:
    memory = _MEMORY_MB[task] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS[task], _SECONDS[task]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_OUTPUT, _LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: the child does not outlive the worker


def _say(**message: Any) -> None:
    print(json.dumps(message, ensure_ascii=True), flush=True)


def _child(task: str, source: Path, out: Path) -> None:
    _limit(task)
    try:
        if task == "photo":
            from akiya.imaging import photo

            done = photo.process(source, out)
        else:
            from akiya.imaging import panorama

            done = panorama.tile(source, out, progress=lambda percent: _say(progress=percent))
    except BadImage as error:
        _say(bad=str(error))
    except MemoryError:
        _say(bad=_TOO_HEAVY)
    else:
        _say(done=done)


if __name__ == "__main__":
    _child(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))

"""Decode untrusted bytes in a child process with bounded memory, time, files and output."""

import contextlib
import ctypes
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from akiya.errors import BadImage, Invalid
from akiya.values import JsonObject

_LARGEST_OUTPUT = 200 * 1024 * 1024


class Task(NamedTuple):
    """A function `module`.`name`(source, out) that may receive untrusted bytes, and its limits."""

    module: str
    name: str
    memory_mb: int
    seconds: int
    tells_progress: bool
    error: type[BadImage] | type[Invalid]
    too_heavy: str
    nice: int = 0
    """Added to the niceness of the child, so that long work does not slow down the pages."""


_IMAGE_TOO_HEAVY = (
    "この画像は大きすぎるか壊れていて、処理を終えられませんでした。画像を開いて保存し直してから、送り直してください。"
)
_TABLE_TOO_HEAVY = (
    "この表は大きすぎるか壊れていて、読み終えられませんでした。"
    "使っていないシートや列を消して保存し直してから、送ってください。"
)
TASKS = {
    "photo": Task("akiya.imaging.photo", "process", 700, 60, False, BadImage, _IMAGE_TOO_HEAVY),
    "panorama": Task("akiya.imaging.panorama", "tile", 1400, 300, True, BadImage, _IMAGE_TOO_HEAVY, nice=10),
    "table": Task("akiya.tabular.workbook", "read", 1500, 120, True, Invalid, _TABLE_TOO_HEAVY),
}


def run(
    task: str, source: Path, out: Path, *, progress: Callable[[int], None] = lambda percent: None, **options: object
) -> JsonObject:
    """Run `task`, one of TASKS, on the file `source` in a child process, and return its result.

    The function writes its files below the folder `out` and receives `options`, which are plain values. Nothing of the
    web or the database is loaded in the child. Raise the task's error with its own reason, or with a general one when
    the child was stopped by a limit or died.
    """
    bounds = TASKS[task]
    command = [sys.executable, "-m", "akiya.sandbox", task, str(source), str(out), json.dumps(options)]
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
        "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "TMPDIR": str(out),
    }
    child = subprocess.Popen(  # noqa: S603  (our own module)
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True
    )
    clock = threading.Timer(bounds.seconds, child.kill)
    clock.start()
    result: JsonObject | None = None
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
        raise bounds.error(bounds.too_heavy)
    if "bad" in result:
        raise bounds.error(result["bad"])
    done: JsonObject = result["done"]
    return done


def _limit(task: Task) -> None:
    os.nice(task.nice)
    memory = task.memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (task.seconds, task.seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_OUTPUT, _LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: the child does not outlive the worker


def _say(**message: object) -> None:
    print(json.dumps(message, ensure_ascii=True), flush=True)


def _child(task: Task, source: Path, out: Path, options: JsonObject) -> None:
    _limit(task)
    if task.tells_progress:
        options["progress"] = lambda done: _say(progress=done)
    try:
        done = getattr(importlib.import_module(task.module), task.name)(source, out, **options)
    except (BadImage, Invalid) as error:
        _say(bad=str(error))
    except MemoryError:
        os._exit(1)  # the parent says that it was too heavy
    else:
        _say(done=done)


if __name__ == "__main__":
    _child(TASKS[sys.argv[1]], Path(sys.argv[2]), Path(sys.argv[3]), json.loads(sys.argv[4]))

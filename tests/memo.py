"""Cache the results of the sandbox: most tests need photos and tiles, and most send the same few pictures."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from akiya import sandbox


class _Made(NamedTuple):
    folder: Path
    progress: list[int]
    result: dict[str, Any]


class Memo:
    """A replacement for `sandbox.run` that processes the same bytes and options once, and then copies from `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.run = folder, sandbox.run
        self.made: dict[str, _Made] = {}

    def __call__(
        self, task: str, source: Path, out: Path, *, progress: Callable[[int], None] = lambda percent: None, **more: Any
    ) -> dict[str, Any]:
        """Return the sandbox's result, with its files and progress. A refused file is processed again each time."""
        wanted = json.dumps([task, hashlib.sha256(source.read_bytes()).hexdigest(), more])
        made = self.made.get(wanted)
        if made is None:
            folder, told = Path(tempfile.mkdtemp(dir=self.folder)), list[int]()

            def tell(percent: int) -> None:
                told.append(percent)
                progress(percent)

            made = self.made[wanted] = _Made(folder, told, self.run(task, source, folder, progress=tell, **more))
        else:
            for percent in made.progress:
                progress(percent)
        shutil.copytree(made.folder, out, dirs_exist_ok=True)
        return deepcopy(made.result)

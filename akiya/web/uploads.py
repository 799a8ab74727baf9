"""Files that somebody sends."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.datastructures import FileStorage


@contextmanager
def on_disk(file: FileStorage) -> Iterator[Path]:
    """Where the file lies while the block lasts. Its name is ours: the sender's may be anything."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        file.save(path)
        yield path

"""Files that users upload."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.datastructures import FileStorage


@contextmanager
def on_disk(file: FileStorage) -> Iterator[Path]:
    """Save an uploaded file, and yield its path; it is deleted after the block.

    The file's name is our own, because the sender's may be anything.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        file.save(path)
        yield path

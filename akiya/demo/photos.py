"""Store drawn pictures like uploaded photos."""

import tempfile
from pathlib import Path

from PIL import Image

from akiya import sandbox
from akiya.storage.base import Storage
from akiya.values import Values


def keep(storage: Storage, drawn: Image.Image, name: str) -> Values:
    """Save the picture in all sizes to `storage` and return the column values of a Photo that shows it."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "drawn.jpg", Path(folder) / "out"
        out.mkdir()
        drawn.save(source, quality=90)
        made = sandbox.run("photo", source, out)
        key, original_key = f"public/photos/demo-{name}", f"private/photos/demo-{name}"
        storage.save_tree(key, out)
        storage.save(original_key, source)
    return {**made, "key": key, "original_key": original_key}

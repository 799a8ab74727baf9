"""Static files under hashed names, compressed once, and the sprite of the pictograms."""

import hashlib
import json
import re
import time
from pathlib import Path
from xml.etree import ElementTree

from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

SPRITE = "pictograms.svg"
_SVG = "{http://www.w3.org/2000/svg}"
_KEPT_S = 7 * 24 * 3600
_SERVED = ("css", "js", "vendor", "img")


def sprite(folder: Path) -> str:
    """Combine the pictogram files of `folder` into one SVG, each a <symbol> whose id is the file's stem."""
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    root = ElementTree.Element(_SVG + "svg")
    for path in sorted(folder.glob("*.svg")):
        drawing = ElementTree.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314  (our own files)
        kept = {name: value for name, value in drawing.attrib.items() if name not in ("width", "height")}
        symbol = ElementTree.SubElement(root, _SVG + "symbol", {**kept, "id": path.stem})
        symbol.extend(list(drawing))
    return ElementTree.tostring(root, encoding="unicode")


class Assets:
    """The static files of `source`, copied to `target` under hashed names whenever they have changed."""

    def __init__(self, source: Path, target: Path) -> None:
        self.target = target
        files = [path for name in _SERVED for path in sorted((source / name).rglob("*")) if path.is_file()]
        stamp = hashlib.sha256(
            json.dumps(
                [
                    [str(p), p.stat().st_mtime_ns, p.stat().st_size]
                    for p in [*files, *sorted((source / "pictograms").iterdir())]
                ]
            ).encode()
        ).hexdigest()
        manifest = target / "manifest.json"
        known = json.loads(manifest.read_text()) if manifest.exists() else {}
        if known.get("stamp") != stamp:
            known = {"stamp": stamp, "names": self._build(source, files)}
            part = manifest.with_suffix(".part")
            part.write_text(json.dumps(known))
            part.replace(manifest)
        self.names: dict[str, str] = known["names"]

    def _build(self, source: Path, files: list[Path]) -> dict[str, str]:
        contents = {path.relative_to(source).as_posix(): path.read_bytes() for path in files}
        contents[SPRITE] = sprite(source / "pictograms").encode()
        # Old files are kept for a while: a server that still runs, and pages that are open, keep asking for them.
        for path in self.target.rglob("*") if self.target.exists() else ():
            if path.is_file() and time.time() - path.stat().st_mtime > _KEPT_S:
                path.unlink()
        names = {}
        for name, content in contents.items():
            digest = hashlib.sha256(content).hexdigest()[:12]
            path = Path(name)
            names[name] = path.with_name(f"{path.stem}.{digest}{path.suffix}").as_posix()
            for written in (names[name], name):
                (self.target / written).parent.mkdir(parents=True, exist_ok=True)
                (self.target / written).write_bytes(content)
        compressor = Compressor(use_brotli=False, quiet=True)
        for path in list(self.target.rglob("*")):
            if path.is_file() and compressor.should_compress(path.name):
                list(compressor.compress(str(path)))
        return names

    def url(self, name: str) -> str:
        """Return the address of the file `name` under static/. Raise KeyError if there is no such file."""
        return "/static/" + self.names[name]

    def serve(self, app: object) -> WhiteNoise:
        """Wrap `app` to serve the files before it: cached for ten years under hashed names, else for an hour."""
        return WhiteNoise(
            app,
            root=str(self.target),
            prefix="static/",
            max_age=3600,
            allow_all_origins=False,
            immutable_file_test=lambda path, url: bool(re.search(r"\.[0-9a-f]{12}\.\w+$", url)),
        )

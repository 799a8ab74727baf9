"""Static files under hashed names, compressed once, the tags of scripts, and the sprite of the pictograms.

A JavaScript module imports its neighbours by relative paths, which must lead to hashed files without being rewritten. So the
modules share one hash, which is in the name of their folder: js/map.js is served as js.0123456789ab/map.js, and what it imports
as "./map/layers.js" is found next to it.
"""

import hashlib
import json
import posixpath
import re
import time
from pathlib import Path
from xml.etree import ElementTree

from markupsafe import Markup
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

SPRITE = "pictograms.svg"
_SVG = "{http://www.w3.org/2000/svg}"
_HASHED = re.compile(r"\.[0-9a-f]{12}(?:/|\.\w+$)")
_KEPT_S = 7 * 24 * 3600
_SERVED = ("css", "js", "vendor", "img")
# import {…} from "./a.js", import "./a.js" and export {…} from "./a.js", also if the names in braces need several lines.
_IMPORT = re.compile(r'^(?:(?:import|export)\b|\}).*"(\.[^"]+)";', re.MULTILINE)

# Low, like any script that is deferred: the photos of a page come first.
_PRELOAD = Markup('<link rel="modulepreload" href="{}" fetchpriority="low">')


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


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


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
        self._tags: dict[str, Markup] = {}

    def _build(self, source: Path, files: list[Path]) -> dict[str, str]:
        contents = {path.relative_to(source).as_posix(): path.read_bytes() for path in files}
        contents[SPRITE] = sprite(source / "pictograms").encode()
        # Old files are kept for a while: a server that still runs, and pages that are open, keep asking for them.
        for path in self.target.rglob("*") if self.target.exists() else ():
            if path.is_file() and time.time() - path.stat().st_mtime > _KEPT_S:
                path.unlink()
        modules = _digest(
            *(part for name in contents if name.startswith("js/") for part in (name.encode(), contents[name]))
        )
        names = {}
        for name, content in contents.items():
            path = Path(name)
            if path.parts[0] == "js":
                names[name] = f"js.{modules}/{path.relative_to('js').as_posix()}"
            else:
                names[name] = path.with_name(f"{path.stem}.{_digest(content)}{path.suffix}").as_posix()
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

    def script(self, name: str) -> Markup:
        """Return the tags that load the JavaScript module `name`, and at the same time all that it imports."""
        if name not in self._tags:
            self._tags[name] = Markup("").join(
                [
                    *(_PRELOAD.format(self.url(other)) for other in self._imports(name)),
                    Markup('<script type="module" src="{}"></script>').format(self.url(name)),
                ]
            )
        return self._tags[name]

    def _imports(self, name: str) -> list[str]:
        """Return the names of the modules that `name` imports, directly or through others."""
        found: list[str] = []
        waiting = [name]
        while waiting:
            module = waiting.pop()
            text = (self.target / self.names[module]).read_text(encoding="utf-8")
            for path in _IMPORT.findall(text):
                other = posixpath.normpath(posixpath.join(posixpath.dirname(module), path))
                if other not in found:
                    found.append(other)
                    waiting.append(other)
        return found

    def serve(self, app: object) -> WhiteNoise:
        """Wrap `app` to serve the files before it: cached for ten years under hashed names, else for an hour."""
        return WhiteNoise(
            app,
            root=str(self.target),
            prefix="static/",
            max_age=3600,
            allow_all_origins=False,
            immutable_file_test=lambda path, url: bool(_HASHED.search(url)),
        )

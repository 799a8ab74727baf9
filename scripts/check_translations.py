"""Fail if a public page shows a Japanese string without English, or one that is not marked for translation."""

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "translations/en/LC_MESSAGES/messages.po"
# Staff pages are in Japanese only.
STAFF = ("staff", "prefecture/", "_macros/forms", "_macros/chart", "_macros/period")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
MARKED = re.compile(r"_\('[^']*'|\{#.*?#\}|'日本語'", re.S)


def untranslated() -> list[str]:
    """Return the strings in the source that are missing or blank in the English catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        pot = Path(folder) / "messages.pot"
        command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "--ignore-dirs=.venv",
                   "-F", "translations/babel.cfg", "-k", "lazy_gettext", "-o", str(pot), "."]  # fmt: skip
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603  (our own arguments)
        wanted = {message.id for message in read_po(io.BytesIO(pot.read_bytes())) if message.id}
    with CATALOGUE.open("rb") as file:
        have = {message.id for message in read_po(file) if message.id and message.string and not message.fuzzy}
    return sorted(wanted - have)


def unmarked() -> list[str]:
    """Return lines of public templates with Japanese outside a call of _()."""
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        name = path.relative_to(ROOT / "templates").as_posix()
        if any(part in name for part in STAFF):
            continue
        rest = MARKED.sub("", path.read_text(encoding="utf-8"))
        found += [f"templates/{name}: {line.strip()[:80]}" for line in rest.splitlines() if JAPANESE.search(line)]
    return found


if __name__ == "__main__":
    problems = [f"no English: {text}" for text in untranslated()] + [f"not marked: {text}" for text in unmarked()]
    print("\n".join(problems) or "translations: complete")
    sys.exit(bool(problems))

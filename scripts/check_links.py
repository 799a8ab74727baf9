"""Fails for a link in a document of this repository that leads to no file or to no heading. Addresses of other sites are not asked."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.S | re.M)
_CODE = re.compile(r"(`+).+?\1", re.S)
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]]+\]:\s*(\S+)", re.M)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.M)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)


def documents(root: Path) -> list[Path]:
    """Return every Markdown file at the top of the repository, and below docs/ and .github/."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / ".github").rglob("*.md")])


def links(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line number and the target of every link and picture, in order; what is shown as code has none."""
    # Blanked, not removed: line numbers stay.
    for pattern in (_FENCE, _CODE):
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    for match in _LINK.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[1] or match[2]


def anchors(text: str) -> set[str]:
    """Return what may follow # in a link to the document, as forges make it of its headings."""
    found: set[str] = set()
    for heading in _HEADING.findall(_FENCE.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = base = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        number = 0
        while anchor in found:
            number += 1
            anchor = f"{base}-{number}"
        found.add(anchor)
    return found


def problems(root: Path) -> list[str]:
    """Return a line for each link of a document below `root` that leads nowhere."""
    found = []
    for document in documents(root):
        for line, target in links(document.read_text(encoding="utf-8")):
            if not _ELSEWHERE.match(target) and (problem := _problem(root, document, target)):
                found.append(f"{document.relative_to(root).as_posix()}:{line}: {target}: {problem}")
    return found


def _problem(root: Path, document: Path, target: str) -> str:
    name, _hash, anchor = unquote(target).partition("#")
    path = (document.parent / name).resolve() if name else document
    if not path.is_relative_to(root.resolve()):
        return "leads out of the repository"
    if not path.exists():
        return "there is no such file"
    if anchor and (path.suffix != ".md" or anchor not in anchors(path.read_text(encoding="utf-8"))):
        return "there is no such heading"
    return ""


if __name__ == "__main__":
    found = problems(ROOT)
    print("\n".join(found) or "links: all lead somewhere")
    sys.exit(bool(found))

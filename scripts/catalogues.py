"""Update the catalogues of all languages from the source, and report what each lacks: see scripts/translations."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from akiya.language import CATALOGUES, OTHERS, Language

ROOT = Path(__file__).resolve().parent.parent
# Japanese has one plural form, so a text that counts is its own plural in the catalogue.
KEYWORDS = ("lazy_gettext", "NP_:1c,2", "ngettext:1,1")
# Staff pages are in Japanese only.
STAFF = ("staff", "prefecture/", "_macros/forms", "_macros/chart", "_macros/period")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
MARKED = re.compile(r"\b(?:_|pgettext)\((?:'[^']*',\s*)?'[^']*'|\{#.*?#\}", re.S)


def source() -> Catalog:
    """Return every text of the code and the templates that is marked for translation."""
    with tempfile.TemporaryDirectory() as folder:
        pot = Path(folder) / "messages.pot"
        keywords = [part for keyword in KEYWORDS for part in ("-k", keyword)]
        command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "--ignore-dirs=.venv",
                   "-F", "translations/babel.cfg", "--no-location", *keywords, "-o", str(pot), "."]  # fmt: skip
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603  (our own arguments)
        with pot.open("rb") as file:
            return read_po(file)


def path_of(language: Language) -> Path:
    """Return the path of the language's catalogue."""
    return CATALOGUES / language.code / "LC_MESSAGES" / "messages.po"


def read(language: Language) -> Catalog:
    """Return the catalogue of the language, an empty one if there is none."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=str(language.locale))
    with path.open("rb") as file:
        return read_po(file, locale=str(language.locale))


def lacking(wanted: Catalog, catalogue: Catalog) -> list[str]:
    """Return the texts of `wanted` that are missing, blank or doubtful in the catalogue, a text with a context after it."""
    lacks = []
    for message in wanted:
        if not message.id:
            continue
        found = catalogue.get(message.id, message.context)
        if found is None or found.fuzzy or not all(_strings(found)):
            context = f"{message.context}: " if message.context else ""
            lacks.append(context + (message.id if isinstance(message.id, str) else message.id[0]))
    return sorted(lacks)


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def update(language: Language, wanted: Catalog) -> Catalog:
    """Write the language's catalogue with the texts of `wanted` and no others, compile it, and return it."""
    catalogue, path = read(language), path_of(language)
    catalogue.update(wanted, no_fuzzy_matching=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, no_location=True, ignore_obsolete=True, sort_output=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    return catalogue


def unmarked() -> list[str]:
    """Return lines of public templates with Japanese outside a call of _() or pgettext()."""
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        name = path.relative_to(ROOT / "templates").as_posix()
        if any(part in name for part in STAFF):
            continue
        rest = MARKED.sub("", path.read_text(encoding="utf-8"))
        found += [f"templates/{name}: {line.strip()[:80]}" for line in rest.splitlines() if JAPANESE.search(line)]
    return found


def main(arguments: list[str]) -> int:
    """Update or check the catalogues, print what is missing, and return the exit status."""
    checking, wanted = arguments == ["--check"], source()
    problems = [f"not marked for translation: {line}" for line in unmarked()]
    for language in OTHERS:
        lacks = lacking(wanted, read(language) if checking else update(language, wanted))
        problems += [f"{language.name} lacks: {text}" for text in lacks]
        if not lacks:
            print(f"translations: {language.name} is complete")
    print(*problems, sep="\n", end="\n" if problems else "")
    return int(checking and bool(problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What the documents name exists: links, commands with their options, files, settings, addresses. Each check is broken once."""

import inspect
import os
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from flask import Flask

from akiya import config
from akiya.commands.main import main
from scripts import check_links

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = check_links.documents(ROOT)
DECISIONS = ROOT / "docs" / "decisions"
FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.S | re.M)
SECTIONS = ["Context", "Decision", "Alternatives", "Consequences"]
# Served to developers alone (AKIYA_DEBUG=1), and what web/language makes of a prefix.
OUTSIDE_THE_MAP = {"/styleguide", "/en/"}


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def code(text: str) -> Iterator[str]:
    """Yield what a document shows as code: each line of a block without its comment, and each span."""
    for block in FENCE.findall(text):
        for line in block.splitlines():
            yield re.sub(r"\s+#.*", "", line).strip()
    yield from re.findall(r"`([^`\n]+)`", FENCE.sub("", text))


# ── commands ──


def wrong_commands(text: str) -> list[str]:
    """Return what is wrong with each `akiya …` and `scripts/…` of the text."""
    found = []
    for shown in code(text):
        words = shown.removeprefix(".venv/bin/").replace("[", " ").replace("]", " ").split()
        options = set(re.findall(r"(?<!\S)--[a-z][a-z0-9-]*", " ".join(words)))
        if words[:1] == ["akiya"]:
            found += [f"{shown}: {wrong}" for wrong in _wrong_akiya(words[1:], options)]
        elif words and words[0].startswith("scripts/"):
            found += [f"{shown}: {wrong}" for wrong in _wrong_script(words, options)]
    return found


def _wrong_akiya(words: list[str], options: set[str]) -> Iterator[str]:
    command: click.Command = main
    while isinstance(command, click.Group) and words and not words[0].startswith("-") and words[0] != "…":
        inner = command.get_command(click.Context(command), words[0])
        if inner is None:
            yield f"there is no command {words[0]}"
            return
        command, words = inner, words[1:]
    known = {"--help"}.union(*([*one.opts, *one.secondary_opts] for one in command.params))
    yield from (f"there is no option {option}" for option in sorted(options - known))


def _wrong_script(words: list[str], options: set[str]) -> Iterator[str]:
    path = ROOT / words[0]
    if not path.is_file():
        yield "there is no such script"
    elif path.suffix == "":
        if not os.access(path, os.X_OK):
            yield "the script cannot be executed"
            return
        wanted = options | {word for word in words[1:2] if re.fullmatch(r"[a-z]+(-[a-z]+)*", word)}
        told = help_of(words[0]) if wanted else ""
        yield from (f"its --help does not name {word}" for word in sorted(wanted) if word not in told)


@cache
def help_of(script: str) -> str:
    done = subprocess.run([ROOT / script, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", names(DOCUMENTS))
def test_every_command_and_option_exists(name: str) -> None:
    assert wrong_commands((ROOT / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("shown", "wrong"),
    [
        ("akiya fly", "there is no command fly"),
        ("akiya staff fire ADDRESS", "there is no command fire"),
        ("akiya media prune [--dry-walk]", "there is no option --dry-walk"),
        (".venv/bin/akiya serve --prot 8000", "there is no option --prot"),
        ("scripts/walk", "there is no such script"),
        ("scripts/run [--prot 8000]", "its --help does not name --prot"),
        ("scripts/bench walks", "its --help does not name walks"),
        ("scripts/mutate akiya/units.py [--limits N]", "its --help does not name --limits"),
    ],
)
def test_a_wrong_command_is_noticed(shown: str, wrong: str) -> None:
    assert wrong_commands(f"See `{shown}`.") == [f"{shown}: {wrong}"]
    assert [line.endswith(f": {wrong}") for line in wrong_commands(f"```\n{shown}  # explained\n```\n")] == [True]


# ── files ──


def missing_files(text: str) -> list[str]:
    """Return each span of code that looks like a file or module of the project but does not exist: `akiya/x.py`, `reports/rows`."""
    tops = {path.name for folder in (ROOT, ROOT / "akiya") for path in folder.iterdir() if path.is_dir()}
    found = []
    for shown in re.findall(r"`([\w.-]+(?:/[\w.-]+)+/?)`", FENCE.sub("", text)):
        if shown.partition("/")[0] in tops - {"var"} and not _is_there(shown.rstrip("/")):
            found.append(shown)
    return found


def _is_there(name: str) -> bool:
    module, _dot, member = name.rpartition(".")
    for folder in (ROOT, ROOT / "akiya"):
        if (folder / name).exists() or (folder / f"{name}.py").is_file():
            return True
        file = folder / f"{module}.py"
        if module and file.is_file() and re.search(rf"\b{member}\b", file.read_text(encoding="utf-8")):
            return True
    return False


@pytest.mark.parametrize("name", names(DOCUMENTS))
def test_every_file_exists(name: str) -> None:
    assert missing_files((ROOT / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "shown", ["akiya/unit.py", "templates/public/serch.html", "reports/row", "listings/events.EventKnd", "tests/brows/"]
)
def test_a_missing_file_is_noticed(shown: str) -> None:
    assert missing_files(f"`listings/events.EventKind`, `{shown}`, `reports/rows`, `docs/decisions`") == [shown]


# ── settings and addresses ──


def section(text: str, heading: str) -> str:
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.S | re.M)
    assert found is not None, heading
    return found[1]


def settings_of(text: str) -> list[str]:
    """Return the names in the first column of the table of settings."""
    cells = re.findall(r"^\| (`[^|]+) \|", section(text, "Settings"), re.M)
    return sorted(name for cell in cells for name in re.findall(r"`(\w+)`", cell))


def settings_read() -> list[str]:
    """Return the names that akiya/config.py reads."""
    return sorted(set(re.findall(r'(?:value|environ\.get)\("(\w+)"', inspect.getsource(config))))


def test_the_table_of_settings_names_what_is_read() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert settings_of(text) == settings_read()
    assert settings_of(text.replace("| `AKIYA_HOST` |", "| `AKIYA_HSOT` |")) != settings_read()


def wrong_addresses(text: str, app: Flask) -> list[str]:
    """Return each span of code that looks like an address of the site but does not exist."""
    rules = [re.sub(r"<[^>]+>", "[^/]+", rule.rule.replace(".", r"\.")) for rule in app.url_map.iter_rules()]
    found = []
    for shown in re.findall(r"`(?:(?:GET|POST) )?(/[\w<>./-]*)(?:\?[^`]*)?`", FENCE.sub("", text)):
        if shown not in OUTSIDE_THE_MAP and not any(re.fullmatch(rule, shown) for rule in rules):
            found.append(shown)
    return found


def test_every_address_exists(app: Flask) -> None:
    found = {name: wrong_addresses((ROOT / name).read_text(encoding="utf-8"), app) for name in names(DOCUMENTS)}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    text = "`/`, `/listings/<id>`, `GET /listings/?place=阿蘇`, `/listing/<id>`, `POST /staff/listings/12/photo`"
    assert wrong_addresses(text, app) == ["/listing/<id>", "/staff/listings/12/photo"]


# ── links ──


def test_every_link_leads_somewhere() -> None:
    assert check_links.problems(ROOT) == []


def test_a_link_that_leads_nowhere_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "more.md").write_text("# More, `much`\n\n## Same\n\n## Same\n\n```\n# No heading\n```\n")
    (tmp_path / "README.md").write_text(
        "[more](docs/more.md#more-much) [second](docs/more.md#same-1) [site](https://example.jp/#x) [here](#one)\n"
        "# One\n"
        "[lost](docs/lost.md) ![picture](docs/lost.webp)\n"
        "`[code](nowhere.md)`\n"
        "[heading](docs/more.md#less) [block](docs/more.md#no-heading) [below](#two)\n"
        "[out](../README.md)\n"
        "[by name]: docs/by-name.md\n"
    )
    assert check_links.problems(tmp_path) == [
        "README.md:3: docs/lost.md: there is no such file",
        "README.md:3: docs/lost.webp: there is no such file",
        "README.md:5: docs/more.md#less: there is no such heading",
        "README.md:5: docs/more.md#no-heading: there is no such heading",
        "README.md:5: #two: there is no such heading",
        "README.md:6: ../README.md: leads out of the repository",
        "README.md:7: docs/by-name.md: there is no such file",
    ]


# ── the README's size, and the decisions ──


def test_the_readme_is_short() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120
    assert len(text.split()) <= 1200


def wrong_decisions(folder: Path) -> list[str]:
    """Return what is wrong with the decisions in the folder: their numbers, title, date, sections, and row of the index."""
    found = []
    index = (folder / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[\d+\].*\|$", index, re.M)
    expected = []
    for number, path in enumerate(sorted(folder.glob("[0-9]*.md")), 1):
        text = path.read_text(encoding="utf-8")
        head = re.match(r"# (\d+)\. (.+)\n\nDate: (\d{4}-\d\d-\d\d)\n\n## ", text)
        if head is None or int(head[1]) != number or not re.fullmatch(rf"{number:04}(-[a-z0-9]+)+\.md", path.name):
            found.append(f"{path.name}: not number {number} with its title and date")
            continue
        expected.append(f"| [{number:04}]({path.name}) | {head[2]} | {head[3]} |")
        if re.findall(r"^## (.+)$", text, re.M) != SECTIONS:
            found.append(f"{path.name}: its sections are not {', '.join(SECTIONS)}")
        found += [
            f"{path.name}: {name} is empty"
            for name in SECTIONS
            if f"\n## {name}\n" in text and not section(text, name).strip()
        ]
    if rows != expected:
        found.append(f"README.md: {sorted(set(rows) ^ set(expected)) or 'its rows are not in order'}")
    return found


def test_every_decision_is_whole_and_in_the_index() -> None:
    assert wrong_decisions(DECISIONS) == []
    assert len(list(DECISIONS.glob("[0-9]*.md"))) >= 31


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ("# 2. ", "# 3. ", "0002-none-means-not-stated.md: not number 2 with its title and date"),
        ("Date: 2026-11-24\n", "", "0002-none-means-not-stated.md: not number 2 with its title and date"),
        ("## Alternatives", "## Others", "0002-none-means-not-stated.md: its sections are not Context, Decision, Alternatives, Consequences"),
        ("## Consequences", "## Consequences\n\n## Consequences", "0002-none-means-not-stated.md: its sections are not Context, Decision, Alternatives, Consequences"),
        ("None means", "Null means", "README.md: ['| [0002]"),
    ],
)  # fmt: skip
def test_a_decision_that_is_not_whole_is_noticed(tmp_path: Path, before: str, after: str, wrong: str) -> None:
    for path in DECISIONS.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text.replace(before, after, 1) if path.name.startswith("0002") else text)
    assert any(line.startswith(wrong) for line in wrong_decisions(tmp_path))


def test_a_decision_without_a_row_is_noticed(tmp_path: Path) -> None:
    for path in DECISIONS.glob("*.md"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"))
    newest = max(tmp_path.glob("[0-9]*.md"))
    text = newest.read_text(encoding="utf-8")
    number = int(newest.name[:4]) + 1
    (tmp_path / f"{number:04}-new.md").write_text(re.sub(r"^# \d+", f"# {number}", text))
    assert [line[:10] for line in wrong_decisions(tmp_path)] == ["README.md:"]

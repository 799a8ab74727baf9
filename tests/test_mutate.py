"""The script that changes a module and prints the changes that its tests do not notice."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import mutate_module

pytestmark = pytest.mark.slow

MODULE = '''"""A rule."""

MOST = {"a": 3}


def allowed(name: str, number: int) -> bool:
    """Return whether the number is allowed."""
    return number <= MOST.get(name, 7)
'''
WEAK = """from akiya import rule


def test_it() -> None:
    assert rule.allowed("a", 1)
    assert not rule.allowed("a", 9)
"""
STRONG = (
    WEAK
    + """    assert rule.allowed("a", 3)
    assert not rule.allowed("a", 4)
    assert rule.allowed("b", 7)
    assert not rule.allowed("b", 8)
"""
)


def tree(folder: Path, tests: str) -> Path:
    for name, text in {"akiya/__init__.py": "", "akiya/rule.py": MODULE, "tests/test_rule.py": tests}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def mutate(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, mutate_module.__file__, *words, "--root", str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_each_survivor_is_printed_with_its_line_and_change(tmp_path: Path) -> None:
    root = tree(tmp_path, WEAK)
    done = mutate(root, "akiya/rule.py")
    assert done.stdout.splitlines() == [
        "akiya/rule.py:3: {'a': 3}  →  {}",
        "akiya/rule.py:3: 'a'  →  ''",
        "akiya/rule.py:3: 3  →  4",
        "akiya/rule.py:3: 3  →  2",
        "akiya/rule.py:8: number <= MOST.get(name, 7)  →  number < MOST.get(name, 7)",
        "akiya/rule.py:8: 7  →  8",
        "akiya/rule.py:8: 7  →  6",
        "akiya/rule.py: 8 changes, 7 survived",
    ]
    assert done.returncode == 1
    assert (root / "akiya/rule.py").read_text() == MODULE


def test_tests_that_notice_every_change_end_well(tmp_path: Path) -> None:
    done = mutate(tree(tmp_path, STRONG), "akiya/rule.py")
    assert (done.stdout, done.returncode) == ("akiya/rule.py: 8 changes, 0 survived\n", 0)


def test_a_limit_spreads_over_the_module(tmp_path: Path) -> None:
    done = mutate(tree(tmp_path, WEAK), "akiya/rule.py", "--limit", "4")
    assert done.stdout.splitlines() == [
        "akiya/rule.py:3: {'a': 3}  →  {}",
        "akiya/rule.py:3: 3  →  4",
        "akiya/rule.py:8: 7  →  8",
        "akiya/rule.py: 4 changes, 3 survived",
    ]


def test_a_change_that_never_ends_is_noticed(tmp_path: Path) -> None:
    root = tree(tmp_path, "from akiya import rule\n\n\ndef test_it() -> None:\n    assert rule.left(3) == 0\n")
    (root / "akiya/rule.py").write_text("def left(n: int) -> int:\n    while n:\n        n = n - 1\n    return n\n")
    done = mutate(root, "akiya/rule.py", "--seconds", "2")
    assert (done.stdout, done.returncode) == ("akiya/rule.py: 4 changes, 0 survived\n", 0)


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["akiya/other.py"], "There is no module akiya/other.py"),
        (["akiya/__init__.py"], "Name them: --tests tests/FOLDER/test_NAME.py"),
        (["akiya/rule.py", "--tests", "tests/test_gone.py"], "fail without any change: tests/test_gone.py"),
    ],
)
def test_what_cannot_be_measured_says_what_to_give(tmp_path: Path, words: list[str], remedy: str) -> None:
    done = mutate(tree(tmp_path, WEAK), *words)
    assert remedy in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("a < b", ["a <= b"]),
        ("a is not b", ["a is b"]),
        ("a and b", ["a or b"]),
        ("not a", ["a"]),
        ("a - b", ["a + b"]),
        ("a // b", ["a * b"]),
        ("x = 2", ["x = 3", "x = 1"]),
        ("x = True", ["x = False"]),
        ("x = 'ab'", ["x = ''"]),
        ("x = ''", ["x = 'changed'"]),
        ("x = (a, b)", ["x = (b,)", "x = (a,)"]),
        ("x = {1: a}", ["x = {}", "x = {2: a}", "x = {0: a}"]),
        ("f()", ["pass"]),
        ("x: dict[str, 'A']", []),
        ("'A text.'", []),
        ("Point = tuple[int, int]", []),
        ("FIRST = rows[1, x]", ["FIRST = rows[x,]", "FIRST = rows[1,]", "FIRST = rows[2, x]", "FIRST = rows[0, x]"]),
        ("def f():\n    return a", ["def f():\n    return None"]),
    ],
)
def test_one_thing_changes_at_a_time(line: str, changed: list[str]) -> None:
    assert [mutant.source for mutant in mutate_module.mutants(line)] == changed


def test_the_tests_of_a_module_are_named_after_it(tmp_path: Path) -> None:
    for name in ("tests/a/test_b.py", "tests/a/test_b_more.py", "tests/a/test_c.py", "tests/test_b.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = mutate_module.tests_of(tmp_path, Path("akiya/a/b.py"))
    assert [str(path.relative_to(tmp_path)) for path in found] == [
        "tests/a/test_b.py",
        "tests/a/test_b_more.py",
        "tests/test_b.py",
    ]

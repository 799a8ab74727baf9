"""Change one thing at a time in a copy of a pure module, run its tests, and print each change that no test notices.

The tests of akiya/a/b.py are tests/a/test_b*.py and tests/test_b*.py. They run on SpatiaLite only. Exit status 1 means that
a change survived, 2 that nothing could be measured.
"""

import argparse
import ast
import copy
import importlib
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = (".git", ".venv", ".hypothesis", ".*_cache", "__pycache__", "node_modules", "var", "*.egg-info")
_COMPARISONS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
# Only readers of the code see these: a change there changes no behaviour.
_NOT_BEHAVIOUR = ("annotation", "returns", "decorator_list", "type_comment")


@dataclass(frozen=True)
class Mutant:
    """One change of a module: the line, the words before and after, and the whole source with the change."""

    line: int
    before: str
    after: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Return every single change of the source, in the order of its lines, each resulting source once."""
    tree = ast.parse(source)
    seen, found = {ast.unparse(tree)}, []
    for holder, name, index, node in _places(tree):
        for change in _changes(node):
            _put(holder, name, index, change)
            changed = ast.unparse(ast.fix_missing_locations(tree))
            _put(holder, name, index, node)
            if changed not in seen:
                seen.add(changed)
                found.append(Mutant(node.lineno, ast.unparse(node), ast.unparse(change), changed))
    return sorted(found, key=lambda mutant: mutant.line)


def _places(parent: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, Any]]:
    """Yield each node that may change, with where it is: its parent, the parent's attribute, its index there."""
    for name, value in ast.iter_fields(parent):
        if name in _NOT_BEHAVIOUR:
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _is_bare_text(node) or _is_type(node):
                continue
            if isinstance(node, ast.expr | ast.stmt):
                yield parent, name, index, node
            yield from _places(node)


def _is_bare_text(node: ast.AST) -> bool:
    """Return whether the statement is a docstring, or a text under an attribute."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_type(node: ast.AST) -> bool:
    """Return whether the statement names a type, such as `Point = tuple[float, float]`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript()):
            return name[0].isupper() and not name.isupper()
    return False


def _put(holder: ast.AST, name: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(holder, name, node)
    else:
        getattr(holder, name)[index] = node


def _changes(node: Any) -> Iterator[ast.AST]:
    """Yield the replacements of the node."""
    match node:
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                yield _with(node, ops=[*node.ops[:at], _COMPARISONS[type(operator)](), *node.ops[at + 1 :]])
        case ast.BoolOp():
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.BinOp() if type(node.op) in _ARITHMETIC:
            yield _with(node, op=_ARITHMETIC[type(node.op)]())
        case ast.Constant():
            yield from (_with(node, value=value) for value in _other_values(node.value))
        case ast.Dict():
            for at in range(len(node.keys)):
                yield _with(node, keys=_without(node.keys, at), values=_without(node.values, at))
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()) | ast.Set() if len(node.elts) > 1:
            yield from (_with(node, elts=_without(node.elts, at)) for at in range(len(node.elts)))
        case ast.Return(value=ast.expr()):
            yield _with(node, value=ast.Constant(None))
        case ast.Expr(value=ast.Call()):
            yield ast.copy_location(ast.Pass(), node)


def _other_values(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, value - 1]
    if isinstance(value, str):
        return [""] if value else ["changed"]
    return [b""] if isinstance(value, bytes) and value else []


def _with(node: Any, **values: Any) -> Any:
    changed = copy.copy(node)
    for name, value in values.items():
        setattr(changed, name, value)
    return changed


def _without(items: list[Any], at: int) -> list[Any]:
    return items[:at] + items[at + 1 :]


def tests_of(root: Path, module: Path) -> list[Path]:
    """Return the test files of a module by its path: akiya/a/b.py has tests/a/test_b*.py and tests/test_b*.py."""
    folder = root / "tests" / module.parent.relative_to(module.parts[0])
    return sorted({*folder.glob(f"test_{module.stem}*.py"), *(root / "tests").glob(f"test_{module.stem}*.py")})


class Copy:
    """A copy of the tree in which one module changes. Each run of the tests is a process of its own."""

    def __init__(self, root: Path, folder: Path, module: Path, tests: list[str]) -> None:
        self.tree, self.tests, self.loaded = folder / "tree", tests, folder / "loaded"
        shutil.copytree(root, self.tree, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
        self.path = self.tree / module
        self.options = ["-x", "-q", "-p", "no:cacheprovider", f"--basetemp={folder / 'tmp'}", "--noconftest"]
        self.options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # raised for libraries that warm_up loaded

    def passes_unchanged(self, source: str) -> bool:
        """Return whether the tests pass, if possible without conftest.py.

        Tests of a pure module do not need it, and start faster without it.
        """
        if self.passes(source):
            return True
        self.options.remove("--noconftest")
        return self.passes(source)

    def warm_up(self) -> None:
        """Import the libraries that the last run imported, so that every run, a fork of this process, has them."""
        for name in self.loaded.read_text(encoding="utf-8").split():
            with suppress(ImportError):
                importlib.import_module(name)

    def passes(self, source: str, limit: float | None = None) -> bool:
        """Return whether the tests pass within `limit` seconds with this source of the module."""
        self.path.write_text(source, encoding="utf-8")
        # Python recognises an outdated compiled file by second and size only: two changes could share one.
        for compiled in self.path.parent.glob(f"__pycache__/{self.path.stem}.*.pyc"):
            compiled.unlink()
        run = multiprocessing.get_context("fork").Process(target=self._run)
        run.start()
        run.join(limit)
        if run.exitcode is None and run.pid is not None:
            os.killpg(run.pid, signal.SIGKILL)
            run.join()
        return run.exitcode == 0

    def _run(self) -> None:
        os.setsid()  # so that processes that the tests start end with them
        os.chdir(self.tree)
        sys.path.insert(0, str(self.tree))
        os.environ["PYTHONPATH"] = str(self.tree)
        os.environ.pop("AKIYA_TEST_POSTGRESQL", None)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        status = pytest.main([*self.options, *self.tests])
        libraries = [
            name
            for name, module in list(sys.modules.items())
            if (getattr(module, "__file__", None) or "").startswith((sys.prefix, sys.base_prefix))
        ]
        self.loaded.write_text("\n".join(libraries), encoding="utf-8")
        sys.exit(int(status))


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """Parse the arguments of the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/mutate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: scripts/mutate akiya/ledgers/cells.py --limit 40 --tests tests/ledgers/test_files.py",
    )
    parser.add_argument("module", type=Path, help="the module's path, such as akiya/units.py")
    parser.add_argument("--limit", type=int, metavar="N", help="try N changes, spread over the module (default: all)")
    parser.add_argument("--tests", nargs="+", metavar="PATH", help="the tests to run (default: by the module's path)")
    parser.add_argument(
        "--seconds", type=float, metavar="S", help="time for a run (default: 10 and five times an unchanged one)"
    )
    parser.add_argument(
        "--root", type=Path, default=ROOT, help="the tree that holds akiya/ and tests/ (default: this one)"
    )
    return parser.parse_args(words)


def main() -> int:
    """Print each change that no test notices, and return the exit status."""
    given = arguments()
    if given.module.is_absolute() or not (given.root / given.module).is_file():
        print(
            f"There is no module {given.module} in {given.root}. Give its path, such as akiya/units.py.",
            file=sys.stderr,
        )
        return 2
    tests = given.tests or [str(path.relative_to(given.root)) for path in tests_of(given.root, given.module)]
    if not tests:
        print(f"No tests by the name of {given.module}. Name them: --tests tests/FOLDER/test_NAME.py", file=sys.stderr)
        return 2
    source = (given.root / given.module).read_text(encoding="utf-8")
    tried = mutants(source)
    if given.limit:
        tried = [tried[n * len(tried) // given.limit] for n in range(min(given.limit, len(tried)))]
    with tempfile.TemporaryDirectory() as folder:
        tree = Copy(given.root, Path(folder), given.module, tests)
        # The source in the form in which changes are written: without comments.
        if not tree.passes_unchanged(ast.unparse(ast.parse(source))):
            print(f"The tests fail without any change: {' '.join(tests)}", file=sys.stderr)
            return 2
        tree.warm_up()
        began = time.monotonic()
        tree.passes(source)
        limit = given.seconds or 10 + 5 * (time.monotonic() - began)
        survived = 0
        for mutant in tried:
            if tree.passes(mutant.source, limit):
                survived += 1
                print(f"{given.module}:{mutant.line}: {mutant.before}  →  {mutant.after}", flush=True)
    print(f"{given.module}: {len(tried)} changes, {survived} survived")
    return int(survived > 0)


if __name__ == "__main__":
    sys.exit(main())

"""The structure fits the rules of tests/structure.py, and breaking each rule once is noticed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure import violations

PACKAGE = Path(__file__).resolve().parents[1] / "akiya"
PURE = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    for path in PACKAGE.rglob("*.py")
    if path.stem
    in ("enums", "codes", "states", "pictograms", "periods", "units", "geo", "text", "choices", "errors", "formats")
)


def test_every_module_keeps_to_its_ring() -> None:
    assert violations(PACKAGE) == []


# One violation for each rule: the file, its content, and the expected message.
PLANTED = [
    ("units.py", "from akiya.listings import models", "units: ground imports listings.models (feature)"),
    ("mail.py", "import flask", "mail: imports flask"),
    ("queue.py", "from flask_sqlalchemy import SQLAlchemy", "queue: imports flask_sqlalchemy"),
    ("web/urls.py", "from akiya.accounts import search", "web.urls: web imports accounts.search (feature)"),
    ("listings/service.py", "from flask import g", "listings.service: imports flask"),
    ("listings/service.py", "from akiya.web import urls", "listings.service: feature imports web.urls (web)"),
    ("listings/service.py", "import wtforms", "listings.service: imports wtforms"),
    ("listings/service.py", "from PIL import Image", "listings.service: imports PIL"),
    ("listings/service.py", "from akiya.owners import search", "listings.service: knows the later feature owners (owners.search)"),
    ("listings/__init__.py", "from akiya.listings import models", "listings: the __init__ of a feature is empty"),
    ("pages/staff/inquiries.py", "from sqlalchemy import select", "pages.staff.inquiries: imports sqlalchemy"),
    ("pages/staff/inquiries.py", "from akiya.db import db", "pages.staff.inquiries: a page imports db"),
    ("pages/staff/inquiries.py", "from akiya.pages.public import feeds", "pages.staff.inquiries: imports another audience's pages.public.feeds"),
    ("pages/guard.py", "from akiya.pages.staff import outbox", "pages.guard: imports another audience's pages.staff.outbox"),
    ("pages/guard.py", "from akiya.commands import shared", "pages.guard: pages imports commands.shared (commands)"),
    ("commands/listings.py", "from akiya.pages import cards", "commands.listings: commands imports pages.cards (pages)"),
    ("commands/listings.py", "from flask import request", "commands.listings: imports flask.request"),
    ("demo/service.py", "from akiya.pages import cards", "demo.service: commands imports pages.cards (pages)"),
    ("worker.py", "from akiya.commands import shared", "worker: worker imports commands.shared (commands)"),
    ("units.py", "from akiya import geo", "a circle of imports: "),
    ("geo.py", "\n" * 401, "geo: has "),
    ("geo.py", "def long() -> int:\n" + "    x = 1\n" * 61 + "    return x", "geo: long has 62 lines, at most 60"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "text", "said"), PLANTED, ids=[f"{row[0]}:{row[1].splitlines()[0]}" for row in PLANTED]
)
def test_a_planted_violation_is_noticed(file: str, text: str, said: str) -> None:
    added = {file: f"\n{text}\n"}
    if said.startswith("a circle"):
        added["geo.py"] = "\nfrom akiya import units\n"
    found = violations(PACKAGE, added)
    assert [line for line in found if line.startswith(said)], found


def test_a_folder_of_too_many_modules_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "akiya" / "visits"
    folder.mkdir(parents=True)
    for number in range(16):
        (folder / f"module_{number}.py").touch()
    assert violations(tmp_path / "akiya") == ["akiya/visits holds 16 modules, at most 15"]


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_loads_no_framework(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'flask', 'sqlalchemy', 'numpy', 'PIL'}} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert done.stdout.strip() == "[]"


def test_no_sql_is_put_together_from_strings() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
                "text",
                "exec_driver_sql",
            ):
                built = [a for a in node.args if isinstance(a, ast.JoinedStr | ast.BinOp)]
                assert not built, f"{path.relative_to(PACKAGE)}:{node.lineno}"


def test_migrations_know_the_models_of_every_feature() -> None:
    text = (PACKAGE.parent / "migrations" / "env.py").read_text(encoding="utf-8")
    features = [path.parent.name for path in sorted(PACKAGE.glob("*/models.py"))]
    assert [name for name in features if f"import akiya.{name}.models" not in text] == []

"""The structure: who may import whom."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FEATURES = (
    "municipalities",
    "outbox",
    "accounts",
    "bulletins",
    "listings",
    "owners",
    "ledgers",
    "panoramas",
    "inquiries",
    "visits",
    "joining",
    "reports",
    "opendata",
    "media",
    "archive",
    "audits",
)
_BELOW_WEB = {"flask", "wtforms", "flask_wtf", "flask_login", "flask_babel", "boto3", "PIL"}

# file name in a feature folder -> modules it never imports (a prefix counts)
NEVER = {
    "models": {"flask", "wtforms", "boto3", "PIL", "akiya.web", "akiya.storage.base"},
    "search": _BELOW_WEB | {"akiya.web", "akiya.imaging"},
    "queries": _BELOW_WEB | {"akiya.web", "akiya.imaging"},
    "service": _BELOW_WEB | {"akiya.web"},
    "counter": _BELOW_WEB | {"akiya.web"},
    "worklist": _BELOW_WEB | {"akiya.web", "akiya.imaging"},
    "batch": _BELOW_WEB | {"akiya.web", "akiya.imaging"},
    "life": _BELOW_WEB | {"akiya.web"},
    "freshness": _BELOW_WEB | {"akiya.web"},
    "imports": _BELOW_WEB | {"akiya.web"},
    **{
        name: _BELOW_WEB | {"akiya.web", "akiya.imaging"}
        for name in ("lives", "monthly", "closed", "closings", "rows", "national", "quality", "origins", "funnel")
    },
    **{name: _BELOW_WEB | {"akiya.web", "akiya.imaging"} for name in ("dashboard", "ranks", "monthly_mail")},
    **{name: _BELOW_WEB | {"akiya.web", "akiya.db", "sqlalchemy"} for name in ("charts", "panels")},
    "staff_dashboard": {"sqlalchemy", "akiya.db", "boto3", "PIL"},
    **{
        name: _BELOW_WEB | {"akiya.web", "akiya.db", "sqlalchemy"} for name in ("table", "periods", "figures", "scopes")
    },
    "photos": _BELOW_WEB | {"akiya.web"},
    "documents": _BELOW_WEB | {"akiya.web"},
    "applications": _BELOW_WEB | {"akiya.web"},
    "letters": _BELOW_WEB | {"akiya.web", "akiya.db", "sqlalchemy"},
    "assist": _BELOW_WEB | {"akiya.web"},
    "together": _BELOW_WEB | {"akiya.web"},
    "drafts": _BELOW_WEB | {"akiya.web"},
    "links": _BELOW_WEB | {"akiya.web", "akiya.db", "sqlalchemy"},
    "pictograms": _BELOW_WEB | {"akiya.web", "akiya.db", "sqlalchemy"},
    "manifest": _BELOW_WEB | {"akiya.web", "akiya.db", "sqlalchemy"},
    "restoring": _BELOW_WEB | {"akiya.web"},
    "tables": _BELOW_WEB | {"akiya.web", "akiya.storage.base"},
    "pannellum": _BELOW_WEB | {"akiya.web", "akiya.db", "sqlalchemy"},
    "mails": {"sqlalchemy", "akiya.db", "boto3", "PIL"},
    "life_forms": {"akiya.db", "boto3", "PIL", "sqlalchemy"},
    "staff_history": {"sqlalchemy", "akiya.db", "boto3", "PIL"},
    "staff_batch": {"sqlalchemy", "akiya.db", "boto3", "PIL"},
    "confirmation": {"sqlalchemy", "akiya.db", "boto3", "PIL"},
    "photo_forms": {"akiya.db", "boto3", "PIL", "sqlalchemy"},
    "forms": {"akiya.db", "boto3", "PIL", "sqlalchemy"},
    "public": {"sqlalchemy", "akiya.db", "boto3", "PIL"},
    "staff": {"sqlalchemy", "akiya.db", "boto3", "PIL"},
    "staff_forms": {"akiya.db", "boto3", "PIL", "sqlalchemy"},
    "printing": {"sqlalchemy", "akiya.db", "boto3", "PIL"},
    "staff_form": {"sqlalchemy", "akiya.db", "boto3", "PIL"},
    "municipality_form": {"akiya.db", "boto3", "PIL", "sqlalchemy"},
    "staff_municipality": {"sqlalchemy", "akiya.db", "boto3", "PIL"},
    "settings": _BELOW_WEB | {"akiya.web"},
    "staff_photos": {"sqlalchemy", "akiya.db", "boto3", "PIL"},
    "staff_scene": {"sqlalchemy", "akiya.db", "boto3", "PIL"},
    "editing": _BELOW_WEB | {"akiya.web"},
    "receiving": _BELOW_WEB | {"akiya.web", "akiya.db", "sqlalchemy"},
    **{name: _BELOW_WEB | {"akiya.web", "akiya.db", "sqlalchemy"} for name in ("measuring", "descriptions", "angles")},
    "views": {"sqlalchemy", "akiya.db", "boto3", "PIL"},
    "merging": _BELOW_WEB | {"akiya.web"},
    **{name: {"sqlalchemy", "akiya.db", "boto3", "PIL"} for name in ("mailed", "me", "people", "staff_people")},
    **{
        name: _BELOW_WEB | {"akiya.web"} for name in ("tickets", "passwords", "totp", "origin", "invitations", "charge")
    },
}
# Across features only these are imported, so that a feature can change inside.
OPEN = {
    "settings",
    "models",
    "search",
    "service",
    "guard",
    "drafts",
    "enums",
    "cards",
    "outlines",
    "codes",
    "parts",
    "photos",
    "bulk",
    "ranges",
    "derive",
    "fields",
    "tickets",
    "life",
    "history",
    "asking",
    "criteria",
    "pictograms",
    "records",
    "search_form",
    "invitations",
    "links",
}


def imports_of(path: Path) -> set[str]:
    """Every module a file imports, with the names taken from packages."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def feature_files() -> list[Path]:
    return [path for feature in FEATURES for path in sorted((ROOT / "akiya" / feature).glob("*.py"))]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", feature_files(), ids=named)
def test_a_layer_imports_only_what_lies_below_it(path: Path) -> None:
    never = NEVER.get(path.stem, set())
    wrong = {name for name in imports_of(path) for bad in never if name == bad or name.startswith(bad + ".")}
    assert not wrong, f"{named(path)} imports {sorted(wrong)}"


@pytest.mark.parametrize("path", feature_files(), ids=named)
def test_features_know_only_earlier_features_and_only_their_open_files(path: Path) -> None:
    own = FEATURES.index(path.parent.name)
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] != "akiya" or len(parts) < 3 or parts[1] not in FEATURES or parts[1] == path.parent.name:
            continue
        assert FEATURES.index(parts[1]) < own, f"{named(path)} knows the later feature {parts[1]}"
        assert parts[2] in OPEN or path.stem == "__init__", f"{named(path)} imports the inside of {name}"


@pytest.mark.parametrize("path", sorted((ROOT / "akiya/imaging").glob("*.py")), ids=named)
def test_imaging_knows_nothing_of_the_web_or_of_listings(path: Path) -> None:
    allowed = {"akiya", "akiya.errors", "akiya.errors.BadImage", "akiya.errors.Invalid"}
    wrong = {
        n for n in imports_of(path) if n.startswith("akiya") and n not in allowed and not n.startswith("akiya.imaging")
    }
    assert not wrong | (imports_of(path) & {"flask", "sqlalchemy"})


@pytest.mark.parametrize("path", sorted((ROOT / "akiya/web").glob("*.py")), ids=named)
def test_the_web_base_knows_no_feature(path: Path) -> None:
    assert not {n for n in imports_of(path) for f in FEATURES if n.startswith(f"akiya.{f}")}


def test_no_request_below_a_view() -> None:
    for path in feature_files():
        if path.stem in ("service", "search", "queries", "models", "imports", "photos"):
            text = path.read_text(encoding="utf-8")
            assert "current_app" not in text, named(path)
            assert "import request" not in text, named(path)


def test_modules_and_functions_stay_small() -> None:
    for path in sorted((ROOT / "akiya").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 400, named(path)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno <= 60, f"{named(path)}::{node.name}"


def test_no_sql_is_put_together_from_strings() -> None:
    for path in sorted((ROOT / "akiya").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
                "text",
                "exec_driver_sql",
            ):
                built = [a for a in node.args if isinstance(a, ast.JoinedStr | ast.BinOp)]
                assert not built, f"{named(path)}:{node.lineno}"

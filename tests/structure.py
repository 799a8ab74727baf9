"""The rules of the structure, derived from each module's folder: who may import whom, sizes, and no circles."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

# Features, each after those that it may import. All other modules are placed by their folder.
FEATURES = (
    "facts", "municipalities", "programmes", "outbox", "accounts", "bulletins", "listings", "catalogue", "owners",
    "panoramas", "visits", "inquiries", "national_bank", "backoffice", "ledgers", "reports", "opendata", "membership",
    "media", "archive", "audits",
)  # fmt: skip
DOORS = ("pages", "commands", "demo", "worker")
NOT_BELOW_PAGES = {"flask", "flask_babel", "flask_login", "flask_wtf", "flask_limiter", "wtforms"}
NOT_IN_FEATURES = NOT_BELOW_PAGES | {"flask_sqlalchemy", "flask_migrate", "jinja2", "boto3", "PIL"}
NOT_IN_PAGES = {"sqlalchemy", "geoalchemy2", "flask_sqlalchemy", "boto3", "PIL"}
NOT_IN_COMMANDS = {"flask.request", "flask.session", "flask.g", "flask.current_app"}
MOST_MODULES, MOST_IN = 15, {"": 20, "listings": 20, "catalogue": 20}
MOST_LINES, MOST_FUNCTION_LINES = 400, 60


@dataclass
class Module:
    """A module: its dotted name below the package, its path and its source."""

    name: str
    path: Path
    text: str

    @cached_property
    def imports(self) -> set[str]:
        """Return the dotted names that it imports: for `from a.b import c` both a.b and a.b.c."""
        return _read(self.text)[0]

    @cached_property
    def lengths(self) -> list[tuple[str, int]]:
        """Return each function's name and the number of lines after its first."""
        return _read(self.text)[1]

    @property
    def folder(self) -> str:
        """Return the first folder below the package, or the module's own name if it is in the package itself."""
        return self.name.split(".")[0]

    @property
    def ring(self) -> str:
        """Return ground, web, feature, pages, commands or worker, or root for the modules that connect everything."""
        if self.name in ("", "wsgi"):
            return "root"
        if self.folder in FEATURES:
            return "feature"
        return {"web": "web", "pages": "pages", "commands": "commands", "demo": "commands", "worker": "worker"}.get(
            self.folder, "ground"
        )


def modules(package: Path, added: Mapping[str, str]) -> list[Module]:
    """Return every module of the package folder; `added` are lines to append to a file, by path."""
    found = []
    for path in sorted(package.rglob("*.py")):
        file = path.relative_to(package)
        text = path.read_text(encoding="utf-8") + added.get(file.as_posix(), "")
        parts = list(file.with_suffix("").parts)
        if parts[-1] == "__init__":
            parts.pop()
        found.append(Module(".".join(parts), path, text))
    return found


@cache
def _read(text: str) -> tuple[set[str], list[tuple[str, int]]]:
    """Return the imports and function lengths of a source; cached, because every check reads all modules again."""
    names: set[str] = set()
    lengths: list[tuple[str, int]] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.FunctionDef):
            lengths.append((node.name, (node.end_lineno or 0) - node.lineno))
    return names, lengths


def own(module: Module, known: dict[str, Module]) -> set[str]:
    """Return the package's modules that the module imports; a package only if a name of its __init__ is used."""
    inner = {name.removeprefix("akiya.") for name in module.imports if name.startswith("akiya.")}
    found = {name for name in inner if name in known}
    for name in list(found):
        taken = {other for other in inner if other.rpartition(".")[0] == name}
        if known[name].path.name == "__init__.py" and taken and taken <= known.keys():
            found.discard(name)
    return found


def violations(package: Path, added: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """Return a line for each broken rule: the module and what it does. `added` are lines to append, by path."""
    every = modules(package, added)
    known = {module.name: module for module in every}
    found: list[str] = []
    for module in every:
        found += [f"{module.name or 'akiya'}: {text}" for text in _of_module(module, known)]
    return [*found, *_circles(every, known), *_folders(every)]


def _of_module(module: Module, known: dict[str, Module]) -> Iterator[str]:
    rule = {
        "ground": _ground,
        "web": _web,
        "feature": _feature,
        "pages": _pages,
        "commands": _commands,
        "worker": _worker,
    }
    if module.ring in rule:
        yield from rule[module.ring](module, known)
    yield from _sizes(module)
    if module.ring == "feature" and module.path.name == "__init__.py" and module.text.strip():
        yield "the __init__ of a feature is empty"


def _outside(module: Module, never: set[str]) -> Iterator[str]:
    for name in sorted(module.imports):
        if any(name == bad or name.startswith(f"{bad}.") for bad in never):
            yield f"imports {name}"


def _rings(module: Module, known: dict[str, Module], allowed: set[str]) -> Iterator[str]:
    for name in sorted(own(module, known)):
        if known[name].ring not in allowed:
            yield f"{module.ring} imports {name} ({known[name].ring})"


def _ground(module: Module, known: dict[str, Module]) -> Iterator[str]:
    yield from _rings(module, known, {"ground"})
    yield from _outside(module, NOT_BELOW_PAGES if module.name == "db" else NOT_BELOW_PAGES | {"flask_sqlalchemy"})


def _web(module: Module, known: dict[str, Module]) -> Iterator[str]:
    yield from _rings(module, known, {"ground", "web"})


def _feature(module: Module, known: dict[str, Module]) -> Iterator[str]:
    yield from _rings(module, known, {"ground", "feature"})
    yield from _outside(module, NOT_IN_FEATURES)
    for name in sorted(own(module, known)):
        other = known[name].folder
        if other in FEATURES and FEATURES.index(other) > FEATURES.index(module.folder):
            yield f"knows the later feature {other} ({name})"


def _pages(module: Module, known: dict[str, Module]) -> Iterator[str]:
    yield from _rings(module, known, {"ground", "web", "feature", "pages"})
    yield from _outside(module, NOT_IN_PAGES)
    if "db" in own(module, known):
        yield "a page imports db"
    if module.name == "pages":
        return  # registers the pages of every audience
    audience = _audience(module.name, known)
    for name in sorted(own(module, known)):
        if known[name].ring == "pages" and _audience(name, known) not in ("", audience):
            yield f"imports another audience's {name}"
        if name == "pages":
            yield "imports the registration of all pages"


def _audience(name: str, known: dict[str, Module]) -> str:
    """Return the audience's folder; "" for a module of pages/ itself, which all may import."""
    parts = name.split(".")
    return parts[1] if len(parts) > 2 or f"{name}.__init__" in known or _is_package(name, known) else ""


def _is_package(name: str, known: dict[str, Module]) -> bool:
    return len(name.split(".")) == 2 and known[name].path.name == "__init__.py"


def _commands(module: Module, known: dict[str, Module]) -> Iterator[str]:
    yield from _rings(
        module,
        known,
        {"ground", "feature", "commands", "root"} if module.folder == "commands" else {"ground", "feature", "commands"},
    )
    yield from _outside(module, NOT_IN_COMMANDS)


def _worker(module: Module, known: dict[str, Module]) -> Iterator[str]:
    yield from _rings(module, known, {"ground", "feature"})


def _sizes(module: Module) -> Iterator[str]:
    lines = module.text.count("\n")
    if lines > MOST_LINES:
        yield f"has {lines} lines, at most {MOST_LINES}"
    for name, length in module.lengths:
        if length > MOST_FUNCTION_LINES:
            yield f"{name} has {length} lines, at most {MOST_FUNCTION_LINES}"


def _circles(every: list[Module], known: dict[str, Module]) -> Iterator[str]:
    """Yield each circle of imports once, found by Tarjan's algorithm for strongly connected components."""
    # A package's __init__ that imports its modules is not a circle: pages/__init__ imports all, and none imports it.
    edges = {module.name: own(module, known) - {module.name} for module in every}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in sorted(edges[name]):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            part = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(part) > 1:
                found.append(part)

    for name in edges:
        if name not in index:
            visit(name)
    for circle in found:
        yield f"a circle of imports: {' → '.join(circle)}"


def _folders(every: list[Module]) -> Iterator[str]:
    counts: dict[str, int] = {}
    for module in every:
        if module.path.name != "__init__.py":
            counts[module.name.rpartition(".")[0]] = counts.get(module.name.rpartition(".")[0], 0) + 1
    for folder, count in sorted(counts.items()):
        most = MOST_IN.get(folder, MOST_MODULES)
        if count > most:
            yield f"akiya/{folder.replace('.', '/')} holds {count} modules, at most {most}"

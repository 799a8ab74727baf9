"""List the parts of an application: its addresses, hooks, error pages, jobs and tables, by names without modules."""

import hashlib
import re
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, inspect

_HASHED = re.compile(r"\.[0-9a-f]{12}[./]")


def url_map(app: Flask) -> str:
    """Return every rule with its methods and endpoint, the blueprints, hooks and exemptions from CSRF."""
    rules = sorted(
        f"{r.rule}  {','.join(sorted(r.methods or ()))}  {r.endpoint}{_defaults(r)}" for r in app.url_map.iter_rules()
    )
    parts = {"rules": rules, "blueprints": sorted(f"{b.name} {b.url_prefix or ''}" for b in app.blueprints.values())}
    for kind in (
        "before_request_funcs", "after_request_funcs", "teardown_request_funcs", "template_context_processors",
        "url_value_preprocessors", "url_default_functions",
    ):  # fmt: skip
        parts[kind] = [
            f"{scope or 'app'}: {name(f)}" for scope, found in sorted(_scoped(getattr(app, kind))) for f in found
        ]
    parts["error handlers"] = sorted(
        f"{scope or 'app'} {code or ''} {kind.__name__}: {name(f)}"
        for scope, codes in app.error_handler_spec.items()
        for code, kinds in codes.items()
        for kind, f in kinds.items()
    )
    csrf = app.extensions.get("csrf")
    exempt = [view.rpartition(".")[2] for view in getattr(csrf, "_exempt_views", ())]
    parts["CSRF-exempt"] = sorted([*exempt, *map(str, getattr(csrf, "_exempt_blueprints", ()))])
    queue = app.extensions.get("akiya_queue")
    if queue is not None:
        parts["periodic tasks"] = sorted(str(task.name) for task in queue.huey._registry.periodic_tasks)
    parts["template globals"] = sorted(app.jinja_env.globals)
    parts["template filters"] = sorted(app.jinja_env.filters)
    parts["template tests"] = sorted(app.jinja_env.tests)
    parts["configuration"] = sorted(app.config)
    return "".join(f"── {title}\n" + "".join(f"{line}\n" for line in lines) for title, lines in parts.items())


def name(function: Any) -> str:
    """Return the function's qualified name without the module."""
    return str(getattr(function, "__qualname__", type(function).__qualname__))


def tables(engine: Engine) -> str:
    """Return every table with its columns, keys and indexes, as the migrations created it."""
    found, lines = inspect(engine), []
    for table in sorted(found.get_table_names()):
        lines.append(f"── {table}")
        lines += [
            f"{c['name']} {c['type']!r} {'' if c['nullable'] else 'not null'} {c['default'] or ''}"
            for c in found.get_columns(table)
        ]
        lines += sorted(
            f"key {k['constrained_columns']} → {k['referred_table']} {k['options']}"
            for k in found.get_foreign_keys(table)
        )
        lines += sorted(f"index {i['name']} {i['column_names']} {i['unique']}" for i in found.get_indexes(table))
        lines += sorted(f"unique {u['name']} {u['column_names']}" for u in found.get_unique_constraints(table))
    return "\n".join(lines) + "\n"


def _scoped(found: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [(scope or "", functions) for scope, functions in found.items()]


def _defaults(rule: Any) -> str:
    return f"  {rule.defaults}" if rule.defaults else ""


def assets(folder: Path) -> str:
    """Return every static file that is served, with its digest, without the hash in its name."""
    plain = [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not _HASHED.search(path.relative_to(folder).as_posix())
        and path.suffix not in (".gz", ".json")
    ]
    return "".join(
        f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in sorted(plain)
    )

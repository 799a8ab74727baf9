"""Templates without Flask, for what a feature lays out itself, such as the PDF of a report."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, select_autoescape

from akiya import ROOT


def template(name: str, **values: object) -> str:
    """Render the named template of templates/ with these values; it has no request, language or page filters."""
    return _environment().get_template(name).render(**values)


@cache
def _environment() -> Environment:
    # Blocks are trimmed as in pages, so that a template renders the same text in both.
    return Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )

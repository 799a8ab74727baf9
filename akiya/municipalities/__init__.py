"""The prefecture and its municipalities."""

from flask import Flask

from akiya.language import language
from akiya.municipalities import search


def init_app(app: Flask) -> None:
    """Every page of `app` knows which prefecture it serves."""
    app.context_processor(_prefecture)


def _prefecture() -> dict[str, object]:
    prefecture = search.prefecture()
    if prefecture is None:
        return {"prefecture": None, "site_name": "空き家バンク"}
    name = f"{prefecture.name_en} Akiya Bank" if language() == "en" else f"{prefecture.name}空き家バンク"
    return {"prefecture": prefecture, "site_name": name}

"""What commands share: the application on a ready database, and how files and days are given."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import Flask

from akiya import config, create_app, readiness
from akiya.municipalities import service as municipalities
from akiya.tabular.reading import ImportReport


def ready_app() -> Flask:
    """The application on a database that is ready. Raises Invalid that says to type akiya init, or ConfigError."""
    settings = config.from_env()
    readiness.require(settings)
    return create_app(settings)


PATH = click.Path(dir_okay=False, path_type=Path)


def existing_file() -> click.Path:
    """Return the type of an argument that names a file that is there."""
    return click.Path(exists=True, dir_okay=False, path_type=Path)


def new_file(_context: Any, _parameter: Any, value: Path | None) -> Path | None:
    """Refuses a file that cannot be written before any work is done for it."""
    if value is None:
        return None
    existed = value.exists()
    try:
        value.open("ab").close()  # permissions alone do not tell: root has all of them
        if not existed:
            value.unlink()
    except OSError as error:
        raise click.BadParameter(
            f"{value} には書き込めません（{error.strerror}）。書き込めるフォルダーのファイルを指定してください。"
        ) from error
    return value


def day(_context: Any, _parameter: Any, value: str | None) -> date | None:
    """Return the day that was given as YYYY-MM-DD; the callback of an option."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise click.BadParameter(f"{value} は日付ではありません。2025-03-31 のように書いてください。") from None


def prefecture_of(given: str | None, app: Flask) -> str:
    """Return the prefecture that was given, or that of the settings. Raise BadParameter for one that there is not."""
    name = given or app.config["AKIYA"].prefecture
    if name != "all" and name not in municipalities.prefectures():
        raise click.BadParameter(
            f"{name} という都道府県はありません。熊本県 のような正式な名前か all を指定してください。"
        )
    return str(name)


def show_report(report: ImportReport) -> None:
    """Print what an import did, a line each."""
    for line in report.lines():
        click.echo(line)

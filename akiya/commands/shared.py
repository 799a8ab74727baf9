"""Helpers that several commands use: the application on a ready database, and checks of files and days."""

from datetime import date
from pathlib import Path

import click
from flask import Flask

from akiya import config, create_app, readiness
from akiya.municipalities import service as municipalities
from akiya.tabular.reading import ImportReport


def ready_app() -> Flask:
    """Create the application on a ready database. Raise Invalid, which says to run akiya init, or ConfigError."""
    settings = config.from_env()
    readiness.require(settings)
    return create_app(settings)


PATH = click.Path(dir_okay=False, path_type=Path)


def existing_file() -> click.Path:
    """Return the type of an argument that must name an existing file."""
    return click.Path(exists=True, dir_okay=False, path_type=Path)


def new_file(_context: click.Context, _parameter: click.Parameter, value: Path | None) -> Path | None:
    """Return the path if it can be written, else raise BadParameter before any work begins; an option's callback."""
    if value is None:
        return None
    existed = value.exists()
    try:
        value.open("ab").close()  # reading the permissions would not do: root has all of them
        if not existed:
            value.unlink()
    except OSError as error:
        raise click.BadParameter(
            f"{value} には書き込めません（{error.strerror}）。書き込めるフォルダーのファイルを指定してください。"
        ) from error
    return value


def day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> date | None:
    """Return the date given as YYYY-MM-DD, or raise BadParameter; an option's callback."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise click.BadParameter(f"{value} は日付ではありません。2025-03-31 のように書いてください。") from None


def prefecture_of(given: str | None, app: Flask) -> str:
    """Return the prefecture that was given, or that of the settings. Raise BadParameter if it does not exist."""
    name = given or app.config["AKIYA"].prefecture
    if name != "all" and name not in municipalities.prefectures():
        raise click.BadParameter(
            f"{name} という都道府県はありません。熊本県 のような正式な名前か all を指定してください。"
        )
    return str(name)


def show_report(report: ImportReport) -> None:
    """Print what an import did, one line for each result."""
    for line in report.lines():
        click.echo(line)

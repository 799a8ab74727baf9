"""The commands of `akiya municipalities` that add one and merge two; they call the same services as the pages."""

import sys
from collections.abc import Callable
from datetime import date

import click

from akiya.commands.municipalities import municipalities_group
from akiya.commands.shared import day, ready_app
from akiya.language import OTHERS
from akiya.membership import merging
from akiya.municipalities import service as municipalities

# By the parameter that click makes of an option such as --name-en.
_NAMES = {f"name_{each.code}".replace("-", "_").lower(): each.code for each in OTHERS}


def _names(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for the name in each language other than Japanese, such as --name-en."""
    for parameter, code in reversed(_NAMES.items()):
        command = click.option(f"--name-{code}", parameter, default="")(command)
    return command


@municipalities_group.command("add")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--kana", default="")
@_names
@click.option("--lat", required=True, type=float, help="Latitude of its office, in degrees.")
@click.option("--lon", required=True, type=float, help="Longitude of its office, in degrees.")
def add_municipality(code: str, name: str, kana: str, lat: float, lon: float, **names: str) -> None:
    """Add a municipality that is not in the built-in list. It does not take part yet.

    Example: akiya municipalities add 43699 --name 新町 --lat 32.95 --lon 131.12
    """
    with ready_app().app_context():
        others = {language: names[parameter] for parameter, language in _NAMES.items()}
        added = municipalities.add("システムの管理者", code, name=name, kana=kana, names=others, lon=lon, lat=lat)
        click.echo(f"{added.name}（{added.code}）を加えました。")


@municipalities_group.command("merge")
@click.argument("old")
@click.argument("new")
@click.option("--on", callback=day, help="The day of the merger, YYYY-MM-DD. Default: today.")
@click.option("--dry-run", is_flag=True, help="Report what would happen; write nothing.")
def merge_municipalities(old: str, new: str, on: date | None, dry_run: bool) -> None:
    """Make municipality OLD part of NEW: its homes move; addresses and history stay.

    Example: akiya municipalities merge 43425 43214 --on 2026-10-01 --dry-run
    """
    with ready_app().app_context():
        preview = merging.preview(None, old, new, on)
        for line in (*preview.lines(), *preview.problems):
            click.echo(line)
        if dry_run or preview.problems:
            click.echo("何も書き込んでいません。")
            sys.exit(1 if preview.problems else 0)
        merging.merge(None, old, new, on)
        click.echo("合併しました。")

"""The commands of `akiya municipalities`, `akiya towns` and `akiya places`."""

from collections.abc import Callable
from pathlib import Path

import click

from akiya.commands.main import main
from akiya.commands.shared import existing_file, prefecture_of, ready_app, show_report
from akiya.listings import service as listing_service
from akiya.municipalities import places
from akiya.municipalities import service as municipalities
from akiya.municipalities import settings as municipality_settings
from akiya.municipalities.settings import SETTINGS, SettingKind


@main.group("municipalities")
def municipalities_group() -> None:
    """Import, change, add and merge municipalities.

    Example: akiya municipalities import municipalities.csv --prefecture all
    """


@municipalities_group.command("import")
@click.argument("file", type=existing_file())
@click.option("--prefecture", help="A prefecture's Japanese name, or all. Default: AKIYA_PREFECTURE.")
def import_municipalities(file: Path, prefecture: str | None) -> None:
    """Import municipalities from a CSV, or their boundaries from a GeoJSON.

    Example: akiya municipalities import municipalities.csv --prefecture all
    """
    app = ready_app()
    with app.app_context():
        wanted = prefecture_of(prefecture, app)
        show_report(municipalities.import_municipalities(file, wanted))


def setting_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give the command an option for each setting that has a text for one, in the order of SETTINGS."""
    for setting in reversed(SETTINGS):
        name = setting.name.replace("_", "-")
        if not setting.option:
            continue
        if setting.kind is SettingKind.FLAG:
            command = click.option(f"--{name}/--no-{name}", default=None, help=setting.option)(command)
            continue
        kind: type[int] | click.Choice[str] | None = None
        if setting.kind is SettingKind.COUNT:
            kind = int
        elif setting.kind is SettingKind.CHOICE and setting.choices:
            kind = click.Choice([str(choice) for choice in setting.choices])
        command = click.option(f"--{name}", type=kind, help=setting.option)(command)
    return command


@municipalities_group.command("set")
@click.argument("code")
@setting_options
def set_municipality(code: str, **values: str | int | bool | None) -> None:
    """Change a municipality's settings: what it says about itself, and how exactly its homes are shown.

    Example: akiya municipalities set 43214 --tags settle,trial_stay --blur mesh500
    """
    given = {name: value for name, value in values.items() if value is not None}
    with ready_app().app_context():
        municipality = municipality_settings.change(code, given)
        click.echo(f"{municipality.name}：変更しました。")
        if "blur" in given:
            click.echo(f"公開する位置を計算し直しました：{listing_service.place_again(code):,}件")


@main.group("places")
def places_group() -> None:
    """Import postal codes, stations and facilities, for searching near them.

    Example: akiya places import postal.csv
    """


@places_group.command("import")
@click.argument("file", type=existing_file())
def import_places(file: Path) -> None:
    """Import postal codes, stations or facilities from a CSV.

    The columns are postal_code, code, municipality, town for postal codes; station, line, lat, lon for stations; kind,
    name, lat, lon for facilities.

    Example: akiya places import postal.csv
    """
    with ready_app().app_context():
        show_report(places.import_places(file))


@main.group("towns")
def towns_group() -> None:
    """Import towns with their points, for placing listings without a network.

    Example: akiya towns import towns.csv
    """


@towns_group.command("import")
@click.argument("file", type=existing_file())
def import_towns(file: Path) -> None:
    """Import towns with their points from a CSV.

    Example: akiya towns import towns.csv
    """
    with ready_app().app_context():
        show_report(municipalities.import_towns(file))

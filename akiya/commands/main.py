"""The `akiya` command. Each group of commands is a module that is loaded only when used: most take two seconds."""

import importlib
import os
import sys
from typing import Any  # as click says

import click

from akiya.errors import AkiyaError, ConfigError

# command -> its module, and the first sentence of its help, so that `akiya --help` loads no module
COMMANDS = {
    "archive": (
        "archive",
        "Export everything into one plain file, or fill an empty installation from it.",
    ),
    "demo": ("site", "Load the built-in demonstration."),
    "init": ("site", "Create or upgrade the database and its prefecture."),
    "jobs": ("site", "Run the worker's daily jobs now."),
    "ledger": ("ledgers", "Import and export a municipality's own ledger of homes, as Excel or CSV."),
    "listings": ("listings", "Import listings, and compute their pictograms again."),
    "mail": ("site", "Check the mail settings."),
    "media": ("media", "Check and copy the stored files: photos, panoramas and documents."),
    "municipalities": ("municipalities", "Import, change, add and merge municipalities."),
    "opendata": ("opendata", "Make and remove snapshots of the open data."),
    "panoramas": ("panoramas", "Cut pictures of 360° cameras into tiles."),
    "places": ("municipalities", "Import postal codes, stations and facilities, for searching near them."),
    "reports": ("reports", "Print or save a report, named by key or number (monthly, R1)."),
    "serve": ("serve", "Serve the site and run the worker with it, until Ctrl-C."),
    "staff": ("staff", "Invite, create and deactivate staff accounts."),
    "towns": ("municipalities", "Import towns with their points, for placing listings without a network."),
    "worker": (
        "site",
        "Run only the worker: it makes the tiles of panoramas, sends mail, and does the daily work.",
    ),
}


class _Mistyped(click.ClickException):
    exit_code = 2


class _Commands(click.Group):
    """Show errors that the user can fix as one line, not a traceback; load a command's module only when used."""

    def main(self, *args: Any, **more: Any) -> Any:
        try:
            return super().main(*args, **more)
        except (AkiyaError, ConfigError) as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx else ctx.command_path
            raise _Mistyped(f"{error.format_message()} 使い方：{path} --help") from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            _load(COMMANDS[cmd_name][0])
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, click.Command(name, help=COMMANDS[name][1]).get_short_help_str(room)) for name in names]
            )


def _load(module: str) -> None:
    from akiya import config

    # Checked first: Babel reads TZ while it is imported, and fails on a wrong one with a traceback.
    config.timezone(os.environ.get("TZ", ""))
    importlib.import_module(f"akiya.commands.{module}")
    if module == "municipalities":
        importlib.import_module("akiya.commands.membership")  # adds commands to the same group


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Run one shared vacant-house bank for all the municipalities of a prefecture.

    Settings come from the environment and from AKIYA_DATA/settings.env (see docs/operations.md).

    Example: akiya init --demo
    """

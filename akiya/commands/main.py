"""The `akiya` command and `akiya serve`. The other commands are in `commands`, loaded when one is wanted."""

import importlib
import os
import sys
from typing import Any

import click

from akiya import config, readiness, server
from akiya.errors import AkiyaError


class _Mistyped(click.ClickException):
    exit_code = 2


class _Commands(click.Group):
    """Errors a person can mend are one line, not a traceback; what needs the whole application is loaded late."""

    def main(self, *args: Any, **more: Any) -> Any:
        try:
            return super().main(*args, **more)
        except (AkiyaError, config.ConfigError) as error:
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
        _load_commands()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.commands:
            _load_commands()
        return super().get_command(ctx, cmd_name)


def _load_commands() -> None:
    # Babel reads TZ while it is imported, and fails on a wrong one with a traceback.
    config.timezone(os.environ.get("TZ", ""))
    features = ("ledgers", "panoramas", "reports", "opendata", "media", "joining", "archive")
    for module in ("commands", "commands_staff", *[f"{feature}.commands" for feature in features]):
        importlib.import_module(f"akiya.{module}")


def _port(_context: Any, _parameter: Any, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and 1 <= int(value[:6]) <= 65535):
        raise click.BadParameter(
            f"{value} はポート番号ではありません。1 から 65535 の番号を指定してください。例：--port 8000"
        )
    return int(value)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """One shared vacant-house bank for all the municipalities of a prefecture.

    Settings come from the environment and from AKIYA_DATA/settings.env (see README.md).

    Example: akiya init --demo
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default="8000", show_default=True, callback=_port, metavar="NUMBER", help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--init", "initialise", is_flag=True, help="First do what `akiya init --demo` does.")
def serve(host: str, port: int, workers: int, initialise: bool) -> None:
    """Serve the site and run the worker beside it until Ctrl-C.

    Example: akiya serve --port 8123
    """
    address = server.listening_address(host, port)
    os.environ["AKIYA_HOST"] = address  # what the settings call the address that is listened on
    settings = config.from_env()
    if not initialise:
        readiness.require(settings)
    # A database that is ready already is served at once; the worker then does the rest beside the web server.
    first = initialise and not readiness.ready(settings)
    server.become(address, port, workers, init=first, announce=_shown(address, port) if initialise else "")


def _shown(address: str, port: int) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104  (compared, not bound)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

"""The command `akiya serve`."""

import os

import click

from akiya import config, readiness, server
from akiya.commands.main import main


def _port(_context: click.Context, _parameter: click.Parameter, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and 1 <= int(value[:6]) <= 65535):
        raise click.BadParameter(
            f"{value} はポート番号ではありません。1 から 65535 の番号を指定してください。例：--port 8000"
        )
    return int(value)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default="8000", show_default=True, callback=_port, metavar="NUMBER", help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--init", "initialise", is_flag=True, help="First do what `akiya init --demo` does.")
def serve(host: str, port: int, workers: int, initialise: bool) -> None:
    """Serve the site and run the worker with it, until Ctrl-C.

    Example: akiya serve --port 8123
    """
    address = server.listening_address(host, port)
    os.environ["AKIYA_HOST"] = address  # so that the settings know the address that is listened on
    settings = config.from_env()
    if not initialise:
        readiness.require(settings)
    # A database that is ready is served at once; the worker then does the rest while the web server runs.
    first = initialise and not readiness.ready(settings)
    server.become(address, port, workers, init=first, announce=_shown(address, port) if initialise else "")


def _shown(address: str, port: int) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104  (compared, not bound)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

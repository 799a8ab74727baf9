"""The command of `akiya opendata`: what the worker does each day."""

from datetime import date

import click

from akiya.cli import main
from akiya.commands import ready_app
from akiya.db import today
from akiya.opendata import search, service


@main.group("opendata")
def opendata_group() -> None:
    """The open data.

    Example: akiya opendata snapshot
    """


@opendata_group.command("snapshot")
def snapshot() -> None:
    """Make today's snapshot, unless there is one. The worker does so after eight each day.

    Example: akiya opendata snapshot
    """
    app = ready_app()
    day: date = today()
    with app.app_context():
        made = service.make(app.extensions["akiya_storage"], app.config["AKIYA"].address, day)
        found = made or search.of_day(day)
        if found is not None:
            click.echo(
                f"{found.day}：{found.listings:,}件（追加 {found.added:,}、変更 {found.changed:,}、終了 {found.removed:,}）"
                f"{'' if made else '。今日の版はもうあります。'}"
            )

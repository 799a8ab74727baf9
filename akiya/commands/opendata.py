"""The commands of `akiya opendata`: make the day's snapshot, as the worker does, and remove one."""

from datetime import datetime

import click

from akiya.commands.main import main
from akiya.commands.shared import ready_app
from akiya.db import today
from akiya.opendata import search, service


@main.group("opendata")
def opendata_group() -> None:
    """Make and remove snapshots of the open data.

    Example: akiya opendata snapshot
    """


@opendata_group.command("snapshot")
def snapshot() -> None:
    """Make today's snapshot unless it exists already. The worker does so after eight each day.

    Example: akiya opendata snapshot
    """
    app = ready_app()
    with app.app_context():
        made = service.make(app.extensions["akiya_storage"], app.config["AKIYA"].address, today())
        found = made or search.of_day(today())
        if found is not None:
            click.echo(
                f"{found.day}：{found.listings:,}件（追加 {found.added:,}、変更 {found.changed:,}、終了 {found.removed:,}）"
                f"{'' if made else '。今日の版はもうあります。'}"
            )


@opendata_group.command("remove")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
def remove(day: datetime) -> None:
    """Delete the snapshot of a DAY (YYYY-MM-DD) that contains what should not have been public.

    Example: akiya opendata remove 2026-06-01
    """
    app = ready_app()
    with app.app_context():
        removed = service.remove(app.extensions["akiya_storage"], day.date())
        click.echo(f"{removed.day} の版を消しました。ほかの日の版にも同じ内容があれば、その日も消してください。")

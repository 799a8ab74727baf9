"""The commands of `akiya media`."""

import os
import sys
from collections.abc import Sequence
from datetime import timedelta

import click

from akiya import config, errors
from akiya.commands.main import main
from akiya.commands.shared import ready_app
from akiya.db import now
from akiya.errors import Invalid
from akiya.media import service
from akiya.storage import open_storage
from akiya.storage.base import Stored

_SHOWN = 5


@main.group("media")
def media_group() -> None:
    """Check and copy the stored files: photos, panoramas and documents.

    Example: akiya media prune --dry-run
    """


@media_group.command("prune")
@click.option("--dry-run", is_flag=True, help="Report what would be deleted; delete nothing.")
@click.option(
    "--older-than",
    "hours",
    default=1.0,
    show_default=True,
    type=click.FloatRange(min=0, max=24 * 365),
    metavar="HOURS",
    help="Leave newer files alone: their rows may be about to be written.",
)
def prune(dry_run: bool, hours: float) -> None:
    """Delete files that no row of the database uses, and list rows whose files are missing. No row is deleted.

    Example: akiya media prune --dry-run
    """
    app = ready_app()
    storage = app.extensions["akiya_storage"]
    with app.app_context():
        found = service.compare(storage, now() - timedelta(hours=hours))
        click.echo(f"調べたファイル：{found.files:,}個、使われているもの：{found.in_use:,}個")
        _tell("どの行にも使われていないファイル", found.orphans)
        _tell("書きかけや空のまま残ったもの", found.unfinished)
        click.echo(f"ファイルが足りない行：{len(found.missing):,}件")
        for row, names in found.missing:
            more = f" ほか{len(names) - 1:,}個" if len(names) > 1 else ""
            click.echo(f"  {row.table} {row.id}：{names[0]}{more}")
        if found.missing:
            click.echo(
                "  行はそのままです。バックアップの media から、なくなったファイルを戻すか、画面から入れ直してください。"
            )
        if dry_run:
            click.echo("試しに調べました。何も消していません。")
        elif found.orphans or found.unfinished:
            click.echo(f"{service.prune(storage, found):,}個を消しました。")
        else:
            click.echo("消すものはありません。")


def _tell(label: str, files: Sequence[Stored]) -> None:
    click.echo(f"{label}：{len(files):,}個、{_megabytes(sum(file.size for file in files))}")
    for file in files[:_SHOWN]:
        click.echo(f"  {file.key}")
    if len(files) > _SHOWN:
        click.echo(f"  ほか{len(files) - _SHOWN:,}個")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f}MB"


def _place(_context: click.Context, _parameter: click.Parameter, value: str) -> config.Config:
    """Return the settings with this storage in place of the configured one."""
    try:
        return config.from_env({**os.environ, "AKIYA_STORAGE": value})
    except errors.ConfigError as error:
        raise click.BadParameter(str(error)) from error


@media_group.command("move")
@click.option(
    "--to",
    "wanted",
    required=True,
    callback=_place,
    metavar="STORAGE",
    help="s3://bucket/prefix or local, as in AKIYA_STORAGE.",
)
@click.option("--dry-run", is_flag=True, help="Count what would be copied; copy nothing.")
def move(wanted: config.Config, dry_run: bool) -> None:
    """Copy every file from the configured storage to another one, skipping files that are already there and identical.

    After an interruption, run the same command again to continue. Nothing is deleted, and no setting is changed.

    Example: akiya media move --to s3://akiya-media/files --dry-run
    """
    settings = config.from_env()
    if settings.storage.rstrip("/") == wanted.storage.rstrip("/"):
        raise Invalid(f"{wanted.storage} は今の置き場所です。--to には別の置き場所を指定してください。")
    source, target = open_storage(settings), open_storage(wanted)
    count, size = service.survey(source)
    click.echo(f"{settings.storage} から {wanted.storage} へ：{count:,}個、{_megabytes(size)}")
    with click.progressbar(length=size, label="確認" if dry_run else "コピー", file=sys.stderr) as bar:
        moved = service.move(source, target, dry_run=dry_run, progress=lambda file: bar.update(file.size))
    if dry_run:
        click.echo(f"写すもの：{moved.copied:,}個、もうあるもの：{moved.kept:,}個。何も写していません。")
        return
    click.echo(f"写したもの：{moved.copied:,}個、もうあったもの：{moved.kept:,}個。内容が元と同じことを確かめました。")
    click.echo(
        f"次に：設定を AKIYA_STORAGE={wanted.storage} に変え、サイトとワーカーを起動し直してください。\n"
        "それから同じ命令を AKIYA_STORAGE の値を元のままにしてもう一度実行すると、その間に加わったファイルも写ります：\n"
        f"  AKIYA_STORAGE={settings.storage} akiya media move --to {wanted.storage}\n"
        f"サイトの写真を確かめたら、元のファイル（{_where(settings)}）は消してかまいません。"
    )
    if wanted.storage != "local":
        click.echo("バケットは public/ だけを誰でも読めるようにし、private/ は公開しないでください。")


def _where(settings: config.Config) -> str:
    if settings.storage == "local":
        return f"{settings.data / 'media'} の中"
    return f"{settings.storage.rstrip('/')} の public/ と private/"

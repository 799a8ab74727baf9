"""The commands of `akiya archive`."""

import sys
from pathlib import Path

import click

from akiya.archive import restoring, service
from akiya.commands.main import main
from akiya.commands.shared import new_file, ready_app
from akiya.media import service as media


@main.group("archive")
def archive_group() -> None:
    """Export everything into one plain file, or fill an empty installation from it.

    Example: akiya archive export everything.zip
    """


@archive_group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), callback=new_file)
@click.option("--with-accounts", is_flag=True, help="Include passwords (hashed), TOTP secrets and sign-ins.")
@click.option("--without-derived", is_flag=True, help="Leave out the tiles of panoramas: the worker makes them again.")
def export(file: Path, with_accounts: bool, without_derived: bool) -> None:
    """Write every row and file into FILE, a ZIP of JSON lines with a README.txt that explains them.

    The site may stay in use. The file holds owners' names and notes: keep it like the database. Drafts, links and
    sessions are left out.

    Example: akiya archive export everything.zip --without-derived
    """
    app = ready_app()
    storage = app.extensions["akiya_storage"]
    with app.app_context():
        _count, size = media.survey(storage)
        with click.progressbar(length=size, label=file.name, file=sys.stderr) as bar:
            made = service.export(
                storage,
                file,
                accounts=with_accounts,
                derived=not without_derived,
                progress=bar.update,
            )
    click.echo(f"{file}：{made.rows:,}行とファイル{made.files:,}個（{made.size / 1_000_000:,.1f}MB）を書き出しました。")
    if made.gone:
        click.echo(
            f"書き出す間に消されたファイル：{len(made.gone):,}個（{made.gone[0]} など）。"
            "書き出したものの行がそれを指していることがあります。人の少ないときにもう一度書き出すとそろいます。"
        )
    if not with_accounts:
        click.echo("パスワードと確認コードの鍵は入れていません。取り込んだ先で、もう一度招待してください。")
    click.echo("所有者の氏名や連絡先も入っています。データベースと同じように、人に見られない場所に置いてください。")


@archive_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Fill an empty installation (after akiya init) from FILE, on either engine and storage.

    Either all rows are imported or none. After an interruption, run the same command again to continue.

    Example: akiya archive import everything.zip
    """
    app = ready_app()
    with (
        app.app_context(),
        click.progressbar(length=file.stat().st_size, label=file.name, file=sys.stderr) as bar,
    ):
        done = restoring.restore(app.extensions["akiya_storage"], file, progress=bar.update)
        bar.update(file.stat().st_size - bar.pos)
    click.echo(
        f"{done.manifest.made_at} に書き出された{done.rows:,}行を取り込みました。"
        f"ファイル：写したもの {done.saved:,}個、もうあったもの {done.kept:,}個"
    )
    if not done.manifest.derived:
        click.echo("360度画像は、ワーカー（akiya serve か akiya worker）が作り直すと見えるようになります。")
    if not done.manifest.accounts:
        click.echo(
            "アカウントにはパスワードがありません。AKIYA_SITE_URL と AKIYA_MAIL_URL を設定してから、"
            "次で全員をもう一度招待してください：akiya staff invite-again --all"
        )

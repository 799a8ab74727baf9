"""The `akiya` command: one service call a command."""

import csv
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_migrate import upgrade

from akiya import config, create_app, mail
from akiya.accounts import search as account_search
from akiya.accounts import service as accounts
from akiya.accounts.models import Role
from akiya.demo import service as demo
from akiya.errors import AkiyaError
from akiya.imports import ImportReport
from akiya.listings import imports, links
from akiya.municipalities import search as municipality_search
from akiya.municipalities import service as municipalities
from akiya.reports import export, queries
from akiya.server import port_in_use
from akiya.server import serve as serve_site


class _Commands(click.Group):
    """Errors a person can mend are one line, not a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (AkiyaError, config.ConfigError) as error:
            raise click.ClickException(str(error)) from error


def _app() -> Flask:
    return create_app()


def _file() -> click.Path:
    return click.Path(exists=True, dir_okay=False, path_type=Path)


def _day(_context: Any, _parameter: Any, value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise click.BadParameter(f"{value} は日付ではありません。2025-03-31 のように書いてください。") from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """One shared vacant-house bank for all the municipalities of a prefecture.

    Settings come from the environment and from AKIYA_DATA/settings.env (see README.md).
    """


@main.command()
@click.option("--demo", "with_demo", is_flag=True, help="Load the demonstration when the database holds no listing.")
def init(with_demo: bool) -> None:
    """Create or upgrade the database and its prefecture.

    Example: akiya init --demo
    """
    app = _app()
    with app.app_context():
        _initialise(app, with_demo=with_demo)


def _initialise(app: Flask, *, with_demo: bool) -> None:
    upgrade(directory=app.extensions["migrate"].directory)
    prefecture = municipalities.ensure_prefecture(app.config["AKIYA"].prefecture)
    click.echo(f"{prefecture.name}：データベースの準備ができました。")
    if with_demo and demo.is_empty() and municipality_search.served():
        _load_demo(app)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--init", "initialise", is_flag=True, help="First do what `akiya init --demo` does.")
def serve(host: str, port: int, workers: int, initialise: bool) -> None:
    """Serve the site and run the worker beside it until Ctrl-C.

    Example: akiya serve --port 8123
    """
    os.environ["AKIYA_HOST"] = host  # what the settings call the address that is listened on
    if port_in_use(host, port):
        raise click.ClickException(
            f"ポート {port} は使われています。--port で別の番号を指定してください。例：--port {port + 1}"
        )
    if initialise:
        app = _app()
        with app.app_context():
            _initialise(app, with_demo=True)
            _print_addresses(host, port, app)
    sys.exit(serve_site(host, port, workers))


def _print_addresses(host: str, port: int, app: Flask) -> None:
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104  (compared, not bound)
    click.echo(f"\n  公開ページ  http://{shown}:{port}/\n  職員用      http://{shown}:{port}/staff/")
    if app.config["AKIYA"].reachable_from_outside:
        click.echo("  外から開けるため、見本のアカウントは使えません。akiya staff create で作ってください。")
    else:
        for staff in account_search.demonstration():
            place = staff.municipality.name if staff.municipality else "県全体"
            click.echo(f"  見本の{staff.role.ja}（{place}）  {staff.email} / {accounts.DEMONSTRATION_PASSWORD}")
    click.echo("  終わるには Ctrl-C\n")


@main.command()
def worker() -> None:
    """Run the worker alone: it makes the tiles of panoramas.

    Example: akiya worker
    """
    _app().extensions["akiya_queue"].run()


@main.group("municipalities")
def municipalities_group() -> None:
    """The municipalities."""


@municipalities_group.command("import")
@click.argument("file", type=_file())
@click.option("--prefecture", help="A prefecture's Japanese name, or all. Default: AKIYA_PREFECTURE.")
def import_municipalities(file: Path, prefecture: str | None) -> None:
    """Take in municipalities from a CSV, or their boundaries from a GeoJSON.

    Example: akiya municipalities import municipalities.csv --prefecture all
    """
    app = _app()
    with app.app_context():
        wanted = _prefecture(prefecture, app)
        _print(municipalities.import_municipalities(file, wanted))


@main.group("towns")
def towns_group() -> None:
    """Towns, for finding a place without a network."""


@towns_group.command("import")
@click.argument("file", type=_file())
def import_towns(file: Path) -> None:
    """Take in towns with their points from a CSV.

    Example: akiya towns import towns.csv
    """
    with _app().app_context():
        _print(municipalities.import_towns(file))


@main.group("listings")
def listings_group() -> None:
    """Listings."""


@listings_group.command("import")
@click.argument("file", type=_file())
@click.option("--format", "kind", type=click.Choice(links.FORMATS), help="Default: recognised by the header.")
@click.option("--as-of", callback=_day, help="The day the file speaks of, YYYY-MM-DD. Default: today.")
@click.option("--prefecture", help="A prefecture's Japanese name, or all. Default: AKIYA_PREFECTURE.")
@click.option("--dry-run", is_flag=True, help="Report what would happen; write nothing.")
@click.option(
    "--report", "report_file", type=click.Path(dir_okay=False, path_type=Path), help="Write every refusal as CSV."
)
def import_listings(
    file: Path, kind: str | None, as_of: date | None, prefecture: str | None, dry_run: bool, report_file: Path | None
) -> None:
    """Take in a file of the national vacant-house bank.

    Example: akiya listings import registered.csv --as-of 2025-03-31 --report refused.csv
    """
    app = _app()
    with app.app_context(), file.open("rb") as counted:
        lines = sum(1 for _line in counted)
        counted.close()
        with click.progressbar(length=lines, label=file.name, file=sys.stderr) as bar:
            report = imports.import_listings(
                file,
                kind=kind,
                as_of=as_of or date.today(),  # noqa: DTZ011  (the operator's day)
                prefecture=_prefecture(prefecture, app),
                dry_run=dry_run,
                progress=lambda rows: bar.update(rows - bar.pos),
            )
            bar.update(lines - bar.pos)
    if dry_run:
        click.echo("試しに読みました。何も書き込んでいません。")
    _print(report)
    if report_file is not None:
        report.write(report_file)
        click.echo(f"取り込めなかったもの：{report_file}")


@main.group("demo")
def demo_group() -> None:
    """The built-in demonstration."""


@demo_group.command("load")
def load_demo() -> None:
    """Load about 200 invented listings with drawn pictures and one 360° view. Refuses a database with real listings.

    Example: akiya demo load
    """
    app = _app()
    with app.app_context():
        _load_demo(app)


def _load_demo(app: Flask) -> None:
    with click.progressbar(length=100, label="見本データ", file=sys.stderr) as bar:
        count = demo.load(app.extensions["akiya_storage"], progress=lambda percent: bar.update(percent - bar.pos))
    click.echo(f"見本の物件を{count}件入れました。")


@main.group("staff")
def staff_group() -> None:
    """Staff accounts."""


@staff_group.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([str(role) for role in Role]))
@click.option("--municipality", help="5-digit code; none for a prefecture account.")
@click.password_option(help="At least 10 characters; asked for when left out.")
def create_staff(email: str, name: str, role: str, municipality: str | None, password: str) -> None:
    """Make an account.

    Example: akiya staff create --email aso@example.jp --name 阿蘇太郎 --role staff --municipality 43214
    """
    with _app().app_context():
        staff = accounts.create(email, name, password, Role(role), municipality)
        click.echo(f"アカウントを作りました：{staff.email}")


@staff_group.command("deactivate")
@click.argument("email")
def deactivate_staff(email: str) -> None:
    """Stop an account from signing in.

    Example: akiya staff deactivate aso@example.jp
    """
    with _app().app_context():
        accounts.deactivate(email)
        click.echo(f"{email} はサインインできなくなりました。")


@main.group("reports")
def reports_group() -> None:
    """Reports."""


@reports_group.command("monthly")
@click.option("--since", required=True, help="First month, YYYY-MM.")
@click.option("--until", required=True, help="Last month, YYYY-MM.")
@click.option("--format", "kind", type=click.Choice(["table", "csv", "xlsx"]), default="table", show_default=True)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; csv goes to standard output without it.",
)
def monthly(since: str, until: str, kind: str, out: Path | None) -> None:
    """The monthly report by municipality.

    Example: akiya reports monthly --since 2026-04 --until 2026-09 --format xlsx --out report.xlsx
    """
    with _app().app_context():
        table = queries.monthly(queries.month(since), queries.month(until), today=queries.today())
        if kind == "table":
            writer = csv.writer(sys.stdout, delimiter="\t")
            writer.writerow([column.label for column in table.columns])
            writer.writerows(["" if cell is None else cell for cell in row] for row in table.rows)
        elif kind == "csv":
            content = b"".join(export.csv(table))
            out.write_bytes(content) if out else sys.stdout.buffer.write(content)
        elif out is None:
            raise click.UsageError("--format xlsx には --out FILE.xlsx が要ります。")
        else:
            out.write_bytes(export.xlsx(table))


@main.group("mail")
def mail_group() -> None:
    """Mail."""


@mail_group.command("test")
@click.argument("address")
def test_mail(address: str) -> None:
    """Send a test message, so that the mail settings are known to work.

    Example: akiya mail test me@example.jp
    """
    app = _app()
    try:
        where = mail.send(
            app.config["AKIYA"], address, "空き家バンク：送信の確認", "メールの設定は正しく働いています。\n"
        )
    except OSError as error:
        raise click.ClickException(f"送れませんでした（{error}）。AKIYA_MAIL_URL を確かめてください。") from error
    click.echo(f"送りました：{where}")


def _prefecture(given: str | None, app: Flask) -> str:
    name = given or app.config["AKIYA"].prefecture
    if name != "all" and name not in municipalities.prefectures():
        raise click.BadParameter(
            f"{name} という都道府県はありません。熊本県 のような正式な名前か all を指定してください。"
        )
    return str(name)


def _print(report: ImportReport) -> None:
    for line in report.lines():
        click.echo(line)

"""The commands of `akiya`: one service call a command. What this imports takes two seconds, hence apart from `cli`."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_migrate import upgrade

from akiya import config, create_app, mail, readiness
from akiya.accounts import search as account_search
from akiya.accounts import service as accounts
from akiya.cli import main
from akiya.demo import service as demo
from akiya.imports import ImportReport
from akiya.listings import derive, freshness, imports, links
from akiya.listings import service as listing_service
from akiya.municipalities import places
from akiya.municipalities import search as municipality_search
from akiya.municipalities import service as municipalities
from akiya.municipalities import settings as municipality_settings
from akiya.municipalities.enums import Blur, Tag
from akiya.outbox import service as outbox
from akiya.reports import monthly_mail


def ready_app() -> Flask:
    """The application on a database that is ready. Raises Invalid that says to type akiya init, or ConfigError."""
    settings = config.from_env()
    readiness.require(settings)
    return create_app(settings)


_PATH = click.Path(dir_okay=False, path_type=Path)


def _file() -> click.Path:
    return click.Path(exists=True, dir_okay=False, path_type=Path)


def new_file(_context: Any, _parameter: Any, value: Path | None) -> Path | None:
    """Refuses a file that cannot be written before any work is done for it."""
    if value is None:
        return None
    existed = value.exists()
    try:
        value.open("ab").close()  # permissions alone do not tell: root has all of them
        if not existed:
            value.unlink()
    except OSError as error:
        raise click.BadParameter(
            f"{value} には書き込めません（{error.strerror}）。書き込めるフォルダーのファイルを指定してください。"
        ) from error
    return value


def day(_context: Any, _parameter: Any, value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise click.BadParameter(f"{value} は日付ではありません。2025-03-31 のように書いてください。") from None


@main.command()
@click.option("--demo", "with_demo", is_flag=True, help="Load the demonstration when the database holds no listing.")
def init(with_demo: bool) -> None:
    """Create or upgrade the database and its prefecture.

    Example: akiya init --demo
    """
    settings = config.from_env()
    readiness.ready(settings)  # raises for a database that cannot be reached
    app = create_app(settings)
    with app.app_context():
        _initialise(app, with_demo=with_demo)


def _initialise(app: Flask, *, with_demo: bool) -> None:
    upgrade(directory=app.extensions["migrate"].directory)
    prefecture = municipalities.ensure_prefecture(app.config["AKIYA"].prefecture)
    click.echo(f"{prefecture.name}：データベースの準備ができました。")
    if with_demo and demo.is_empty() and municipality_search.served():
        _load_demo(app)


def _announce(address: str, app: Flask) -> None:
    click.echo(f"\n  公開ページ  {address}/\n  職員用      {address}/staff/")
    if app.config["AKIYA"].reachable_from_outside:
        click.echo("  外から開けるため、見本のアカウントは使えません。akiya staff create で作ってください。")
    else:
        for staff in account_search.demonstration():
            place = staff.municipality.name if staff.municipality else "県全体"
            click.echo(f"  見本の{staff.role.ja}（{place}）  {staff.email} / {accounts.DEMONSTRATION_PASSWORD}")
    click.echo("  終わるには Ctrl-C\n")


@main.command()
@click.option("--announce", hidden=True, help="Do what `akiya init --demo` does and print this address of the site.")
def worker(announce: str | None) -> None:
    """Run the worker alone: it makes the tiles of panoramas, sends mail, and does the work of each day.

    Example: akiya worker
    """
    app = ready_app()
    if announce:
        with app.app_context():
            _initialise(app, with_demo=True)
            _announce(announce, app)
    app.extensions["akiya_queue"].run()


@main.group("municipalities")
def municipalities_group() -> None:
    """The municipalities.

    Example: akiya municipalities import municipalities.csv --prefecture all
    """


@municipalities_group.command("import")
@click.argument("file", type=_file())
@click.option("--prefecture", help="A prefecture's Japanese name, or all. Default: AKIYA_PREFECTURE.")
def import_municipalities(file: Path, prefecture: str | None) -> None:
    """Take in municipalities from a CSV, or their boundaries from a GeoJSON.

    Example: akiya municipalities import municipalities.csv --prefecture all
    """
    app = ready_app()
    with app.app_context():
        wanted = _prefecture(prefecture, app)
        _print(municipalities.import_municipalities(file, wanted))


@municipalities_group.command("set")
@click.argument("code")
@click.option("--contact", help="Whom people ask.")
@click.option("--text", help="What the municipality says of itself on its page.")
@click.option("--url", help="Address of its own site: of its own bank while it does not take part in this one.")
@click.option("--hazard-map-url", help="Address of the municipality's own hazard map.")
@click.option("--tags", help=f"With commas between: {', '.join(map(str, Tag))}.")
@click.option("--blur", type=click.Choice([str(b) for b in Blur]), help="How near public points may be to the homes.")
@click.option("--live-viewing/--no-live-viewing", default=None, help="Whether homes can be viewed by video call.")
@click.option("--live-viewing-note", help="How viewing by video call goes: days, apps, how to book.")
def set_municipality(code: str, **values: str | bool | None) -> None:
    """Change what a municipality says of itself, and how exactly its homes are shown.

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
    """Postal codes and stations, for searching near them.

    Example: akiya places import postal.csv
    """


@places_group.command("import")
@click.argument("file", type=_file())
def import_places(file: Path) -> None:
    """Take in postal codes (postal_code, code, municipality, town), stations (station, line, lat, lon) or facilities (kind,
    name, lat, lon) from a CSV.

    Example: akiya places import postal.csv
    """
    with ready_app().app_context():
        _print(places.import_places(file))


@main.group("towns")
def towns_group() -> None:
    """Towns, for finding a place without a network.

    Example: akiya towns import towns.csv
    """


@towns_group.command("import")
@click.argument("file", type=_file())
def import_towns(file: Path) -> None:
    """Take in towns with their points from a CSV.

    Example: akiya towns import towns.csv
    """
    with ready_app().app_context():
        _print(municipalities.import_towns(file))


@main.group("listings")
def listings_group() -> None:
    """Listings.

    Example: akiya listings import registered.csv --as-of 2025-03-31
    """


@listings_group.command("import")
@click.argument("file", type=_file())
@click.option("--format", "kind", type=click.Choice(links.FORMATS), help="Default: recognised by the header.")
@click.option("--as-of", callback=day, help="The day the file speaks of, YYYY-MM-DD. Default: today.")
@click.option("--prefecture", help="A prefecture's Japanese name, or all. Default: AKIYA_PREFECTURE.")
@click.option("--dry-run", is_flag=True, help="Report what would happen; write nothing.")
@click.option(
    "--take-file", "decide", flag_value="file", help="Where both the file and staff changed a value, take it."
)
@click.option("--keep-ours", "decide", flag_value="ours", help="Where both did, keep staff's and ask no more.")
@click.option("--report", "report_file", type=_PATH, callback=new_file, help="Write refusals and differences as CSV.")
def import_listings(
    file: Path,
    kind: str | None,
    as_of: date | None,
    prefecture: str | None,
    dry_run: bool,
    decide: str | None,
    report_file: Path | None,
) -> None:
    """Take in a file of the national vacant-house bank, for the first time or again a year later.

    What staff wrote stays; where the file has changed the same value otherwise, it is listed with its cell. Homes that the
    file no longer has are listed, and stay open.

    Example: akiya listings import registered.csv --as-of 2025-03-31 --report refused.csv
    """
    app = ready_app()
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
                decide=decide or "",
                progress=lambda rows: bar.update(rows - bar.pos),
            )
            bar.update(lines - bar.pos)
    if dry_run:
        click.echo("試しに読みました。何も書き込んでいません。")
    _print(report)
    if report_file is not None:
        report.write(report_file)
        click.echo(f"取り込めなかったものと違い：{report_file}")


@listings_group.command("derive")
@click.option(
    "--batch", default=derive.BATCH, show_default=True, type=click.IntRange(1), help="Listings a transaction."
)
@click.option("--after", default=0, type=click.IntRange(0), help="Go on after the listing with this id.")
def derive_listings(batch: int, after: int) -> None:
    """Compute again the pictograms and the searched texts of every listing, after a release that changed their rules.

    The site may go on working. Doing it again changes nothing; one that was stopped goes on with the --after it said last.

    Example: akiya listings derive
    """

    def progress(done: derive.Derived) -> None:
        click.echo(f"{done.listings:,}件（続きからは --after {done.last_id}）", err=True)

    with ready_app().app_context():
        done = derive.derive_all(progress, after=after, batch=batch)
    click.echo(f"計算し直した物件：{done.listings:,}件、変わった物件：{done.changed:,}件")


@main.group("demo")
def demo_group() -> None:
    """The built-in demonstration.

    Example: akiya demo load
    """


@demo_group.command("load")
def load_demo() -> None:
    """Load about 200 invented listings with drawn pictures and one 360° view. Refuses a database with real listings.

    Example: akiya demo load
    """
    app = ready_app()
    with app.app_context():
        _load_demo(app)


def _load_demo(app: Flask) -> None:
    with click.progressbar(length=100, label="見本データ", file=sys.stderr) as bar:
        storage, address = app.extensions["akiya_storage"], app.config["AKIYA"].address
        count = demo.load(storage, address, progress=lambda percent: bar.update(percent - bar.pos))
    click.echo(f"見本の物件を{count}件入れました。")


@main.group("jobs")
def jobs_group() -> None:
    """What the worker does by the clock.

    Example: akiya jobs daily
    """


@jobs_group.command("daily")
@click.option("--today", callback=day, help="The day whose work is done, YYYY-MM-DD. Default: today in Japan.")
def daily(today: date | None) -> None:
    """Remind staff of listings to confirm and of validity that ends, and close what has ended. The worker does so at 7.

    In the first week of a month coordinators are also sent the figures of the last one.

    Doing it again tells nobody twice.

    Example: akiya jobs daily
    """
    app = ready_app()
    settings = app.config["AKIYA"]
    with app.app_context():
        day = today or listing_service.today()
        counts = freshness.run(day, settings.address, settings.secret_key)
        click.echo(f"期限満了：{counts.expired:,}件、知らせたこと：{counts.told:,}件、メール：{counts.mails:,}通")
        click.echo(f"月のはじめの数字：{monthly_mail.run(day, settings.address):,}通")
        outbox.deliver(settings)


@main.group("mail")
def mail_group() -> None:
    """Mail.

    Example: akiya mail test me@example.jp
    """


@mail_group.command("test")
@click.argument("address")
def test_mail(address: str) -> None:
    """Send a test message, so that the mail settings are known to work.

    Example: akiya mail test me@example.jp
    """
    settings = config.from_env()
    try:
        where = mail.send(settings, address, "空き家バンク：送信の確認", "メールの設定は正しく働いています。\n")
    except (mail.NotSent, mail.Lost) as error:
        raise click.ClickException(f"送れませんでした。{error} AKIYA_MAIL_URL を確かめてください。") from error
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

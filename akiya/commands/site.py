"""The commands of `akiya` for the site itself: init, worker, demo, jobs and mail. Each calls one service."""

import sys
from datetime import date

import click
from flask import Flask
from flask_migrate import upgrade

from akiya import config, create_app, db, mail, readiness
from akiya.accounts import search as account_search
from akiya.accounts import service as accounts
from akiya.backoffice import reminders
from akiya.commands.main import main
from akiya.commands.shared import day, ready_app
from akiya.demo import service as demo
from akiya.municipalities import search as municipality_search
from akiya.municipalities import service as municipalities
from akiya.outbox import emails
from akiya.outbox import service as outbox
from akiya.reports import monthly_mail


@main.command()
@click.option("--demo", "with_demo", is_flag=True, help="Load the demonstration if the database has no listing.")
def init(with_demo: bool) -> None:
    """Create or upgrade the database and its prefecture.

    Example: akiya init --demo
    """
    settings = config.from_env()
    readiness.ready(settings)  # raises ConfigError for a database that cannot be reached
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
            click.echo(f"  見本の{staff.role.label}（{place}）  {staff.email} / {accounts.DEMONSTRATION_PASSWORD}")
    click.echo("  終わるには Ctrl-C\n")


@main.command()
@click.option("--announce", hidden=True, help="Do what `akiya init --demo` does and print this address of the site.")
def worker(announce: str | None) -> None:
    """Run only the worker: it makes the tiles of panoramas, sends mail, and does the daily work.

    Example: akiya worker
    """
    app = ready_app()
    if announce:
        with app.app_context():
            _initialise(app, with_demo=True)
            _announce(announce, app)
    app.extensions["akiya_queue"].run()


@main.group("demo")
def demo_group() -> None:
    """Load the built-in demonstration.

    Example: akiya demo load
    """


@demo_group.command("load")
def load_demo() -> None:
    """Load about 200 invented listings with drawn pictures and a 360° tour. A database with real listings is refused.

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
    """Run the worker's daily jobs now.

    Example: akiya jobs daily
    """


@jobs_group.command("daily")
@click.option("--today", callback=day, help="The day whose work is done, YYYY-MM-DD. Default: today in Japan.")
def daily(today: date | None) -> None:
    """Remind staff of listings to confirm and of validity that ends, and close listings whose validity has ended.

    In the first week of a month, coordinators are also sent the figures of the last month. The worker does all this at
    7 each day. Running it again notifies nobody twice.

    Example: akiya jobs daily
    """
    app = ready_app()
    settings = app.config["AKIYA"]
    with app.app_context():
        day = today or db.today()
        counts = reminders.run(day, settings.address, settings.secret_key)
        click.echo(f"期限満了：{counts.expired:,}件、知らせたこと：{counts.told:,}件、メール：{counts.mails:,}通")
        click.echo(f"月のはじめの数字：{monthly_mail.run(day, settings.address):,}通")
        outbox.deliver(settings)


@main.group("mail")
def mail_group() -> None:
    """Check the mail settings.

    Example: akiya mail test me@example.jp
    """


@mail_group.command("test")
@click.argument("address")
def test_mail(address: str) -> None:
    """Send a test message to ADDRESS, to check that the mail settings work.

    Example: akiya mail test me@example.jp
    """
    settings = config.from_env()
    try:
        where = mail.send(settings, address, *emails.trial())
    except (mail.NotSent, mail.Lost) as error:
        raise click.ClickException(f"送れませんでした。{error} AKIYA_MAIL_URL を確かめてください。") from error
    click.echo(f"送りました：{where}")

"""The commands of `akiya ledger`; they call the same services as the pages."""

import sys
import time
from pathlib import Path

import click

from akiya.accounts import search as accounts
from akiya.accounts.models import Staff
from akiya.commands.main import main
from akiya.commands.shared import ready_app
from akiya.db import today
from akiya.errors import NotFound
from akiya.ledgers import export, search, service
from akiya.ledgers.models import BUSY, Import, Phase, RowOutcome
from akiya.municipalities import search as municipalities
from akiya.storage.base import Storage

_KINDS = {".xlsx", ".csv"}


def _table(_context: click.Context, _parameter: click.Parameter, value: Path) -> Path:
    if value.suffix.lower() not in _KINDS:
        raise click.BadParameter(f"{value} は .xlsx か .csv で終わる名前にしてください。")
    return value


@main.group("ledger")
def ledger_group() -> None:
    """Import and export a municipality's own ledger of homes, as Excel or CSV.

    Example: akiya ledger export --municipality 43214 --out ledger.xlsx
    """


@ledger_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--municipality", help="5-digit code; without it, a ledger of the whole prefecture.")
@click.option("--account", required=True, help="E-mail address of the account that the changes are recorded for.")
@click.option("--dry-run", is_flag=True, help="Report what would happen; write nothing.")
def import_ledger(file: Path, municipality: str | None, account: str, dry_run: bool) -> None:
    """Import a ledger: homes that are new, and values that have changed.

    Example: akiya ledger import ledger.xlsx --municipality 43214 --account aso@example.jp --dry-run
    """
    app = ready_app()
    with app.app_context():
        staff, storage = _account(account), app.extensions["akiya_storage"]
        started = time.monotonic()
        taken = service.receive(staff, municipality, file.name, file, storage).id
        found = _work(staff, taken, storage)
        click.echo(f"読み取り：{time.monotonic() - started:.1f}秒")
        _tell(found)
        if found.phase is Phase.FAILED or found.problem or dry_run:
            service.discard(staff, taken, storage)
            click.echo("何も書き込んでいません。")
            sys.exit(1 if found.phase is Phase.FAILED or found.problem else 0)
        if not {RowOutcome.NEW, RowOutcome.CHANGED} & search.counts(taken).keys():
            click.echo("反映するものはありません。")
            service.discard(staff, taken, storage)
            return
        started = time.monotonic()
        service.apply(staff, taken)
        found = _work(staff, taken, storage)
        click.echo(f"反映：{found.done:,}件、{time.monotonic() - started:.1f}秒。取り消すには /staff/ledger/{taken}")


def _account(email: str) -> Staff:
    staff = accounts.by_email(email)
    if staff is None or not staff.active:
        raise NotFound(f"{email} という使えるアカウントはありません。")
    return staff


def _work(staff: Staff, import_id: int, storage: Storage) -> Import:
    """Return the import once nothing works on it any more, neither this process nor a worker that was quicker."""
    while True:
        service.process_next(storage, import_id)
        found = search.for_staff(staff, import_id)
        if found.phase not in BUSY:
            return found
        time.sleep(0.3)


def _tell(found: Import) -> None:
    if found.problem:
        click.echo(found.problem)
    counted = search.counts(found.id)
    click.echo("、".join(f"{outcome.label} {counted.get(outcome, 0):,}" for outcome in RowOutcome))
    refused = search.rows(found.id, RowOutcome.REFUSED, 20, 0)
    for row in refused:
        for cell, column, value, reason in row.problems:
            click.echo(f"  {cell} {column}「{value}」 {reason}")
    if counted.get(RowOutcome.REFUSED, 0) > len(refused):
        click.echo(f"  ほか {counted[RowOutcome.REFUSED] - len(refused):,}行")


@ledger_group.command("export")
@click.option("--municipality", help="5-digit code; without it, the whole prefecture.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), callback=_table)
@click.option("--all-columns", is_flag=True, help="Write every field, even if the municipality has its own columns.")
def export_ledger(municipality: str | None, out: Path, all_columns: bool) -> None:
    """Write the homes as a ledger, with their private facts.

    Example: akiya ledger export --municipality 43214 --out ledger.xlsx
    """
    with ready_app().app_context():
        known = {m.code: m for m in municipalities.served()}
        if municipality is not None and municipality not in known:
            raise NotFound(f"{municipality} という市町村はありません。")
        codes = [municipality] if municipality else list(known)
        columns = export.columns_of(search.layout(municipality), everything=all_columns)
        if out.suffix.lower() == ".csv":
            count = export.write_csv(out, columns, search.homes(codes))
        else:
            title = f"{known[municipality].name if municipality else '県全体'}の空き家台帳"
            count = export.write_xlsx(out, columns, search.homes(codes), title=title, today=today())
        click.echo(f"{count:,}件を書き出しました：{out}")

"""The commands of `akiya reports`; they call the same functions as the pages."""

import csv
import io
import sys
import tempfile
from pathlib import Path

import click

from akiya.commands.main import main
from akiya.commands.shared import new_file, ready_app
from akiya.db import today
from akiya.errors import Invalid
from akiya.reports import registry, scope
from akiya.reports.exporters import pdf, workbook
from akiya.reports.registry import Report, ReportDefinition
from akiya.reports.table import Table

_FORMATS = ("table", "csv", "xlsx", "pdf")
_OPTIONS = (
    click.option("--since", default="", help="First month, YYYY-MM. Default: April of this fiscal year."),
    click.option("--until", default="", help="Last month, YYYY-MM. Default: this month."),
    click.option("--fiscal-year", default="", help="A fiscal year (from April of this year), instead of months."),
    click.option("--municipality", default="", help="5-digit code. Default: all."),
    click.option("--years", type=click.Choice(["fiscal", "calendar"]), default="fiscal", show_default=True),
    click.option("--table", "table", help="Which table of the report, for text or CSV. Default: the first."),
    click.option(
        "--format", "kind", type=click.Choice(_FORMATS), help="Default: by the ending of the file's name, else table."
    ),
    click.option(
        "--out",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=new_file,
        help="File to write. Default: standard output.",
    ),
)


class _Numbered(click.Group):
    """A group in which a report is named by its key or by its number."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        numbered = {sort.number: key for key, sort in registry.SORTS.items()}
        return super().get_command(ctx, numbered.get(cmd_name.upper(), cmd_name))


@main.group("reports", cls=_Numbered)
def reports_group() -> None:
    """Print or save a report, named by key or number (monthly, R1).

    Example: akiya reports R1 --since 2026-04 --until 2026-09 --out report.xlsx
    """


def _offer(sort: ReportDefinition) -> None:
    def command(
        since: str, until: str, fiscal_year: str, municipality: str, years: str, table: str | None,
        kind: str | None, out: Path | None,
    ) -> None:  # fmt: skip
        kind = kind or _kind_of(out)
        if kind in ("xlsx", "pdf") and out is None:
            raise click.UsageError(f"--format {kind} には --out FILE.{kind} が要ります。")
        asked = {
            "since": since, "until": until, "fiscal_year": fiscal_year, "municipality": municipality, "years": years
        }  # fmt: skip
        app = ready_app()
        with app.app_context():
            made = registry.make(sort, scope.scope(asked, today(), None))
            content = _content(made, kind, table, app.config["AKIYA"].address)
        if out is None:
            sys.stdout.buffer.write(content)
        else:
            out.write_bytes(content)

    command.__doc__ = f"{sort.number}: {sort.title}\n\nExample: akiya reports {sort.key} --out report.xlsx"
    for option in reversed(_OPTIONS):
        command = option(command)
    reports_group.command(sort.key)(command)


def _kind_of(out: Path | None) -> str:
    suffix = out.suffix.lower().removeprefix(".") if out else ""
    return suffix if suffix in _FORMATS else "table"


def _content(made: Report, kind: str, table: str | None, address: str) -> bytes:
    if kind == "xlsx":
        with tempfile.TemporaryDirectory() as folder:
            workbook.write_xlsx(Path(folder) / "report", made, address)
            return (Path(folder) / "report").read_bytes()
    if kind == "pdf":
        return pdf.render(made)
    tables = {each.key: each for each in made.tables}
    if table is not None and table not in tables:
        raise Invalid(f"「{table}」という表はありません。{'、'.join(tables)} のどれかを指定してください。")
    chosen = tables[table] if table else made.tables[0]
    return b"".join(workbook.csv(chosen, address)) if kind == "csv" else _plain(chosen)


def _plain(table: Table) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow([column.label for column in table.columns])
    writer.writerows(["" if cell is None else cell for cell in row] for row in table.rows)
    return text.getvalue().encode()


for _sort in registry.SORTS.values():
    _offer(_sort)

"""akiya listings."""

import sys
from datetime import date
from pathlib import Path

import click

from akiya.commands.main import main
from akiya.commands.shared import PATH, day, existing_file, new_file, prefecture_of, ready_app, show_report
from akiya.national_bank import file_format, importing


@main.group("listings")
def listings_group() -> None:
    """Listings.

    Example: akiya listings import registered.csv --as-of 2025-03-31
    """


@listings_group.command("import")
@click.argument("file", type=existing_file())
@click.option("--format", "kind", type=click.Choice(file_format.FORMATS), help="Default: recognised by the header.")
@click.option("--as-of", callback=day, help="The day the file speaks of, YYYY-MM-DD. Default: today.")
@click.option("--prefecture", help="A prefecture's Japanese name, or all. Default: AKIYA_PREFECTURE.")
@click.option("--dry-run", is_flag=True, help="Report what would happen; write nothing.")
@click.option(
    "--take-file", "decide", flag_value="file", help="Where both the file and staff changed a value, take it."
)
@click.option("--keep-ours", "decide", flag_value="ours", help="Where both did, keep staff's and ask no more.")
@click.option("--report", "report_file", type=PATH, callback=new_file, help="Write refusals and differences as CSV.")
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
            report = importing.import_listings(
                file,
                kind=kind,
                as_of=as_of or date.today(),  # noqa: DTZ011  (the operator's day)
                prefecture=prefecture_of(prefecture, app),
                dry_run=dry_run,
                decide=decide or "",
                progress=lambda rows: bar.update(rows - bar.pos),
            )
            bar.update(lines - bar.pos)
    if dry_run:
        click.echo("試しに読みました。何も書き込んでいません。")
    show_report(report)
    if report_file is not None:
        report.write(report_file)
        click.echo(f"取り込めなかったものと違い：{report_file}")

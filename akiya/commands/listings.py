"""The commands of `akiya listings`."""

import sys
from datetime import date
from pathlib import Path

import click

from akiya.commands.main import main
from akiya.commands.shared import PATH, day, existing_file, new_file, prefecture_of, ready_app, show_report
from akiya.listings import derived
from akiya.national_bank import file_format, importing


@main.group("listings")
def listings_group() -> None:
    """Import listings, and compute their pictograms again.

    Example: akiya listings import registered.csv --as-of 2025-03-31
    """


@listings_group.command("import")
@click.argument("file", type=existing_file())
@click.option("--format", "kind", type=click.Choice(file_format.FORMATS), help="Default: recognised by the header.")
@click.option("--as-of", callback=day, help="The day the file describes, YYYY-MM-DD. Default: today.")
@click.option("--prefecture", help="A prefecture's Japanese name, or all. Default: AKIYA_PREFECTURE.")
@click.option("--dry-run", is_flag=True, help="Report what would happen; write nothing.")
@click.option(
    "--take-file", "decide", flag_value="file", help="Where both the file and staff changed a value, use the file's."
)
@click.option("--keep-ours", "decide", flag_value="ours", help="Where both did, keep staff's and do not list it again.")
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
    """Import a file of the national vacant-house bank, for the first time or again a year later.

    What staff wrote is kept; where the file has changed the same value differently, the value is listed with its cell.
    Homes that are no longer in the file are listed, and stay open.

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


@listings_group.command("derive")
@click.option(
    "--batch", default=derived.BATCH, show_default=True, type=click.IntRange(1), help="Listings per transaction."
)
@click.option("--after", default=0, type=click.IntRange(0), help="Continue after the listing with this id.")
def derive_listings(batch: int, after: int) -> None:
    """Compute the pictograms and searched texts of every listing again, after a release that changed their rules.

    The site may stay in use. Running it again changes nothing; after an interruption, continue with the last --after it
    printed.

    Example: akiya listings derive
    """

    def progress(done: derived.Derived) -> None:
        click.echo(f"{done.listings:,}件（続きからは --after {done.last_id}）", err=True)

    with ready_app().app_context():
        done = derived.derive_all(progress, after=after, batch=batch)
    click.echo(f"計算し直した物件：{done.listings:,}件、変わった物件：{done.changed:,}件")

"""No private fact is in a report, except where staff need it, and every file opens in other programs."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from akiya.db import today
from akiya.listings import lifecycle
from akiya.listings.enums import Status, Use
from akiya.listings.models import PrivateRecord
from akiya.reports import registry, scope
from akiya.reports.exporters import workbook
from tests import factories
from tests.pages.browser import Browser
from tests.reports.exporters.test_exporters import saved
from tests.test_canaries import LEAK, POINT, WORD, planted

AGES = "カナリア歳"
AGREED = 4_321_987


@pytest.fixture
def nest(app: Flask, people: dict[str, int]) -> None:
    """Create an open and a contracted home with canaries in everything private, and in what only R2 may show."""
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        for number, closed in (("1", False), ("2", True)):
            home = factories.listing(people["aoi"], number=number, title="庭の家", **planted(PrivateRecord), **POINT)
            if closed:
                answers = {"ages": AGES, "agreed_amount": AGREED, "use": Use.HOME, "household_size": 2}
                lifecycle.close(aoi, home, Status.CONTRACTED, today(), answers)


def words_of(content: bytes) -> str:
    """Return all text in a workbook or another file."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith((".xml", ".rels")))


@pytest.mark.parametrize("who", ["hana", "aoi"])
def test_nothing_private_is_in_a_report(app: Flask, nest: None, visit: Browser, who: str) -> None:
    visit.sign_in(who)
    homes = 0
    for sort in registry.SORTS.values():
        if who == "aoi" and not sort.own:
            continue
        with app.app_context():
            keys = [table.key for table in registry.make(sort, scope.scope({}, today(), None)).tables]
        paths = [f"{sort.key}.csv?table={key}" for key in keys] + [f"{sort.key}.xlsx", sort.key]
        for path in paths:
            text = words_of(saved(visit, f"/prefecture/reports/{path}")[1])
            homes += "庭の家" in text
            if sort.key == "closings":
                assert AGES in text
                text = text.replace(AGES, "")
            elif sort.key != "ledger":  # the national bank's column of the agreed amount
                assert str(AGREED) not in text.replace(",", "")
            assert not LEAK.search(text), (path, LEAK.search(text))
            assert WORD not in text
    assert homes > 3


def test_an_office_suite_opens_every_file(app: Flask, nest: None, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("soffice (LibreOffice) is not installed")
    with app.app_context():
        for sort in registry.SORTS.values():
            made = registry.make(sort, scope.scope({}, today(), None))
            book, table = tmp_path / f"{sort.key}.xlsx", tmp_path / f"{sort.key}-table.csv"
            workbook.write_xlsx(book, made, "http://localhost")
            table.write_bytes(b"".join(workbook.csv(made.tables[0], "")))
            for file in (book, table):
                command = [soffice, "--headless", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"]
                # Without a screen LibreOffice cannot ask for the encoding of a table, and it ignores the byte order mark.
                command += ["--infilter=CSV:44,34,76"] if file is table else []
                command += [
                    "--convert-to",
                    "csv:Text - txt - csv (StarCalc):44,34,76",
                    "--outdir",
                    str(tmp_path / "out"),
                ]
                command += [str(file)]
                subprocess.run(command, check=True, capture_output=True, timeout=120)
                text = (tmp_path / "out" / file.name).with_suffix(".csv").read_text(encoding="utf-8-sig")
                assert made.tables[0].columns[0].label in text

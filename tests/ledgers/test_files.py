"""Uploaded files: the header is found, every kind of cell is read, and files that are not a ledger are refused."""

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook

from akiya.db import db
from akiya.ledgers.models import Phase
from akiya.listings.enums import DatePrecision, Status
from akiya.listings.models import Listing
from akiya.tabular import workbook
from tests import factories
from tests.ledgers import ledger

pytestmark = [pytest.mark.engines, pytest.mark.slow]

HEADER = ["番号", "所在地", "希望価格", "築年", "間取り"]


def made(number: str) -> Any:
    db.session.expire_all()
    return db.session.scalar(db.select(Listing).where(Listing.number == number))


def book(path: Path, fill: Any) -> Path:
    one = Workbook()
    sheet: Any = one.active
    fill(one, sheet)
    one.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_csv_with_a_title_above_in_any_encoding(app: Flask, people, tmp_path: Path, encoding: str) -> None:
    rows = [
        ["令和8年度 空き家台帳"],
        [],
        ["物件番号", "住 所", "売却価格(万円)", "家賃", "印"],
        ["空き家第22号", "熊本県阿蘇市内牧976番地1", "480", "-", "済"],
    ]
    with app.app_context():
        taken = ledger.send(app, "aoi", ledger.csv_file(tmp_path / "l.csv", rows, encoding))
        assert (ledger.counts(taken), ledger.found(taken).reading["header_row"]) == ({"new": 1}, 3)
        assert made("空き家第22号") is None
        ledger.do(app, "aoi", taken)
        home = made("空き家第22号")
        assert (home.price, home.rent, home.town, home.private.lot_number, home.status) == (
            4_800_000,
            None,
            "内牧",
            "976番地1",
            Status.DRAFT,
        )
        assert (home.is_sale, home.is_rent) == (True, False)
        assert "976" not in home.search_text


def test_every_kind_of_cell(app: Flask, people, tmp_path: Path) -> None:
    def fill(one: Workbook, sheet: Any) -> None:
        sheet.append(HEADER)
        sheet.append([22, "内牧", 4_800_000.0, date(1978, 6, 1), "5DK"])
        sheet.append([23, None, "480万円", 1978, "5DK"])
        sheet.append([24, None, 5, 28642, None])
        sheet.append(["25", "一の宮", "=1+1", None, None])
        sheet.append(["26", "一の宮", "#REF!", None, None])
        sheet["C6"].data_type = "e"
        sheet.append(["27", "一の宮", "たかい", None, date(2025, 3, 4)])
        sheet.append(["28", "横", None, None, None])
        sheet.append([None, None, None, None, None])
        sheet.append(["22", "一の宮", 1, None, None])
        sheet.append(["合計", None, None, None, None])
        sheet.merge_cells("B2:B4")
        sheet.merge_cells("B8:C8")
        sheet.row_dimensions[3].hidden = True
        hidden = one.create_sheet("旧")
        hidden.sheet_state = "hidden"
        hidden.append(["番号", "所在地"])

    with app.app_context():
        taken = ledger.send(app, "aoi", book(tmp_path / "l.xlsx", fill))
        found = ledger.found(taken)
        assert (found.reading["hidden"], found.reading["hidden_rows"]) == (["旧"], 1)
        told = {problem[0]: problem[3] for problem in ledger.problems(taken)}
        assert {"C5", "C6", "C7", "E7", "B8", "C8", "A10"} == told.keys()
        assert "数式の結果" in told["C5"]
        assert "エラー" in told["C6"]
        assert "結合" in told["B8"]
        assert "2行目" in told["A10"]
        ledger.do(app, "aoi", taken)
        assert [made(n).town for n in ("22", "23", "24")] == ["内牧"] * 3
        assert [(made(n).built_on, made(n).built_precision) for n in ("22", "23", "24")] == [
            (date(1978, 6, 1), DatePrecision.DAY), (date(1978, 1, 1), DatePrecision.YEAR), (date(1978, 6, 1), DatePrecision.DAY)]  # fmt: skip


def test_a_blank_empties_nothing_and_a_state_stays(app: Flask, people, tmp_path: Path) -> None:
    with app.app_context():
        factories.listing(people["aoi"], number="1", layout="5DK")
        factories.listing(people["aoi"], number="2", layout="5DK")
        rows = [
            ["番号", "状態", "間取り", "価格", "売ります"],
            ["1", "募集中", "", "不明", ""],
            ["2", "成約", "3K", "", ""],
        ]
        taken = ledger.send(app, "aoi", ledger.csv_file(tmp_path / "l.csv", rows))
        assert ledger.counts(taken) == {"unchanged": 1, "refused": 1}
        assert "物件のページで" in ledger.problems(taken)[0][3]
        rows = [["番号", "売ります", "貸します"], ["1", "×", "×"]]
        refused = ledger.send(app, "aoi", ledger.csv_file(tmp_path / "l.csv", rows))
        assert "公開中の物件から消せません" in ledger.problems(refused)[0][3]


def broken(path: Path, kind: str) -> Path:
    if kind in ("empty", "pdf", "old", "locked", "zip", "header", "quote"):
        path.write_bytes({"empty": b"", "pdf": b"%PDF-1.7 \0", "old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "zip": b"PK\x03\x04 nothing",
                          "locked": b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "header": b"\n\n", "quote": b'a,"b\n1,2\n' * 3}[kind])  # fmt: skip
        return path
    whole = ledger.xlsx(path.with_suffix(".whole"), [HEADER, ["1", "内牧", 1, 1978, "5DK"]])
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if kind == "entity" and name.endswith("sheet1.xml"):
                content = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + content.split(b"?>", 1)[-1]
            if kind == "cut" and name.endswith("sheet1.xml"):
                content = content[: len(content) // 2]
            target.writestr(name, content)
        if kind == "bomb":
            with target.open("xl/media/bomb.bin", "w", force_zip64=True) as bomb:
                for _ in range(201):
                    bomb.write(b"\0" * 1024 * 1024)
    return path


@pytest.mark.parametrize(
    ("kind", "told"),
    [("empty", "空です"), ("pdf", "表のファイルではありません"), ("old", "古い形式"), ("locked", "パスワード"), ("zip", "開けません"), ("header", "表が見つかりません"),
     ("entity", "DOCTYPE"), ("cut", "開けません"), ("bomb", "200MB")],
)  # fmt: skip
def test_what_is_no_ledger_is_refused_with_a_remedy(app: Flask, people, tmp_path: Path, kind: str, told: str) -> None:
    with app.app_context():
        taken = ledger.send(app, "aoi", broken(tmp_path / "l.xlsx", kind))
        found = ledger.found(taken)
        assert found.phase is Phase.FAILED
        assert told in found.problem


def test_too_many_rows_are_refused_and_empty_ones_do_not_count(tmp_path: Path) -> None:
    def rows(_book: Workbook, sheet: Any) -> None:
        sheet.append(HEADER)
        sheet.append(["1"])
        sheet["A1048576"].number_format = "0"

    book(tmp_path / "sparse", rows)
    assert workbook.read(tmp_path / "sparse", tmp_path, lambda _rows: None)["sheets"][0]["rows"] == 2
    (tmp_path / "l.csv").write_text("番号\n" + "1\n" * (workbook.MOST_ROWS + 20), encoding="utf-8")
    with pytest.raises(workbook.Invalid, match="20,000行まで"):
        workbook.read(tmp_path / "l.csv", tmp_path, lambda _rows: None)


NAUGHTY = [
    "<script>alert(1)</script>",
    "𠮷🏠\u202e",
    "a\x00b",
    "'; DROP TABLE listing; --",
    "あ" * 6000,
    "=cmd|' /C calc'!A0",
    "\u3000",
    "{{7*7}}",
    "9" * 400,
    "NaN",
    "1e308",
    "-1",
]


@pytest.mark.parametrize("name", ["l.xlsx", "l.csv"])
def test_odd_texts_in_every_column_are_taken_or_refused_by_name(app: Flask, people, tmp_path: Path, name: str) -> None:
    from akiya.ledgers import export

    columns = [column for column in export.default_columns() if column[1] not in ("municipality", "number", "status")]
    rows = [["物件番号", *[header for header, _name in columns]]]
    for place, text in enumerate(NAUGHTY):
        clean = text.replace("\0", "") if name.endswith("xlsx") else text
        clean = f"'{clean}" if name.endswith("csv") and clean.startswith(("=", "-")) else clean
        rows += [
            [f"N{place}-{n}", *[clean if n == column else None for column in range(len(columns))]]
            for n in range(len(columns))
        ]
    with app.app_context():
        path = (ledger.xlsx if name.endswith("xlsx") else ledger.csv_file)(tmp_path / name, rows)
        # openpyxl writes a text that begins with = as a formula, which is refused with its cell.
        if name.endswith("xlsx"):
            assert "数式" in str(ledger.problems(ledger.send(app, "aoi", path)))
            return
        taken = ledger.send(app, "aoi", path)
        assert ledger.found(taken).phase is Phase.CHECKED
        ledger.do(app, "aoi", taken)
        assert ledger.found(taken).phase is Phase.APPLIED

"""Reading files that people bring: encodings, and the report of what became of each row."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from akiya.errors import Invalid

csv.field_size_limit(1_000_000)


@dataclass(frozen=True)
class Refusal:
    """A row or value that was not taken: row as a spreadsheet counts (the header is 1), column, value and reason."""

    row: int
    column: str
    value: str
    reason: str


@dataclass
class ImportReport:
    """What an import did. `partial` are single values left out of rows that were taken."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    partial: list[Refusal] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.new + self.changed + self.unchanged + self.closed + self.skipped.total() + len(self.refused)

    def lines(self) -> list[str]:
        """The report as a person reads it."""
        text = [
            f"読んだ行 {self.rows:,}：新規 {self.new:,}、変更 {self.changed:,}、成約として終了 {self.closed:,}、"
            f"変更なし {self.unchanged:,}、対象外 {self.skipped.total():,}、取り込めない行 {len(self.refused):,}"
        ]
        text += [f"  対象外：{reason} {count:,}行" for reason, count in self.skipped.most_common()]
        text += [f"  読み替え：{note} {count:,}件" for note, count in self.notes.most_common()]
        for title, refusals in (("取り込めない行", self.refused), ("空欄にした値", self.partial)):
            for refusal in refusals[:20]:
                text.append(f"  {title}：{refusal.row}行目 {refusal.column}「{refusal.value}」 {refusal.reason}")
            if len(refusals) > 20:
                text.append(f"  {title}：ほか {len(refusals) - 20:,}件（--report FILE.csv ですべて書き出せます）")
        return text

    def write(self, path: Path) -> None:
        """Every refusal as a CSV that a spreadsheet opens."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["扱い", "行", "列", "値", "理由"])
            for title, refusals in (("行を取り込まない", self.refused), ("値を空欄にした", self.partial)):
                writer.writerows([title, r.row, r.column, r.value, r.reason] for r in refusals)


def encoding_of(path: Path) -> str:
    """Either "utf-8-sig" or "cp932", whichever the whole file is. Raises Invalid for neither."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            with path.open(encoding=encoding) as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise Invalid(
        f"{path.name}：文字コードが UTF-8 でも Shift_JIS（cp932）でもありません。どちらかで保存し直してください。"
    )


def records(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Each record with its row number (the header is row 1) as {column: stripped text}; repeated columns keep the first.

    Raises Invalid for a file that cannot be read. A short record has blanks.
    """
    try:
        with path.open(encoding=encoding_of(path), newline="") as file:
            reader = csv.reader(file)
            header = [name.strip() for name in next(reader, [])]
            for number, cells in enumerate(reader, 2):
                if any(cell.strip() for cell in cells):
                    padded = [*cells, *[""] * (len(header) - len(cells))]
                    yield number, {name: cell.strip() for name, cell in zip(header, padded, strict=False)}
    except OSError as error:
        raise Invalid(f"{path}：ファイルを開けません（{error.strerror}）。場所と名前を確かめてください。") from error
    except csv.Error as error:
        raise Invalid(f"{path.name}：CSVとして読めません（{error}）。CSV形式で保存し直してください。") from error


def header_of(path: Path) -> list[str]:
    """The names of the columns."""
    for _number, record in records(path):
        return list(record)
    return []

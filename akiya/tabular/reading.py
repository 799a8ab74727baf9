"""Read CSV files from outside: find the encoding, refuse broken rows, and report what became of each row."""

import codecs
import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from akiya.errors import Invalid
from akiya.tabular.csv import plain_cell

LONGEST_CELL = 100_000
"""The most characters of a cell; a row with a longer one is refused."""
_MOST_LINES = 1_000
_CHUNK = 1 << 20
# The csv module accepts longer cells than LONGEST_CELL, so that only the row is refused and not the whole file.
csv.field_size_limit(1 << 30)

_UNREADABLE = re.compile("[\udc80-\udcff]")  # undecodable bytes, as "surrogateescape" represents them
# PostgreSQL refuses NUL, and no page or spreadsheet needs the others. Line ends are converted separately.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ODD = re.compile(f"{_CONTROL.pattern[:-1]}\udc80-\udcff]")


@dataclass(frozen=True)
class Refusal:
    """A row or value that was not imported: row as a spreadsheet counts (the header is 1), column, value and reason."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class FileDifference:
    """A value that differs between an imported file and the home, with its cell and field.

    The value is given as text: `before` as the file had it at the last import, `says` as it has it now, `held` as the
    home has it.
    """

    row: int
    column: str
    home: str
    field: str
    before: str
    says: str
    held: str


@dataclass
class ImportReport:
    """The result of an import, counted by what happened to each row and value.

    In rows that were imported, `partial` are single values that were left out and `cut` those that were shortened.
    `updates` are values taken from the file. `differences` are values that both the file and staff changed: they stay
    as staff wrote them until somebody decides; `by_hand` counts those that only staff changed. `gone` are homes that
    the file no longer contains.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0
    by_hand: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    partial: list[Refusal] = field(default_factory=list)
    cut: list[Refusal] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    updates: list[FileDifference] = field(default_factory=list)
    differences: list[FileDifference] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Return how many rows were read."""
        return self.new + self.changed + self.unchanged + self.closed + self.skipped.total() + len(self.refused)

    def lines(self) -> list[str]:
        """Return the report as lines of Japanese text, with at most 20 examples of each kind."""
        text = [
            f"読んだ行 {self.rows:,}：新規 {self.new:,}、変更 {self.changed:,}、成約として終了 {self.closed:,}、"
            f"変更なし {self.unchanged:,}、対象外 {self.skipped.total():,}、取り込めない行 {len(self.refused):,}"
        ]
        text += [f"  対象外：{reason} {count:,}行" for reason, count in self.skipped.most_common()]
        text += [f"  読み替え：{note} {count:,}件" for note, count in self.notes.most_common()]
        if self.by_hand:
            text.append(f"  職員が直した値：ファイルと違っても残したもの {self.by_hand:,}件")
        shown: list[tuple[str, list[str]]] = [
            (title, [f"{r.row}行目 {r.column}「{r.value}」 {r.reason}" for r in refusals])
            for title, refusals in (
                ("取り込めない行", self.refused),
                ("空欄にした値", self.partial),
                ("短くした値", self.cut),
            )
        ]
        shown += [
            ("ファイルで変わった値", [f"{_at(d)}：「{d.held}」→「{d.says}」" for d in self.updates]),
            (
                "決めてほしい違い",
                [
                    f"{_at(d)}：ファイルは「{d.before}」→「{d.says}」、職員は「{d.held}」。職員の値を残しました"
                    for d in self.differences
                ],
            ),
            ("ファイルにない物件", [f"{home}（募集中のまま）" for home in self.gone]),
        ]
        for title, told in shown:
            text += [f"  {title}：{line}" for line in told[:20]]
            if len(told) > 20:
                text.append(f"  {title}：ほか {len(told) - 20:,}件（--report FILE.csv ですべて書き出せます）")
        if self.differences:
            text.append(f"  決めてほしい違い {len(self.differences):,}件：{_DECIDE}")
        if self.gone:
            text.append(f"  ファイルにない物件 {len(self.gone):,}件：{_GONE}")
        return text

    def write(self, path: Path) -> None:
        """Write every refusal, update, difference and missing home to `path` as a CSV for spreadsheets."""
        titled = ("行を取り込まない", self.refused), ("値を空欄にした", self.partial), ("値を短くした", self.cut)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["扱い", "行", "列", "値", "理由", "物件", "項目", "前のファイルの値", "登録されている値"])
            for title, refusals in titled:
                writer.writerows(_plain([title, r.row, r.column, r.value, r.reason] for r in refusals))
            for title, remedy, found in (
                ("ファイルの値にする", "", self.updates),
                ("決めてほしい違い（職員の値を残した）", _DECIDE, self.differences),
            ):
                rows = ([title, d.row, d.column, d.says, remedy, d.home, d.field, d.before, d.held] for d in found)
                writer.writerows(_plain(rows))
            writer.writerows(_plain(["ファイルにない", "", "", "", _GONE, home] for home in self.gone))


_DECIDE = (
    "ファイルの値でよいものは画面で直すか --take-file を付けて取り込み、残りを職員の値のままにするときは --keep-ours を付けて"
    "取り込んでください。同じ値は次から尋ねません。"
)
_GONE = "終わったものは、成約のファイルを取り込むか、画面で終了してください。自動では終了しません。"


def _at(found: FileDifference) -> str:
    return f"{found.row}行目 {found.column} {found.home} {found.field}"


def _plain(rows: Iterable[Iterable[object]]) -> Iterator[list[object]]:
    return ([plain_cell(cell) for cell in row] for row in rows)


def encoding_of(path: Path) -> str:
    """Return the file's encoding, "utf-8-sig" or "cp932", tolerating a few broken bytes. Raise Invalid for others."""
    if _decodes(path):
        return "utf-8-sig"
    with path.open("rb") as file:
        wide = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    # UTF-8 is tried first: read as UTF-8, nearly every character of a cp932 text is broken, but hardly one of a UTF-8 text
    # with a few bad bytes. Trying cp932 first decides nothing: much of UTF-8 is also valid in it.
    broken, sound, characters = _count(path, "utf-8-sig")
    encoding = "utf-8-sig" if broken < sound else "cp932"
    if encoding == "cp932":
        broken, sound, characters = _count(path, "cp932")
    if wide or broken * 10 > characters:
        raise Invalid(
            f"{path.name}：文字コードが UTF-8 でも Shift_JIS（cp932）でもありません。どちらかで保存し直してください。"
        )
    return encoding


def _decodes(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _count(path: Path, encoding: str) -> tuple[int, int, int]:
    """Return how many characters are broken, how many sound ones are not ASCII, and how many there are in all."""
    broken = sound = characters = 0
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        while text := file.read(_CHUNK):
            bad, ascii_only = text.count("\ufffd"), len(text.encode("ascii", "ignore"))
            broken, sound, characters = broken + bad, sound + len(text) - ascii_only - bad, characters + len(text)
    return broken, sound, characters


class _TooManyLines(Exception):
    """A record has so many lines that a quote in it is probably never closed."""


class _Lines:
    """The lines of a file for csv.reader; after an unreadable record, reading continues with its second line."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.record: list[str] = []
        self.again: deque[str] = deque()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self.file)
        self.record.append(line)
        if len(self.record) > _MOST_LINES:
            raise _TooManyLines
        return line

    def step_back(self) -> str:
        """Return the first line of the record, which is given up; the next record starts with the second line."""
        first, *rest = self.record
        self.again.extendleft(reversed(rest))
        return first


def _cells(path: Path, refused: list[Refusal] | None) -> Iterator[tuple[int, list[str], bool]]:
    """Yield each record, the header included, as its number, its cells, and whether these need a closer look."""
    number = 1
    with path.open(encoding=encoding_of(path), errors="surrogateescape", newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, strict=True)
        while True:
            lines.record = []
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooManyLines):
                reason = '引用符「"」が閉じていないか、閉じたあとに文字があります。この行を直してください。'
                refusal = Refusal(number, "", _shown(lines.step_back()), reason)
                _refuse(path, refusal, refused)
            else:
                yield number, cells, len(lines.record) > 1 or bool(_ODD.search(lines.record[0]))
            number += 1


def _refuse(path: Path, refusal: Refusal, refused: list[Refusal] | None) -> None:
    if refused is None:
        raise Invalid(f"{path.name}：{refusal.row}行目 {refusal.column}「{refusal.value}」 {refusal.reason}")
    refused.append(refusal)


def _shown(text: str) -> str:
    return _CONTROL.sub("", _UNREADABLE.sub("\ufffd", text)).strip()[:80]


def _clean(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _fault(header: Sequence[str], cells: Sequence[str], *, odd: bool) -> tuple[str, str, str] | None:
    """Return the column, value and reason for which a record must be refused, or None."""
    for name, cell in zip(header, cells, strict=False):
        if len(cell) > LONGEST_CELL:
            return (
                name,
                _shown(cell),
                f"{LONGEST_CELL:,}文字を超えています。短くしてください（今は{len(cell):,}文字）。",
            )
        if odd and _UNREADABLE.search(cell):
            return name, _shown(cell), "文字コードとして読めない文字があります。その文字を入れ直してください。"
    return None


def records(path: Path, refused: list[Refusal] | None = None) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each record as its row number (the header is row 1) and {column: stripped text}. A short record has blanks.

    Control characters other than line ends and tabs are removed. A record with undecodable bytes, an overlong cell or
    an open quote is added to `refused`, or raises Invalid without that list. Raise Invalid for a file that cannot be
    read.
    """
    header: list[str] = []
    try:
        for number, cells, odd in _cells(path, refused):
            if number == 1:
                header = [_shown(name) for name in cells]
                continue
            # The lengths are summed first, because checking every cell of every row would cost more than reading the file.
            if (odd or sum(map(len, cells)) > LONGEST_CELL) and (fault := _fault(header, cells, odd=odd)):
                _refuse(path, Refusal(number, *fault), refused)
                continue
            texts = [_clean(cell).strip() for cell in cells] if odd else [cell.strip() for cell in cells]
            if any(texts):
                if len(texts) < len(header):
                    texts += [""] * (len(header) - len(texts))
                yield number, dict(zip(header, texts, strict=False))
    except OSError as error:
        raise Invalid(f"{path}：ファイルを開けません（{error.strerror}）。場所と名前を確かめてください。") from error


def header_of(path: Path) -> list[str]:
    """Return the names of the columns, even if no row follows; an empty list for an empty file. Raise Invalid."""
    try:
        for number, cells, _odd in _cells(path, None):
            return [_shown(name) for name in cells] if number == 1 else []
    except OSError as error:
        raise Invalid(f"{path}：ファイルを開けません（{error.strerror}）。場所と名前を確かめてください。") from error
    return []

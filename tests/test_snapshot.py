"""scripts/snapshot compare prints the differences between the responses of two versions."""

from pathlib import Path

import pytest

from scripts.snapshots import compare


def folder(path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Return a function that compares two folders of files and returns what is printed and the exit status.

    In the printed text the folders are called A and B.
    """

    def compared(before: dict[str, str], after: dict[str, str]) -> tuple[list[str], int]:
        a, b = folder(tmp_path / "a", before), folder(tmp_path / "b", after)
        monkeypatch.setattr("sys.argv", ["compare", str(a), str(b)])
        code = compare.main()
        return capsys.readouterr().out.replace(str(a), "A").replace(str(b), "B").splitlines(), code

    return compared


def test_two_that_answer_alike_end_well(said) -> None:
    files = {"pages/home": "はじめ\n", "files/a.csv": "1\n"}
    assert said(files, files) == (["2 equal, 0 differ, 0 only in A, 0 only in B"], 0)


def test_each_difference_is_shown(said) -> None:
    printed, code = said({"same": "1\n", "page": "a\nb\n", "gone": ""}, {"same": "1\n", "page": "a\nc\n", "new": ""})
    assert code == 1
    assert printed == [
        "1 equal, 1 differ, 1 only in A, 1 only in B",
        "only in A: gone",
        "only in B: new",
        "differs: page",
        "--- A/page",
        "+++ B/page",
        "@@ -1,2 +1,2 @@",
        " a",
        "-b",
        "+c",
    ]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr("sys.argv", ["compare", str(tmp_path / "none"), str(tmp_path)])
    with pytest.raises(SystemExit):
        compare.main()
    assert f"there is no folder {tmp_path / 'none'}" in capsys.readouterr().err

"""The archive's commands: export from one data folder and import into another."""

from pathlib import Path

import pytest

from tests.shell import akiya

pytestmark = pytest.mark.slow


def test_a_data_folder_is_written_out_and_another_filled(tmp_path: Path) -> None:
    def run(folder: str, *arguments: str, code: int = 0) -> str:
        done = akiya(tmp_path / folder, *arguments)
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    made = str(tmp_path / "all.zip")
    create = "staff", "create", "--email", "hana@example.jp", "--name", "はな", "--role", "prefecture"
    run("one", "init")
    run("one", *create, "--password", "a long enough password")
    assert "もう一度招待" in run("one", "archive", "export", made)
    run("two", "init")
    told = run("two", "archive", "import", made)
    assert "行を取り込みました" in told
    assert "akiya staff invite-again --all" in told
    assert "1人に招待のメール" in run("two", "staff", "invite-again", "--all")
    assert "1人に招待のメール" in run("two", "staff", "invite-again", "hana@example.jp")
    assert "nobody@example.jp" in run("two", "staff", "invite-again", "nobody@example.jp", code=1)
    assert "--all" in run("two", "staff", "invite-again", code=1)
    assert "0人に" in run("one", "staff", "invite-again", "--all"), "an account with a password needs no invitation"
    assert "hana@example.jp" in run("two", *create, "--password", "a long enough password", code=1)
    assert "空ではありません（message に2行）" in run("two", "archive", "import", made, code=1)
    assert "書き込めません" in run("one", "archive", "export", str(tmp_path / "nowhere" / "all.zip"), code=2)

"""The command line, as a person types it."""

import email
import os
import socket
import subprocess
import sys
import threading
import time
from email import policy
from pathlib import Path

import click
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from akiya.cli import main
from tests.conftest import ENGINES

AKIYA = Path(sys.executable).parent / "akiya"


def akiya(data: Path, *arguments: str, database: str = "", **more: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "AKIYA_DATA": str(data), "DATABASE_URL": database, **more}
    return subprocess.run([AKIYA, *arguments], env=environment, capture_output=True, text=True, timeout=120)


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    found = []
    for name, command in group.commands.items():
        found += commands(command, (*path, name)) if isinstance(command, click.Group) else [((*path, name), command)]
    return found


@pytest.mark.parametrize(
    ("path", "command"), commands(main), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_has_help_with_an_example(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help
    assert f"Example: akiya {' '.join(path)}" in command.help


@pytest.mark.parametrize("engine", ENGINES)
def test_a_database_is_made_filled_and_reported_from_the_shell(engine: str, make_database, tmp_path: Path) -> None:
    database = make_database(engine)

    def run(*arguments: str, code: int = 0) -> str:
        done = akiya(tmp_path, *arguments, database=database)
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    assert "熊本県" in run("init")
    assert "熊本県" in run("init")
    table = tmp_path / "m.csv"
    table.write_text("code,name,kana,office_lat,office_lon,url\n43204,荒尾市,あらおし,32.98,130.43,\n")
    assert "変更" in run("municipalities", "import", str(table))
    file = tmp_path / "l.csv"
    file.write_text(
        "PROPERTY_NUMBER_ID,PROPERTY_CATEGORY,PREFECTURE,CITY,AMOUNT/RENT\n1,売買居住用,熊本県,荒尾市,たかい\n2,売買土地,熊本県,ない市,1\n"
    )
    told = run("listings", "import", str(file), "--as-of", "2026-05-01", "--report", str(tmp_path / "r.csv"))
    assert "新規 1" in told
    assert "3行目 CITY「熊本県ない市」" in told
    assert "2行目 AMOUNT/RENT「たかい」" in told
    assert (tmp_path / "r.csv").exists()
    run(
        "staff",
        "create",
        "--email",
        "a@example.jp",
        "--name",
        "a",
        "--role",
        "staff",
        "--municipality",
        "43204",
        "--password",
        "long enough one",
    )
    assert "本物の物件" in run("demo", "load", code=1)
    report = run("reports", "monthly", "--since", "2026-05", "--until", "2026-05", "--format", "csv")
    assert "432041,荒尾市,2026-05,1,0,0,1" in report
    run(
        "reports",
        "monthly",
        "--since",
        "2026-05",
        "--until",
        "2026-05",
        "--format",
        "xlsx",
        "--out",
        str(tmp_path / "r.xlsx"),
    )
    assert (tmp_path / "r.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("listings", "import", "/no/such.csv"), "does not exist"), (("municipalities", "import", "{file}", "--prefecture", "肥後"), "肥後"),
     (("listings", "import", "{file}", "--as-of", "yesterday"), "2025-03-31"), (("listings", "import", "{file}"), "見出し"),
     (("reports", "monthly", "--since", "soon", "--until", "2026-01"), "soon"), (("staff", "deactivate", "x@y"), "x@y")],
)  # fmt: skip
def test_a_mistake_is_one_line_that_names_it(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n")
    akiya(tmp_path / "data", "init")
    done = akiya(tmp_path / "data", *[argument.format(file=file) for argument in arguments])
    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_one_line(tmp_path: Path) -> None:
    done = akiya(tmp_path, "init", AKIYA_STORAGE="ftp://x")
    assert done.returncode == 1
    assert "AKIYA_STORAGE=ftp://x" in done.stderr
    assert "Traceback" not in done.stderr


class Kept(Message):
    """Keeps what a mail server received."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[email.message.Message] = []

    def handle_message(self, message: email.message.Message) -> None:
        self.received.append(message)


def test_mail_goes_to_a_server_or_to_a_folder(tmp_path: Path) -> None:
    kept = Kept()
    server = Controller(kept, hostname="127.0.0.1", port=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server.port = probe.getsockname()[1]
    server.start()
    try:
        done = akiya(tmp_path, "mail", "test", "me@example.jp", AKIYA_MAIL_URL=f"smtp://127.0.0.1:{server.port}")
    finally:
        server.stop()
    assert done.returncode == 0, done.stderr
    assert kept.received[0]["To"] == "me@example.jp"
    assert akiya(tmp_path, "mail", "test", "me@example.jp").returncode == 0
    written = next((tmp_path / "mail").iterdir())
    message = email.message_from_bytes(written.read_bytes(), policy=policy.default)
    assert "設定は正しく" in message.get_content()
    refused = akiya(tmp_path, "mail", "test", "me@example.jp", AKIYA_MAIL_URL="smtp://127.0.0.1:1")
    assert "AKIYA_MAIL_URL" in refused.stderr


def test_ctrl_c_ends_everything_that_was_started(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    akiya(tmp_path, "init")
    environment = {**os.environ, "AKIYA_DATA": str(tmp_path), "AKIYA_MARK": tmp_path.name}
    process = subprocess.Popen([AKIYA, "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL)
    threading.Event().wait(0.1)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    assert len(marked(tmp_path.name)) >= 3
    assert "使われています" in akiya(tmp_path, "serve", "--port", str(port)).stderr
    process.send_signal(2)
    assert process.wait(20) == 0
    assert marked(tmp_path.name) == []


def marked(mark: str) -> list[int]:
    """The processes whose environment holds the mark."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"AKIYA_MARK={mark}".encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found

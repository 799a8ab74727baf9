"""The command line as a user types it, mostly in this process, because a new one takes seconds to import everything."""

import email
import os
import socket
import subprocess
import sys
from email import policy
from pathlib import Path

import click
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from alembic.script import ScriptDirectory

from akiya import sqlite
from akiya.commands.main import COMMANDS, main
from akiya.readiness import known_versions
from tests.shell import akiya

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow
AKIYA = Path(sys.executable).parent / "akiya"


def in_a_process(data: Path, *arguments: str, database: str = "", **more: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "AKIYA_DATA": str(data), "DATABASE_URL": database, **more}
    return subprocess.run([AKIYA, *arguments], env=environment, capture_output=True, text=True, timeout=120)


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    found = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        found.append(((*path, name), command))
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
    return found


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with an empty database, for tests that change nothing."""
    data = tmp_path_factory.mktemp("ready")
    assert akiya(data, "init").returncode == 0
    return data


@pytest.mark.parametrize(
    ("path", "command"), commands(main), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_has_help_with_an_example(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help
    assert f"Example: akiya {' '.join(path)}" in command.help


def test_the_list_of_commands_says_what_each_says_itself() -> None:
    context = click.Context(main)
    for name, (_module, text) in COMMANDS.items():
        command = main.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(1000) == click.Command(name, help=text).get_short_help_str(1000), name


@pytest.mark.engines
def test_a_database_is_made_filled_and_reported_from_the_shell(engine: str, make_database, tmp_path: Path) -> None:
    database = make_database(engine)

    def run(*arguments: str, code: int = 0) -> str:
        done = akiya(tmp_path, *arguments, database=database)
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    first = in_a_process(tmp_path, "init", database=database)
    assert first.returncode == 0, first.stderr
    assert "熊本県" in first.stdout
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
    assert "432041,荒尾市,2026-05,令和8年5月,1,0,0,1" in report
    run(
        "reports",
        "R1",
        "--since",
        "2026-05",
        "--until",
        "2026-05",
        "--out",
        str(tmp_path / "r.xlsx"),
    )
    assert (tmp_path / "r.xlsx").read_bytes().startswith(b"PK")


def test_a_coordinator_is_invited_from_the_shell(tmp_path: Path) -> None:
    def run(*arguments: str, code: int = 0) -> str:
        done = akiya(tmp_path, "staff", *arguments, AKIYA_SITE_URL="https://akiya.example.jp/")
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    assert akiya(tmp_path, "init").returncode == 0
    assert "招待" in run("invite", "--email", "Hana@Example.jp", "--role", "prefecture")
    assert "登録済み" in run("invite", "--email", "hana@example.jp", "--role", "prefecture", code=1)
    assert "市町村" in run("invite", "--email", "a@example.jp", "--role", "staff", code=1)
    with sqlite.driver().connect(tmp_path / "akiya.sqlite") as database:
        mails = database.execute('SELECT "to", text FROM message').fetchall()
        database.execute("UPDATE staff SET totp_secret = 'X'")
    database.close()
    assert [to for to, _text in mails] == ["hana@example.jp"]
    assert "https://akiya.example.jp/staff/welcome/" in mails[0][1]
    assert "確認コードを消しました" in run("reset-totp", "HANA@example.jp")
    assert "nobody@example.jp" in run("reset-totp", "nobody@example.jp", code=1)
    assert "サインインできなく" in run("deactivate", "hana@example.jp")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("listings", "import", "/no/such.csv"), "does not exist"), (("municipalities", "import", "{file}", "--prefecture", "肥後"), "肥後"),
     (("listings", "import", "{file}", "--as-of", "yesterday"), "2025-03-31"), (("listings", "import", "{file}"), "見出し"),
     (("listings", "import", "{file}", "--report", "/nope/x.csv"), "/nope/x.csv"), (("listings", "imprt"), "akiya listings --help"),
     (("reports", "monthly", "--since", "2026-01", "--until", "2026-01", "--format", "xlsx"), "--out"),
     (("reports", "monthly", "--since", "2026-01", "--until", "2026-01", "--out", "/nope/x"), "/nope/x"),
     (("reports", "monthly", "--since", "soon", "--until", "2026-01"), "soon"), (("staff", "deactivate", "x@y"), "x@y")],
)  # fmt: skip
def test_a_mistake_is_one_line_that_names_it(
    ready: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n")
    done = akiya(ready, *[argument.format(file=file) for argument in arguments])
    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("Error: ")


def test_a_report_that_cannot_be_written_is_told_before_a_row_is_taken_in(ready: Path, tmp_path: Path) -> None:
    file = tmp_path / "l.csv"
    file.write_text("PROPERTY_NUMBER_ID,PROPERTY_CATEGORY,PREFECTURE,CITY,AMOUNT/RENT\n1,売買居住用,熊本県,荒尾市,1\n")
    refused = akiya(ready, "listings", "import", str(file), "--report", str(file / "r.csv"))
    assert "書き込めません" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert "新規 1" in akiya(ready, "listings", "import", str(file), "--dry-run").stdout


def test_a_table_is_written_to_the_file_that_is_named(ready: Path, tmp_path: Path) -> None:
    asked = ("reports", "monthly", "--since", "2026-01", "--until", "2026-01")
    assert akiya(ready, *asked, "--out", str(tmp_path / "r.txt")).stdout == ""
    assert (tmp_path / "r.txt").read_text() == akiya(ready, *asked).stdout != ""


@pytest.mark.parametrize(
    "arguments",
    [("listings", "import", "{file}"), ("staff", "create", "--email", "a@b.jp", "--name", "a", "--role", "prefecture", "--password", "long enough one"),
     ("serve", "--port", "8797"), ("worker",)],
)  # fmt: skip
@pytest.mark.engines
def test_a_database_that_is_not_ready_is_one_line_that_says_what_to_type(
    engine: str, make_database, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n")
    filled = [argument.format(file=file) for argument in arguments]
    run = in_a_process if filled[0] in ("serve", "worker") else akiya
    done = run(tmp_path / "data", *filled, database=make_database(engine))
    assert done.returncode == 1
    assert "DATABASE_URL=" in done.stderr
    assert "akiya init" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data/akiya.sqlite").exists()


def test_an_older_database_is_not_ready_and_a_newer_one_is_told(tmp_path: Path) -> None:
    def at(version: str) -> None:
        with sqlite.driver().connect(tmp_path / "akiya.sqlite") as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT)")
            connection.execute("DELETE FROM alembic_version")
            connection.execute("INSERT INTO alembic_version VALUES (?)", (version,))

    at(known_versions()[0])
    assert "akiya init" in akiya(tmp_path, "places", "import", __file__).stderr
    at("9999")
    for command in (("places", "import", __file__), ("init",)):
        told = akiya(tmp_path, *command).stderr
        assert "9999" in told
        assert told.count("\n") == 1


def test_the_newest_version_is_the_one_that_the_history_ends_with() -> None:
    assert known_versions()[-1] == ScriptDirectory(str(ROOT / "migrations")).get_current_head()


@pytest.mark.parametrize(
    ("database", "words"),
    [("postgresql://u:geheim@127.0.0.1:1/x", "refused"), ("{server}/no_such_database", "no_such_database"),
     ("postgresql://u:geheim@nohost.invalid/x", "nohost.invalid"), ("sqlite:///{file}", "not a database")],
)  # fmt: skip
@pytest.mark.parametrize("command", [("init",), ("reports", "monthly", "--since", "2026-01", "--until", "2026-01")])
def test_a_database_that_cannot_be_reached_is_one_line(
    tmp_path: Path, command: tuple[str, ...], database: str, words: str
) -> None:
    file = tmp_path / "x.sqlite"
    file.write_text("no database, but more than a hundred bytes of text" * 30)
    server = os.environ.get("AKIYA_TEST_POSTGRESQL", "").rpartition("/")[0]
    if "{server}" in database and not server:
        pytest.skip("AKIYA_TEST_POSTGRESQL is not set: scripts/test starts a PostgreSQL for it")
    done = akiya(tmp_path / "data", *command, database=database.format(file=file, server=server))
    assert done.returncode == 1
    assert "DATABASE_URL=" in done.stderr
    assert words in done.stderr
    assert "確かめてください" in done.stderr
    assert "geheim" not in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


def test_a_wrong_setting_is_one_line(tmp_path: Path) -> None:
    done = in_a_process(tmp_path, "init", AKIYA_STORAGE="ftp://x")
    assert done.returncode == 1
    assert "AKIYA_STORAGE=ftp://x" in done.stderr
    assert "Traceback" not in done.stderr
    # Babel reads TZ while it is imported, before the settings are.
    assert "TZ=/etc/passwd" in (told := in_a_process(tmp_path, "init", TZ="/etc/passwd").stderr)
    assert told.count("\n") == 1


class Kept(Message):
    """A handler of a mail server that keeps the messages it received."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[email.message.Message] = []

    def handle_message(self, message: email.message.Message) -> None:
        """Keep the message; the mail server calls this for each one."""
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

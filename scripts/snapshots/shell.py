"""Run the `akiya` command on the snapshot's data, and save its output and help texts."""

import importlib.metadata
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner

from snapshots import answers

AKIYA = Path(sys.executable).parent / "akiya"
_LEDGER = "物件番号,物件名,町・字,売買・賃貸,種別,売買価格\n空き家第950号,台帳の家,中央区水前寺,売買,戸建て,350万円\n,番号のない家,北区,賃貸,戸建て,\n"
_WRONG = (
    "nothing",
    "reports R9",
    "reports R1 --since x",
    "jobs daily --today x",
    "municipalities set 99999 --text a",
    "staff create",
    "listings import nowhere.csv",
)


def run(*words: str) -> subprocess.CompletedProcess[bytes]:
    """Run `akiya` with `words`; each command gets its own sequence of random values."""
    environment = {**os.environ, "SNAPSHOT_STEP": " ".join(words)}
    return subprocess.run([str(AKIYA), *words], capture_output=True, env=environment, check=False)  # noqa: S603


def helps(saved: answers.Answers) -> None:
    """Save the help text of every command; the program is loaded only once."""
    [entry] = importlib.metadata.entry_points(group="console_scripts", name="akiya")
    _help(entry.load(), ["akiya"], None, saved)


def _help(command: Any, path: list[str], above: click.Context | None, saved: answers.Answers) -> None:
    answer = CliRunner().invoke(command, ["--help"], prog_name=" ".join(path), terminal_width=100)
    saved.save("commands", f"{' '.join(path)} --help", answer.output)
    if isinstance(command, click.Group):
        context = click.Context(command, above, path[-1])
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                _help(found, [*path, name], context, saved)


def save(saved: answers.Answers, *words: str) -> bytes:
    """Run a command, save its output and exit status, and return its output."""
    done = run(*words)
    errors = "\n".join(line for line in done.stderr.decode(errors="replace").splitlines() if not line.startswith("{"))
    text = f"ends with {done.returncode}\n── stderr\n{errors}\n── stdout\n{answers.body(done.stdout, 'text/plain')}"
    saved.save("commands", " ".join(["akiya", *words]), text)
    return done.stdout


def use(saved: answers.Answers, code: str) -> None:
    """Save the output of commands that change little, and the files that they write."""
    with tempfile.TemporaryDirectory() as folder:
        saved.replaced.append((folder, "FOLDER"))
        ledger = Path(folder) / "ledger.csv"
        ledger.write_text(_LEDGER, encoding="utf-8")
        for words in _WRONG:
            save(saved, *words.split())
        save(saved, "ledger", "import", str(ledger), "--municipality", code, "--account", "aoi@example.jp", "--dry-run")
        for words in (
            "reports R1 --since 2026-04 --until 2026-09",
            "reports R5 --format csv",
            "media prune --dry-run",
            "opendata snapshot",
            "opendata snapshot",
        ):
            save(saved, *words.split())
        written = {
            "ledger.xlsx": ("ledger", "export", "--municipality", code),
            "report.xlsx": ("reports", "R1", "--since", "2026-04"),
            "everything.zip": ("archive", "export", "--with-accounts", "--without-derived"),
        }
        for name, (group, command, *options) in written.items():
            file = Path(folder) / name
            place = [str(file)] if group == "archive" else ["--out", str(file)]
            save(saved, group, command, *options, *place)
            saved.save(
                "commands", name, answers.body(file.read_bytes(), "text/plain") if file.exists() else "not written"
            )

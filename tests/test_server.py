"""Starting and stopping the server as a user does: what it reports before the start, and what is left after the end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from akiya.errors import Invalid
from akiya.server import listening_address
from tests.serving import answers, free_port
from tests.waiting import until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
AKIYA = Path(sys.executable).parent / "akiya"


def marked(mark: str) -> list[int]:
    """Return the ids of processes with the mark in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"AKIYA_TEST_MARK={mark}".encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a database of municipalities but no listing."""
    folder = tmp_path_factory.mktemp("served")
    environment = {**os.environ, "AKIYA_DATA": str(folder), "DATABASE_URL": ""}
    subprocess.run([AKIYA, "init"], env=environment, check=True, capture_output=True)
    return folder


class Served:
    """A running `akiya serve`."""

    def __init__(self, data: Path, mark: str, *before: str) -> None:
        self.mark, self.port = mark, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {**os.environ, "AKIYA_DATA": str(data), "DATABASE_URL": "", "AKIYA_TEST_MARK": mark}
        self.process = subprocess.Popen(
            [*before, AKIYA, "serve", "--port", str(self.port)],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            # A test run under nohup would make the server ignore a closed terminal, too.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )  # fmt: skip

    def end(self) -> None:
        """Kill the server and every process that it left."""
        self.process.kill()
        self.process.wait(20)
        for number in marked(self.mark):
            with suppress(ProcessLookupError):  # a child ends by itself as soon as it notices that its parent is gone
                os.kill(number, signal.SIGKILL)
        until(lambda: marked(self.mark) == [])


@pytest.fixture
def start(data: Path, tmp_path: Path) -> Iterator:
    started: list[Served] = []

    def start(*before: str) -> Served:
        started.append(Served(data, str(tmp_path), *before))
        until(lambda: answers(started[-1].url))
        return started[-1]

    yield start
    for served in started:
        served.end()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_that_was_started(start, number: signal.Signals) -> None:
    served = start()
    assert len(marked(served.mark)) >= 4
    served.process.send_signal(number)
    assert served.process.wait(30) == 0
    assert marked(served.mark) == []


def test_killed_outright_it_leaves_nothing_behind(start) -> None:
    served = start()
    served.process.kill()
    served.process.wait(10)
    until(lambda: marked(served.mark) == [], 30)
    assert listening_address("127.0.0.1", served.port) == "127.0.0.1"


def test_under_nohup_a_closed_terminal_ends_nothing(start) -> None:
    served = start("nohup")
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    assert int(status.partition("SigIgn:")[2].split()[0], 16) & 1 << signal.SIGHUP - 1
    served.process.send_signal(signal.SIGHUP)
    assert answers(served.url)
    assert served.process.poll() is None


def test_the_process_that_watches_is_small_and_the_port_is_told_to_be_in_use(start, data: Path) -> None:
    served = start()
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    assert int(status.partition("VmRSS:")[2].split()[0]) < 40_000
    with pytest.raises(Invalid, match=f"ポート {served.port} は使われています"):
        listening_address("127.0.0.1", served.port)
    with pytest.raises(Invalid, match="使われています"):
        listening_address("0.0.0.0", served.port)


def test_an_address_of_another_machine_and_an_unknown_name_are_told_apart() -> None:
    port = free_port()
    with pytest.raises(Invalid, match=r"--host 192\.0\.2\.1：この機械のアドレスではありません"):
        listening_address("192.0.2.1", port)
    for name in ("nohost.invalid", "not a host", "", "a" * 300):
        with pytest.raises(Invalid, match="名前のアドレスが見つかりません"):
            listening_address(name, port)
    assert listening_address("localhost", port) == "127.0.0.1"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--host", "nohost.invalid"), "--host nohost.invalid"),
        (("--host", "192.0.2.1"), "この機械のアドレスではありません"),
        (("--port", "abc"), "--port 8000"),
        (("--port", "99999"), "--port 8000"),
        (("--data", "/proc/x"), "scripts/run --data DIR"),
        (("--dta", "x"), "scripts/run --help"),
    ],
)
def test_a_mistake_is_one_line_before_anything_is_made(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    environment = {**os.environ, "AKIYA_DATA": str(tmp_path), "DATABASE_URL": ""}
    done = subprocess.run(
        [ROOT / "scripts/run", *arguments], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode != 0
    assert words in done.stderr
    assert (done.stdout + done.stderr).count("\n") == 1, done.stderr
    assert not list(tmp_path.iterdir())

"""Start the servers and other processes of a benchmark, inspect them, and end them whatever happens."""

import contextlib
import multiprocessing
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_STARTED_WITHIN_S = 60
_ENDED_WITHIN_S = 20


class Failed(Exception):
    """Something could not be started or gave a wrong answer; the text says what."""


class Servers:
    """The servers of a run, which are all ended at the end of the `with` block; `folder` holds their logs."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.running = folder, []

    def __enter__(self) -> "Servers":
        return self

    def __exit__(self, *error: object) -> None:
        for server in self.running:
            if server.poll() is None:
                server.send_signal(signal.SIGTERM)
        for server in self.running:
            end(server)

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], port: int, within_s: float = _STARTED_WITHIN_S
    ) -> int:
        """Start a server; return its pid when it listens on `port`. Raise Failed with the last line of its log."""
        log = self.folder / f"{Path(command[0]).name}-{port}.log"
        with log.open("wb") as output:
            server = subprocess.Popen(  # noqa: S603
                command, env={**os.environ, **environment}, stdout=output, stderr=output, start_new_session=True
            )
        self.running.append(server)
        until = time.monotonic() + within_s
        while time.monotonic() < until and server.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return server.pid
            time.sleep(0.05)
        lines = log.read_text(errors="replace").strip().splitlines() or ["no output"]
        raise Failed(f"{Path(command[0]).name} did not start: {lines[-1][:300]}")


def end(server: "subprocess.Popen[bytes]") -> None:
    """End the server and every process that it started in its session."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(_ENDED_WITHIN_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """Return the result of work(*arguments), run in a process of its own that leaves nothing here. Raise Failed."""
    return together([lambda: work(*arguments)])[0]


def together(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Return the results of the works, each run in a process of its own, all at the same time. Raise Failed."""
    context = multiprocessing.get_context("fork")
    children, answers = [], []
    try:
        for work in works:
            read, write = context.Pipe(duplex=False)
            children.append(context.Process(target=_child, args=(work, write), daemon=True))
            answers.append(read)
            children[-1].start()
            write.close()  # before the next child inherits it, which would hide the end of this one
        return [_answer(read) for read in answers]
    finally:
        for child in children:
            if child.pid is not None:
                child.kill()
                child.join()


def _child(work: Callable[[], Any], write: Any) -> None:
    # Ctrl-C reaches the whole process group, but the parent ends its children itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        write.send(("done", work()))
    except Exception as error:
        write.send(("failed", f"{type(error).__name__}: {error}"[:2000]))


def _answer(read: Any) -> Any:
    try:
        outcome, value = read.recv()
    except EOFError:
        raise Failed("a process ended without a result") from None
    if outcome == "failed":
        raise Failed(value)
    return value


def family(pid: int) -> list[int]:
    """Return `pid` and the pids of all its descendants."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def command_line(pid: int) -> list[str]:
    """Return the words of the command that started the process."""
    return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")


def resident_mb(pid: int) -> float:
    """Return the memory of the process that is in RAM, in megabytes (RSS, shared pages included)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000

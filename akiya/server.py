"""Serving: the web server and the worker as two children that live and die together."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

_THREADS = 8


def port_in_use(host: str, port: int) -> bool:
    """Whether something answers there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


def serve(host: str, port: int, workers: int) -> int:
    """Runs until a signal or until one of the two ends; then ends the other. Returns the exit code."""
    bin_folder = Path(sys.executable).parent
    web = [
        str(bin_folder / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", str(_THREADS), "--no-log", "--workers-kill-timeout", "10", "akiya.wsgi:app",
    ]  # fmt: skip
    commands = [web, [str(bin_folder / "akiya"), "worker"]]
    # A session of their own: Ctrl-C reaches this process alone, which then ends them in order.
    children = [subprocess.Popen(command, start_new_session=True) for command in commands]  # noqa: S603

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
        code = next(child.returncode for child in children if child.returncode is not None) or 1
    except KeyboardInterrupt:
        code = 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for child in children:
            _end(child)
    return code


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(12)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)  # whatever it started
    child.wait()

"""Serve the site: the web server and the worker as two child processes that start and end together.

`python -m akiya.server` is the process that watches them. It loads nothing of the application, so it stays small.
"""

import argparse
import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from akiya.errors import Invalid

_THREADS = 8
_BIN = Path(sys.executable).parent
_PR_SET_PDEATHSIG = 1


def listening_address(host: str, port: int) -> str:
    """Return the numeric address of `host` if `port` is free there. Raise Invalid that says what to change."""
    try:
        found = socket.getaddrinfo(host or " ", port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Invalid(
            f"--host {host}：この名前のアドレスが見つかりません。"
            "127.0.0.1（この機械だけ）か 0.0.0.0（外からも）を指定してください。"
        ) from error
    family, kind, _protocol, _name, address = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    try:
        with socket.socket(family, kind) as probe:
            # A port whose connections have just ended counts as free, as it does for the server.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Invalid(_why_not(error, host, port)) from error
    return str(address[0])


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return f"ポート {port} は使われています。--port で別の番号を指定してください。例：--port {other}"
    if error.errno == errno.EACCES:
        return f"ポート {port} を開く権限がありません。--port で 1024 以上の番号を指定してください。例：--port 8000"
    return (
        f"--host {host}：この機械のアドレスではありません（{error.strerror}）。"
        "127.0.0.1（この機械だけ）か 0.0.0.0（外からも）を指定してください。"
    )


def become(address: str, port: int, workers: int, *, init: bool, announce: str) -> None:
    """Replace this process with the one that watches the children; its id and environment stay, its memory is freed."""
    command = [sys.executable, "-P", "-m", "akiya.server", address, str(port), str(workers), "--announce", announce]
    sys.stdout.flush()
    os.execv(sys.executable, command + ["--init"] * init)  # noqa: S606


def serve(address: str, port: int, workers: int, *, init: bool = False, announce: str = "") -> int:
    """Run the web server and the worker until a signal comes or one of them ends, and return the exit code.

    The other one is ended too. With `init`, first do what `akiya init --demo` does; with `announce`, the worker prints
    that address when it is ready.
    """
    web = [
        str(_BIN / "granian"), "--interface", "wsgi", "--host", address, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", str(_THREADS), "--no-log", "--workers-kill-timeout", "10", "akiya.wsgi:app",
    ]  # fmt: skip
    akiya = str(_BIN / "akiya")
    children: list[subprocess.Popen[bytes]] = []
    signals = _stop_on_signals()
    try:
        if init:
            children.append(_start([akiya, "init", "--demo"]))
            if code := children[0].wait():
                return code
        children[:] = [_start(web), _start([akiya, "worker"] + ["--announce", announce] * bool(announce))]
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
        # Neither may end by itself, so its exit code 0 is a failure too.
        return next(child.returncode for child in children if child.returncode is not None) or 1
    except KeyboardInterrupt:
        return 0
    finally:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        for child in children:
            _end(child)


def _stop_on_signals() -> list[signal.Signals]:
    """Let Ctrl-C, SIGTERM and a closed terminal raise KeyboardInterrupt from now on. Return these signals."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup ignores it on purpose
        signals.append(signal.SIGHUP)
    for number in signals:
        signal.signal(number, stop)
    return signals


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    # In a session of its own, so that Ctrl-C reaches only this process, which then ends its children in order.
    # One memory arena per thread, glibc's default, would keep a third more memory than is in use.
    environment = {"MALLOC_ARENA_MAX": "2", **os.environ}
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_parent(), env=environment)  # noqa: S603


def _die_with_parent() -> Callable[[], None] | None:
    """Return what a child runs before it starts, so that Linux ends it even if this process is killed outright."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()  # a child between fork and exec must load nothing

    def ask() -> None:
        # SIGTERM, because the web server then ends its own children.
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(12)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)  # and what the child started
    child.wait()


def _main() -> int:
    parser = argparse.ArgumentParser(prog="akiya.server", description="Started by akiya serve.")
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("workers", type=int)
    parser.add_argument("--init", action="store_true")
    parser.add_argument("--announce", default="")
    return serve(**vars(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(_main())

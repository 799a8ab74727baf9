"""Clients that send requests at the same time, and measure how long they wait.

Each client is a process with one open connection and a socket of its own, so that the clients do not wait for each
other. Every server gets the same clients. They share the cores with the server.
"""

import random
import socket
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from benchmarks.processes import Failed, together

Ask = Callable[[random.Random], Sequence[bytes]]
"""Makes one random question: the HTTP requests that together answer it."""

_PATIENCE_S = 120


@dataclass(frozen=True)
class Figures:
    """Questions a second, and how many milliseconds a question took."""

    rate: float
    p50: float
    p99: float
    slowest: float
    count: int


def get(path: str, port: int, **headers: str) -> bytes:
    """Return a GET request. Names of `headers` have underscores instead of hyphens."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{lines}\r\n".encode()


def header(head: bytes, name: str) -> str:
    """Return the value of the header, "" if it is missing."""
    mark = f"\r\n{name.lower()}:".encode()
    start = head.lower().find(mark)
    return head[start + len(mark) :].partition(b"\r\n")[0].strip().decode() if start >= 0 else ""


class Connection:
    """One open connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self.port, self.socket, self.rest = port, self._connect(port), b""

    @staticmethod
    def _connect(port: int) -> socket.socket:
        connected = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected

    def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Return (status, head, body) of the answer. A connection that the server has closed is opened again once."""
        try:
            self.socket.sendall(request)
            head = self._until(b"\r\n\r\n")
        except (Failed, ConnectionError):
            self.socket.close()
            self.socket, self.rest = self._connect(self.port), b""
            self.socket.sendall(request)
            head = self._until(b"\r\n\r\n")
        status = int(head[9:12])
        if status == 304:
            return status, head, b""
        if length := header(head, "content-length"):
            return status, head, self._exactly(int(length))
        if header(head, "transfer-encoding").lower() != "chunked":
            raise Failed(f"an answer of unknown length: {head[:200]!r}")
        parts = []
        while size := int(self._until(b"\r\n"), 16):
            parts.append(self._exactly(size))
            self._exactly(2)
        self._exactly(2)
        return status, head, b"".join(parts)

    def _until(self, mark: bytes) -> bytes:
        data, self.rest = self.rest, b""
        while mark not in data:
            data += self._receive()
        head, _mark, self.rest = data.partition(mark)
        return head

    def _exactly(self, size: int) -> bytes:
        parts, have = [self.rest], len(self.rest)
        while have < size:
            parts.append(self._receive())
            have += len(parts[-1])
        data = b"".join(parts)
        self.rest = data[size:]
        return data[:size]

    def _receive(self) -> bytes:
        data = self.socket.recv(262144)
        if not data:
            raise Failed("the server closed the connection")
        return data


def measure(asks: Sequence[Ask], ports: Sequence[int], seconds: float, label: str, expected: int = 200) -> Figures:
    """Return what the clients, one for each of `asks`, measured in `seconds`; they are distributed over `ports`.

    Runs with different labels never ask the same questions. Raise Failed if an answer's status is not `expected`.
    """
    begin = time.monotonic() + 0.3
    works = [
        partial(_client, ask, ports[number % len(ports)], f"{label} {number}", begin, seconds, expected)
        for number, ask in enumerate(asks)
    ]
    answers = together(works)
    waits = sorted(wait for own, _ended in answers for wait in own)
    spent = max(ended for _own, ended in answers) - begin
    return Figures(
        len(waits) / spent, statistics.median(waits), waits[min(len(waits) - 1, int(len(waits) * 0.99))], waits[-1], len(waits)
    )  # fmt: skip


def _client(ask: Ask, port: int, seed: str, begin: float, seconds: float, expected: int) -> tuple[list[float], float]:
    rng, connection, waits = random.Random(seed), Connection(port), []  # noqa: S311  (invented questions)
    time.sleep(max(0.0, begin - time.monotonic()))
    end = begin + seconds
    while (began := time.monotonic()) < end or not waits:
        requests = ask(rng)
        began = time.monotonic()
        try:
            for request in requests:
                status, _head, body = connection.ask(request)
                if status != expected:
                    raise Failed(f"status {status} for {request[:300]!r}: {body[:200]!r}")
        except TimeoutError:  # slow is a figure, not a failure
            connection = Connection(port)
        waits.append((time.monotonic() - began) * 1000)
    return waits, time.monotonic()


def best(figures: Sequence[Figures]) -> Figures:
    """Return the fastest round, which was disturbed least; the slowest question is that of all rounds."""
    chosen = max(figures, key=lambda one: one.rate)
    return Figures(chosen.rate, chosen.p50, chosen.p99, max(one.slowest for one in figures), chosen.count)

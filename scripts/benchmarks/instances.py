"""Fill akiya's databases on SpatiaLite and PostGIS, and start and warm up servers on them."""

import contextlib
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import load, rows
from benchmarks.postgres import Cluster
from benchmarks.processes import Failed, Servers, apart, command_line, family, free_port, resident_mb, together
from benchmarks.questions import AKIYA, question

SPATIALITE, POSTGIS = "akiya on SpatiaLite", "akiya on PostGIS"
_BIN = Path(sys.executable).parent
_WORKERS = 2
_SEEN_WITHIN_S = 0.3  # other processes of akiya check for changes four times a second
_APPLICATION = "akiya.wsgi:app"


@dataclass(frozen=True)
class Instance:
    """An akiya server on one database: its settings, its port, and the pid of `akiya serve`."""

    title: str
    environment: dict[str, str]
    port: int
    pid: int

    def web(self) -> int:
        """Return the pid of the web server. Raise Failed if there is none."""
        for pid in family(self.pid):
            if _APPLICATION in command_line(pid):
                return pid
        raise Failed(f"akiya serve started no server of {_APPLICATION}")

    def memory(self) -> list[float]:
        """Return the memory of each web process in MB."""
        return [resident_mb(pid) for pid in family(self.web())]

    def command_of(self, application: str, port: int) -> list[str]:
        """Return the command of the web server with the same flags for another application and port."""
        other = {_APPLICATION: application, str(self.port): str(port)}
        return [other.get(word, word) for word in command_line(self.web())]


def data_folder(folder: Path, title: str, count: int) -> Path:
    """Return the folder for the data of the server `title` with `count` homes."""
    return folder / f"{title.split()[-1]}-{count}"


def start(count: int, folder: Path, cluster: Cluster | None, servers: Servers) -> list[Instance]:
    """Fill and start akiya on SpatiaLite, and on PostGIS if there is a cluster, with `count` homes each."""
    addresses = {SPATIALITE: ""} | ({POSTGIS: cluster.create("akiya")} if cluster else {})
    began = time.monotonic()
    together(
        [partial(rows.fill, count, data_folder(folder, title, count), address) for title, address in addresses.items()]
    )
    print(f"\n{count:,} homes filled in {time.monotonic() - began:.0f} s", flush=True)
    found = []
    for title, address in addresses.items():
        port = free_port()
        environment = {"AKIYA_DATA": str(data_folder(folder, title, count)), "DATABASE_URL": address}
        command = [str(_BIN / "akiya"), "serve", "--port", str(port), "--workers", str(_WORKERS)]
        instance = Instance(title, environment, port, servers.start(command, environment, port))
        _warm(port)
        apart(rows.touch, data_folder(folder, title, count), address)
        time.sleep(_SEEN_WITHIN_S)
        began = time.monotonic()
        with contextlib.suppress(TimeoutError):
            load.Connection(port).ask(load.get("/listings.geojson?limit=1", port))
        print(f"  {title}: {time.monotonic() - began:.2f} s for the first answer after a change", flush=True)
        _warm(port)
        found.append(instance)
    return found


def _warm(port: int) -> None:
    # Enough clients to reach every process.
    load.measure([lambda rng: [load.get(AKIYA.page(question(rng)), port)]] * 32, [port], 1, "warm")

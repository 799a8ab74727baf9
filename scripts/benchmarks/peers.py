"""Install and start the peers, each in its own virtual environment in var/bench, with settings as good as akiya's."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import questions
from benchmarks.processes import Failed, Servers, free_port
from benchmarks.questions import Language

_FOLDER = Path("var/bench").absolute()
_PROCESSES = 2
_THREADS = 8


@dataclass(frozen=True)
class Started:
    """A running server; the clients are distributed over its ports."""

    title: str
    language: Language
    ports: Sequence[int]


@dataclass(frozen=True)
class Peer:
    """A peer that can be started on a SQLite file or on a PostGIS database."""

    name: str
    packages: tuple[str, ...]
    postgis: bool
    start: Callable[[Servers, Path, str], Started]


def install(peer: Peer) -> Path:
    """Install what is missing, and return the folder of the peer's programs. Raise Failed if that fails."""
    home, wanted = _FOLDER / peer.name, " ".join(peer.packages)
    stamp = home / ".installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"installing {wanted}", flush=True)
        shutil.rmtree(home, ignore_errors=True)
        pip = [
            str(home / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            *peer.packages,
        ]
        for command in ([sys.executable, "-m", "venv", str(home)], pip):
            result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
            if result.returncode:
                said = (result.stderr or result.stdout).strip().splitlines() or ["no output"]
                raise Failed(f"{wanted} could not be installed: {said[-1][:300]}")
        stamp.write_text(wanted)
    return home / "bin"


# No facet is left out because it takes long, and none is computed that was not asked for.
_DATASETTE_SETTINGS = (("sql_time_limit_ms", "60000"), ("facet_time_limit_ms", "60000"), ("suggest_facets", "off"))


def _datasette(servers: Servers, folder: Path, address: str) -> Started:
    # datasette has no worker processes: two of them are started, each with half of the clients.
    ports = []
    for _ in range(_PROCESSES):
        port = free_port()
        settings = {
            "sql_time_limit_ms": 60_000,
            "facet_time_limit_ms": 60_000,
            "default_facet_size": 100,
            "suggest_facets": "off",
        }
        options = [word for name, value in settings.items() for word in ("--setting", name, str(value))]
        servers.start([str(install(DATASETTE) / "datasette"), address, "--port", str(port), *options], {}, port)
        ports.append(port)
    return Started(f"datasette ({_PROCESSES} processes)", questions.DATASETTE, ports)


def _tipg(servers: Servers, folder: Path, address: str) -> Started:
    port = free_port()
    command = [str(install(TIPG) / "uvicorn"), "tipg.main:app", "--port", str(port), "--workers", str(_PROCESSES)]
    environment = {
        "DATABASE_URL": address, "DB_MIN_CONN_SIZE": str(_THREADS), "TIPG_DB_SCHEMAS": '["public"]', "TIPG_CATALOG_TTL": "0",
    }  # fmt: skip
    # Otherwise busy workers would be considered dead and ended.
    command += ["--timeout-worker-healthcheck", "60", "--timeout-keep-alive", "60"]
    servers.start([*command, "--no-access-log", "--log-level", "warning"], environment, port)
    return Started(f"tipg ({_PROCESSES} workers)", questions.TIPG, [port])


_PYGEOAPI = """
server:
  bind: {{host: 127.0.0.1, port: {port}}}
  url: http://127.0.0.1:{port}
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  languages: [en]
  limits: {{default_items: 20, max_items: 1000}}
  map: {{url: "", attribution: ""}}
logging: {{level: ERROR}}
metadata:
  identification: {{title: bench, description: bench, keywords: [bench], keywords_type: theme, terms_of_service: "", url: ""}}
  license: {{name: "", url: ""}}
  provider: {{name: bench, url: ""}}
  contact: {{name: bench}}
resources:
  home:
    type: collection
    title: home
    description: home
    keywords: [home]
    extents: {{spatial: {{bbox: [129, 31, 133, 34], crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}}}
    providers:
      - type: feature
        name: PostgreSQL
        data: {{host: {host}, port: {database_port}, dbname: {database}, user: {user}, password: "-", search_path: [public]}}
        id_field: id
        table: home
        geom_field: geom
"""


def _pygeoapi(servers: Servers, folder: Path, address: str) -> Started:
    port, database = free_port(), urlsplit(address)
    configuration, description = folder / "pygeoapi.yml", folder / "pygeoapi-openapi.yml"
    configuration.write_text(
        _PYGEOAPI.format(
            port=port,
            host=database.hostname,
            database_port=database.port,
            database=database.path[1:],
            user=database.username,
        )
    )
    description.write_text("openapi: 3.0.2\ninfo: {title: bench, version: '1'}\npaths: {}\n")
    command = [
        str(install(PYGEOAPI) / "granian"), "--interface", "wsgi", "--port", str(port), "--workers", str(_PROCESSES),
        "--blocking-threads", str(_THREADS), "--no-log", "pygeoapi.flask_app:APP",
    ]  # fmt: skip
    environment = {"PYGEOAPI_CONFIG": str(configuration), "PYGEOAPI_OPENAPI": str(description)}
    servers.start(command, environment, port)
    return Started(f"pygeoapi ({_PROCESSES} workers)", questions.PYGEOAPI, [port])


DATASETTE = Peer("datasette", ("datasette==0.65.5", "uvloop", "httptools"), False, _datasette)
TIPG = Peer("tipg", ("tipg==1.6.1", "uvicorn", "uvloop", "httptools"), True, _tipg)
PYGEOAPI = Peer("pygeoapi", ("pygeoapi==0.21.0", "geoalchemy2", "psycopg2-binary", "granian"), True, _pygeoapi)
PEERS = (DATASETTE, TIPG, PYGEOAPI)

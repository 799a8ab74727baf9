"""A throw-away PostgreSQL for benchmarks."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from benchmarks.processes import Failed, free_port

_OWNER = "postgres"
# No data outlives the run, so nothing is synced; the memory is enough for akiya and the peers to read no disk.
_SETTINGS = ("fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=512MB", "work_mem=32MB",
             "maintenance_work_mem=256MB", "max_wal_size=4GB", "random_page_cost=1.1", "listen_addresses=127.0.0.1")  # fmt: skip


class Cluster:
    """A PostgreSQL on a free port, started by `with` and removed at the end. Raises Failed if it is not installed."""

    def __enter__(self) -> "Cluster":
        self.bin = os.environ.get("PG_BIN", "")
        if not self.bin:
            raise Failed("PostgreSQL with PostGIS is not installed")
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="bench-postgres-")), free_port()
        try:
            if os.getuid() == 0:
                os.chown(self.folder, pwd.getpwnam(_OWNER).pw_uid, -1)
            data = str(self.folder / "data")
            self._as_owner("initdb", "-D", data, "-A", "trust", "-U", "akiya", "--locale=C.UTF-8", "-E", "UTF8")
            options = " ".join(f"-c {setting}" for setting in _SETTINGS)
            log = str(self.folder / "log")
            self._as_owner(
                "pg_ctl", "-D", data, "-w", "-l", log, "-o", f"-p {self.port} -k {self.folder} {options}", "start"
            )
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        data = self.folder / "data"
        if (data / "postmaster.pid").exists():
            self._as_owner("pg_ctl", "-D", str(data), "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _as_owner(self, program: str, *arguments: str, check: bool = True) -> None:
        command = [f"{self.bin}/{program}", *arguments]
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            command = ["runuser", "-u", _OWNER, "--", *command]
        # Output goes to a file, because the server would keep a pipe open. In a session of its own, Ctrl-C does not reach it.
        with (self.folder / "said").open("wb") as said:
            result = subprocess.run(  # noqa: S603
                command, cwd="/", stdout=said, stderr=said, check=False, start_new_session=True
            )
        if check and result.returncode:
            raise Failed(f"{program}: {(self.folder / 'said').read_text(errors='replace').strip()[-300:]}")

    def address(self, database: str) -> str:
        """Return the address of a database of this cluster."""
        return f"postgresql://akiya@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        """Create the database, replacing one of the same name, and return its address."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")  # type: ignore[arg-type]
            connection.execute(f"CREATE DATABASE {database}")  # type: ignore[arg-type]
        return self.address(database)

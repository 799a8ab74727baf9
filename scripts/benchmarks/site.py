"""Serve a demonstration on a free port for programs that open its pages."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import Failed, Servers, free_port

AKIYA = Path(sys.executable).parent / "akiya"
PASSWORD = "mihon-no-akiya"  # noqa: S105  (the demonstration's, printed on its sign-in page)
_LOADED_WITHIN_S = 300


@contextlib.contextmanager
def demonstration(folder: Path, **settings: str) -> Iterator[str]:
    """Yield the address of a demonstration with its data in `folder`, loaded if missing; stop it afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    # Without the settings of the caller's own site: a demonstration must not use its storage or its mail.
    environment = {name: "" for name in os.environ if name.startswith("AKIYA_")}
    environment |= {"AKIYA_DATA": str(folder), "DATABASE_URL": "", **settings}
    with Servers(folder) as servers:
        try:
            command = [str(AKIYA), "serve", "--init", "--port", str(port)]
            servers.start(command, environment, port, within_s=_LOADED_WITHIN_S)
        except Failed as error:
            raise SystemExit(f"✗ The demonstration did not start: {error}") from error
        yield f"http://127.0.0.1:{port}"

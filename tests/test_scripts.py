"""The shell scripts find what is installed."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def bash(lines: str, path: str) -> subprocess.CompletedProcess[str]:
    """Run the lines after those of scripts/setup.sh, as the scripts do."""
    script = f"set -euo pipefail\n. scripts/setup.sh test\n{lines}"
    environment = {**os.environ, "PATH": path}
    return subprocess.run(["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def program(folder: Path, name: str, lines: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/bash\n{lines}\n")
    file.chmod(0o755)


def test_what_stands_at_the_beginning_of_a_long_list_is_found(tmp_path: Path) -> None:
    # The lists are longer than a pipe holds, so a reader that ends at the first hit would break the writer's pipe.
    long = "seq 200000"
    program(tmp_path, "ldconfig", f"echo libpangoft2-1.0 libharfbuzz-subset; {long}")
    program(tmp_path, "fc-list", f"echo IPAexGothic; {long}")
    program(tmp_path, "chromium", "true")
    program(tmp_path, "apt-get", f"echo called >{tmp_path}/apt")
    done = bash("setup_browser", f"{tmp_path}:{os.environ['PATH']}")
    assert done.returncode == 0, done.stderr
    assert "Missing" not in done.stderr
    assert not (tmp_path / "apt").exists()


def test_the_library_list_is_found_outside_the_path() -> None:
    done = bash("has_library libc.so.6 && ! has_library libnothing-such", "/usr/local/bin:/usr/bin:/bin")
    assert done.returncode == 0, done.stderr


def test_checks_of_javascript_are_installed_for_tests_only_and_once(tmp_path: Path) -> None:
    libraries = "pannellum/build/pannellum.{js,css} leaflet/dist/leaflet.{js,css}"
    libraries += " leaflet.markercluster/dist/{leaflet.markercluster.js,MarkerCluster.css}"
    program(
        tmp_path,
        "npm",
        f"""echo "$@" >>{tmp_path}/calls; rm -rf node_modules; mkdir node_modules; cd node_modules
        for file in {libraries}; do mkdir -p "$(dirname "$file")"; touch "$file"; done""",
    )
    program(tmp_path, "node", "exit 0")
    (tmp_path / "package-lock.json").write_text("{}")
    modes = ("run", "run", "test", "test", "run")
    installs = "; ".join(f"setup_frontend {mode}" for mode in modes)
    lines = f"cd {tmp_path}; {installs}; echo changed >package-lock.json; {installs}"
    done = bash(lines, f"{tmp_path}:{os.environ['PATH']}")
    assert done.returncode == 0, done.stderr
    calls = [line.split()[-1] for line in (tmp_path / "calls").read_text().splitlines()]
    assert calls == ["--omit=dev", "--include=dev"] * 2
    assert (tmp_path / "static/vendor/leaflet.js").exists()

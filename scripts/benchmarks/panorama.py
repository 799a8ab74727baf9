"""Cut panoramas into tiles, compared with Pannellum's own generate.py with Hugin's nona.

Inputs, tile size, levels and JPEG quality are the same. Wall and CPU seconds and peak memory are those of a whole
process with its children, its start included; the least of several runs counts. Then what is published is measured,
WebP through the sandbox: its time, its bytes, the bytes of a first view and what they cost. Pictures are made here;
real ones in ../shared are added if they are there. nona is in Debian's hugin-tools.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from benchmarks.photos import detailed
from benchmarks.printing import verdict
from PIL import Image

from akiya.imaging import cube, equirectangular, sphere

_ROOT = Path(__file__).resolve().parents[2]
_GENERATE = _ROOT / "node_modules/pannellum/utils/multires/generate.py"
_SAMPLES = _ROOT.parent / "shared/samples/panoramas"
_TIMES_FASTER, _TIMES_LESS_CPU, _LEAST_DB = 10, 6, 45
_MOST_MB = {8192: 400, 11968: 700}
_TOUR_SCENES, _MOST_TOUR_MB, _MOST_VIEW_KB = 6, 20, 650
_VIEW = (1200, 630)
_VIEW_FOV = 100

# A small process in between: a child's peak is at least the memory of its parent when it was forked.
_METER = """
import json, os, subprocess, sys, time
began = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
status, used = os.wait4(child.pid, 0)[1:]
print(json.dumps([time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
sys.exit(os.waitstatus_to_exitcode(status))
"""
# generate.py uses a name that Pillow no longer has.
_PEER = """
import runpy, sys
from PIL import Image
Image.ANTIALIAS = Image.LANCZOS
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
_OURS = """
import sys
from pathlib import Path
import numpy as np
from PIL import Image
from akiya.imaging import cube, equirectangular
source, out = map(Path, sys.argv[1:])
picture, _pose, (width, _height) = equirectangular.load(source, lambda full: 4 * cube.size_for(full), lambda share: None)
picture.close()
size = cube.size_for(width)
for level in range(1, cube.levels_of(size) + 1):
    (out / str(level)).mkdir(parents=True)
def keep(level, face, row, column, pixels):
    Image.fromarray(np.ascontiguousarray(pixels)).save(out / str(level) / f"{face}{row}_{column}.jpg", quality=75)
cube.cut(picture, size, keep, lambda share: None)
"""


class Spent(NamedTuple):
    """The cost of a process: seconds of wall time, CPU seconds, and MB at its peak."""

    wall: float
    cpu: float
    memory: float


def spent(command: Sequence[str], out: Path, runs: int) -> Spent:
    """Return the least time and memory of `runs` runs of `command`.

    It writes to the folder `out`, which is deleted before each run.
    """
    figures = []
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    for _run in range(runs):
        shutil.rmtree(out, ignore_errors=True)
        told = subprocess.run(  # noqa: S603
            [sys.executable, "-c", _METER, *command], capture_output=True, env=environment, cwd=out.parent, check=False
        )
        if told.returncode:
            raise SystemExit(f"✗ {command} failed:\n{told.stderr.decode()[-2000:]}")
        figures.append(json.loads(told.stdout.splitlines()[-1]))
    return Spent(*(min(one) for one in zip(*figures, strict=True)))


def row(name: str, one: Spent) -> None:
    """Print a line of figures."""
    print(f"  {name:<34}{one.wall:>9.2f}{one.cpu:>9.2f}{one.memory:>9.0f}", flush=True)


def beside_peer(source: Path, width: int, folder: Path, runs: int) -> None:
    """Make the same JPEG tiles with both programs; print the times, and how similar the faces are before encoding."""
    size, theirs = cube.size_for(width), folder / "theirs"
    flags = ["-s", str(cube.TILE), "-f", str(cube.TILE), "-c", str(size), "-o", str(theirs), "-d"]
    peer = spent([sys.executable, "-c", _PEER, str(_GENERATE), *flags, str(source)], theirs, runs)
    row("generate.py with nona, JPEG", peer)
    ours = spent([sys.executable, "-c", _OURS, str(source), str(folder / "ours")], folder / "ours", runs)
    row("akiya, JPEG, same layout", ours)
    names = [{p.relative_to(f).as_posix() for p in f.rglob("[fbudlr][0-9]*.jpg")} for f in (theirs, folder / "ours")]
    if names[0] != names[1]:
        raise SystemExit("✗ the layouts differ")
    at_8k = width == 8192
    verdict("times faster by the clock", peer.wall / ours.wall, _TIMES_FASTER if at_8k else None)
    verdict("times less CPU", peer.cpu / ours.cpu, _TIMES_LESS_CPU if at_8k else None)
    verdict("PSNR of the tile least like nona's, dB", least_alike(source, size, theirs), _LEAST_DB)


def least_alike(source: Path, size: int, theirs: Path) -> float:
    """Return the lowest PSNR in dB of a tile of the finest level compared with nona's, both before encoding."""
    picture, _pose, _size = equirectangular.load(source, lambda _full: 4 * size, lambda _share: None)
    picture.close()
    peers = {
        face: np.asarray(Image.open(theirs / f"face000{number}.tif").convert("RGB"))
        for number, face in enumerate("fbudlr")
    }
    found = []

    def keep(level: int, face: str, row: int, column: int, pixels: equirectangular.Pixels) -> None:
        if level == cube.levels_of(size):
            t = cube.TILE
            other = peers[face][row * t : (row + 1) * t, column * t : (column + 1) * t].astype(np.float32)
            found.append(float(np.mean((pixels - other) ** 2)))

    cube.cut(picture, size, keep, lambda _share: None)
    return float(10 * np.log10(255**2 / max(max(found), 1e-9)))


def as_published(source: Path, width: int, folder: Path, runs: int) -> Path:
    """Make WebP tiles in the sandbox, as the worker does; return the folder with them."""
    out = folder / "published"
    # The sandbox needs an existing folder; a shell makes it, so that every run begins with an empty one.
    sandbox = [sys.executable, "-m", "akiya.sandbox", "panorama", str(source), str(out), "{}"]
    one = spent(["/bin/sh", "-c", 'mkdir "$0" && exec "$@"', str(out), *sandbox], out, runs)
    row("akiya, WebP, in the sandbox", one)
    if not (out / "preview.webp").exists():
        raise SystemExit("✗ the sandbox made no tiles")
    verdict("peak MB", one.memory, _MOST_MB.get(width), most=True)
    return out


def bytes_of(out: Path) -> int:
    """Return the size of all files below the folder in bytes."""
    return sum(path.stat().st_size for path in out.rglob("*") if path.is_file())


def first_view(out: Path) -> tuple[int, int]:
    """Return how many tiles and bytes a visitor loads first: the most over eight directions.

    These are the tiles of levels 1 and 2 that are in view.
    """
    most = (0, 0)
    for yaw in range(0, 360, 45):
        seen = [path for level in (1, 2) for path in (out / str(level)).glob("*.webp") if in_view(path, level, yaw)]
        most = max(most, (sum(path.stat().st_size for path in seen), len(seen)))
    return most[1], most[0]


def in_view(tile: Path, level: int, yaw: float) -> bool:
    """Return whether any part of a tile is in a view along `yaw` at the horizon."""
    face, where = tile.stem[0], [int(part) for part in tile.stem[1:].split("_")]
    side = 32  # so many samples along a tile are enough
    rows, columns = (slice(at * side, (at + 1) * side) for at in where)
    ways = np.broadcast_arrays(*sphere.face_directions(face, side << (level - 1), rows))
    x, y, z = (way[:, columns] for way in ways)
    a, half = np.radians(yaw), np.tan(np.radians(_VIEW_FOV / 2))
    across, forward = x * np.cos(a) - z * np.sin(a), z * np.cos(a) + x * np.sin(a)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = (np.abs(across / forward) < half) & (np.abs(y / forward) < half * _VIEW[1] / _VIEW[0])
    return bool((inside & (forward > 0)).any())


def weighed(out: Path, price: float, *, real: bool) -> None:
    """Print the size of a scene's files, and what sending them costs. Targets do not apply to drawn grain."""
    tour = bytes_of(out) * _TOUR_SCENES / 1e6
    verdict(f"MB that a tour of {_TOUR_SCENES} such scenes takes", tour, _MOST_TOUR_MB if real else None, most=True)
    tiles, size = first_view(out)
    verdict(f"KB of a first view ({tiles} tiles)", size / 1000, _MOST_VIEW_KB if real else None, most=True)
    verdict(f"USD for 1,000 first views, assuming {price} USD per GB", size * 1000 / 1e9 * price, None)


def inputs(folder: Path, widths: Sequence[int]) -> Mapping[Path, tuple[int, bool]]:
    """Return the pictures with each one's width, and whether it is a real photograph."""
    found = {}
    for width in widths:
        path = folder / f"drawn-{width}.jpg"
        detailed(width, width // 2).save(path, quality=92)
        found[path] = (width, False)
    for path in sorted(_SAMPLES.glob("*.jpg")):
        with Image.open(path) as image:
            if "stereo" not in path.name and image.width in widths:
                found[path] = (image.width, True)
    return found


def main() -> None:
    """Make the pictures, measure, and print the figures next to their targets."""
    parser = argparse.ArgumentParser(prog="scripts/bench panorama", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how often each is run; the best counts (default: 3)")
    parser.add_argument(
        "--quick", action="store_true", help="only the sources of 8,192 pixels, for which targets are set"
    )
    parser.add_argument("--price", type=float, default=0.114, help="assumed USD per GB that is sent (default: 0.114)")
    given = parser.parse_args()
    peer = shutil.which("nona")
    if not peer:
        print("nona is not installed (Debian: apt install hugin-tools): continuing without generate.py")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source, (width, real) in inputs(folder, [8192] if given.quick else [4096, 8192, 11968]).items():
            print(
                f"\n{source.name}, {source.stat().st_size / 1e6:.1f} MB\n  {'':<34}{'s':>9}{'CPU s':>9}{'peak MB':>9}"
            )
            if peer:
                beside_peer(source, width, folder, given.runs)
            weighed(as_published(source, width, folder, given.runs), given.price, real=real)


if __name__ == "__main__":
    main()

"""Convert photos of phones to every size in the sandbox, compared with plain Pillow for the same sizes.

CPU seconds and peak memory are those of a whole child process, its start included: the sandbox's, and a Python that
decodes the whole picture and makes each size from it with the same quality. The pictures are made here, with detail at
every scale, as leaves and walls have.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pillow_heif
from benchmarks.printing import verdict
from PIL import Image

_MOST_CPU_S, _MOST_MB, _SANDBOX_MB = 0.5, 80, 700
_ROOT = Path(__file__).resolve().parents[2]
_PLAIN = """
import sys
from PIL import Image, ImageOps
image = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")
def sized(width):
    return image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
for width in (320, 480, 800, 1600):
    sized(width).save(f"{sys.argv[2]}/{width}.webp", quality=78, method=4)
sized(1600).save(f"{sys.argv[2]}/full.jpg", quality=84, optimize=True)
"""

# A small process in between: a child's peak is at least the memory of its parent when it was forked.
_METER = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
status, used = os.wait4(child.pid, 0)[1:]
print([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024])
sys.exit(os.waitstatus_to_exitcode(status))
"""


def detailed(width: int, height: int) -> Image.Image:
    """Return a picture with detail at every scale, the same in every run."""
    rng, sums = np.random.default_rng(1), np.full((height, width, 3), 120, np.float32)
    for scale, strength in ((512, 60), (128, 40), (32, 25), (8, 14), (2, 7), (1, 4)):
        for channel in range(3):
            grain = rng.standard_normal((height // scale + 2, width // scale + 2)).astype(np.float32)
            grown = Image.fromarray(grain).resize(
                (grain.shape[1] * scale, grain.shape[0] * scale), Image.Resampling.BICUBIC
            )
            sums[..., channel] += strength * np.asarray(grown.crop((0, 0, width, height)))
    return Image.fromarray(np.clip(sums, 0, 255).astype(np.uint8))


def spent(command: Sequence[str], runs: int) -> tuple[float, float]:
    """Return the CPU seconds of a child that runs `command`, and its peak memory in MB.

    The least CPU time of the runs counts, because other processes use the machine too.
    """
    figures = []
    for _run in range(runs):
        meter = [sys.executable, "-c", _METER, *command]
        told = subprocess.run(meter, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(_ROOT)}, check=False)  # noqa: S603
        if told.returncode:
            raise SystemExit(f"✗ {command[2]} failed")
        figures.append(json.loads(told.stdout))
    return min(cpu for cpu, _memory in figures), max(memory for _cpu, memory in figures)


def compare(title: str, source: Path, folder: Path, runs: int) -> tuple[float, float]:
    """Print what the sandbox and plain Pillow take for `source`; return the sandbox's CPU seconds and MB."""
    sandbox = [sys.executable, "-m", "akiya.sandbox", "photo", str(source), str(folder), "{}"]
    cpu, memory = spent(sandbox, runs)
    if not (folder / "full.jpg").exists():
        raise SystemExit(f"✗ {title}: the sandbox made no picture")
    print(f"\n{title}, {source.stat().st_size / 1e6:.1f} MB\n  {'':<28}{'CPU s':>10}{'peak MB':>10}")
    print(f"  {'akiya, in the sandbox':<28}{cpu:>10.2f}{memory:>10.0f}", flush=True)
    if source.suffix == ".jpg":
        plain = spent([sys.executable, "-c", _PLAIN, str(source), str(folder)], runs)
        print(f"  {'plain Pillow':<28}{plain[0]:>10.2f}{plain[1]:>10.0f}")
        print(f"  {'share of plain Pillow':<28}{cpu / plain[0]:>10.2f}{memory / plain[1]:>10.2f}", flush=True)
    return cpu, memory


def main() -> None:
    """Make the pictures, measure, and print the figures next to their targets."""
    parser = argparse.ArgumentParser(prog="scripts/bench photos", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="how often each is run; the best counts (default: 5)")
    parser.add_argument(
        "--quick", action="store_true", help="only 12 million pixels: making a large HEIC takes a minute"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        picture, lying = detailed(4032, 3024), Image.Exif()
        lying[0x0112] = 6
        picture.save(folder / "12.jpg", quality=92)
        picture.save(folder / "12-upright.jpg", quality=92, exif=lying)
        for title, file in (("12 MP JPEG", "12.jpg"), ("12 MP JPEG of a phone held upright", "12-upright.jpg")):
            cpu, memory = compare(title, folder / file, folder, given.runs)
            verdict("CPU seconds", cpu, _MOST_CPU_S, most=True)
            verdict("peak MB", memory, _MOST_MB, most=True)
        if given.quick:
            return
        pillow_heif.register_heif_opener()
        large = picture.resize((8064, 6048), Image.Resampling.BICUBIC)
        large.save(folder / "48.jpg", quality=92)
        compare("48 MP JPEG", folder / "48.jpg", folder, 1)
        large.save(folder / "48.heic", quality=50, enc_params={"preset": "ultrafast"})
        _cpu, memory = compare("48 MP HEIC", folder / "48.heic", folder, 1)
        verdict("peak MB", memory, _SANDBOX_MB, most=True)


if __name__ == "__main__":
    main()

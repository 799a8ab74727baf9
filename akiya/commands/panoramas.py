"""The commands of `akiya panoramas`."""

import json
import tempfile
import time
from pathlib import Path

import click

from akiya import sandbox
from akiya.commands.main import main
from akiya.errors import Invalid
from akiya.values import JsonObject


@main.group("panoramas")
def panoramas_group() -> None:
    """Cut pictures of 360° cameras into tiles.

    Example: akiya panoramas tile room.jpg tiles
    """


@panoramas_group.command("tile")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
def tile(file: Path, out: Path) -> None:
    """Cut the panorama FILE into tiles in the new folder OUT, with stills and a config.json for the viewer Pannellum.

    To view it, serve OUT with any web server and pass its configuration to the viewer on a page there:
    fetch("config.json").then(r => r.json()).then(c => pannellum.viewer("panorama", c)), or open
    pannellum.htm#config=OUT/config.json of Pannellum's own.

    Example: akiya panoramas tile room.jpg tiles
    """
    if out.exists() and any(out.iterdir()):
        raise Invalid(f"{out} は空ではありません。まだない名前か、空のフォルダを指定してください。")
    out.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    # Next to OUT, so that the finished tiles are renamed to it: OUT is complete or not there.
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        work = Path(folder) / "tiles"
        work.mkdir()
        made = sandbox.run("panorama", file, work)
        (work / "config.json").write_text(json.dumps(_config(made), indent=2) + "\n", encoding="utf-8")
        files = [path for path in work.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        work.rename(out)
    click.echo(
        f"{made['width']:,}×{made['height']:,}画素から{made['levels']}段階、{len(files):,}ファイル、"
        f"{size / 1e6:.1f}MBを{time.monotonic() - started:.1f}秒で作りました：{out}"
    )


def _config(made: JsonObject) -> JsonObject:
    """Return the configuration that Pannellum's own generate.py would write, plus the pose and the initial view."""
    return {
        "type": "multires",
        "autoLoad": True,
        "hfov": 100,
        "yaw": made["yaw"],
        "pitch": made["pitch"],
        "northOffset": made["north_offset"],
        "horizonPitch": made["horizon_pitch"],
        "horizonRoll": made["horizon_roll"],
        "multiRes": {
            "basePath": ".",
            "path": "/%l/%s%y_%x",
            "fallbackPath": "/1/%s0_0",
            "extension": "webp",
            "tileResolution": made["tile"],
            "maxLevel": made["levels"],
            "cubeResolution": made["cube"],
        },
    }

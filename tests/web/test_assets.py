"""Static files under hashed names."""

import os
import re
import time
from pathlib import Path

import pytest

from akiya.web.assets import Assets

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for folder in ("css", "js", "vendor", "img", "pictograms"):
        (tmp_path / "static" / folder).mkdir(parents=True)
    (tmp_path / "static/css/site.css").write_text("a { color: red }")
    (tmp_path / "static/pictograms/sale.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"/>'
    )
    return tmp_path / "static"


@pytest.mark.file_times
def test_a_changed_file_has_another_name_and_the_one_of_before_stays_a_week(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "assets"
    first = Assets(source, target).url("css/site.css")
    assert Assets(source, target).url("css/site.css") == first
    (source / "css/site.css").write_text("a { color: green }")
    second = Assets(source, target).url("css/site.css")
    assert second != first
    old = target / first.removeprefix("/static/")
    assert old.read_text() == "a { color: red }"
    long_ago = time.time() - 8 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    (source / "css/site.css").write_text("a { color: blue }")
    Assets(source, target)
    assert not old.exists()
    assert (target / second.removeprefix("/static/")).exists()


def test_the_sprite_holds_every_pictogram(source: Path, tmp_path: Path) -> None:
    assets = Assets(source, tmp_path / "assets")
    sprite = (tmp_path / "assets" / assets.url("pictograms.svg").removeprefix("/static/")).read_text()
    assert 'symbol viewBox="0 0 24 24" id="sale"' in sprite


def test_modules_are_next_to_what_they_import_and_preload_it(source: Path, tmp_path: Path) -> None:
    (source / "js/map").mkdir()
    (source / "js/map.js").write_text(
        'import { draw } from "./map/layers.js";\nimport "./load.js";\ndraw("./none.js");'
    )
    (source / "js/map/layers.js").write_text(
        'import {\n  load,\n} from "../load.js";\nexport function draw() { load(); }'
    )
    (source / "js/load.js").write_text("export function load() {}")
    assets = Assets(source, tmp_path / "assets")
    folder = re.fullmatch(r"/static/(js\.[0-9a-f]{12})/map\.js", assets.url("js/map.js"))
    assert folder
    assert assets.url("js/map/layers.js") == f"/static/{folder[1]}/map/layers.js"
    assert (tmp_path / "assets" / folder[1] / "map/layers.js").exists()
    preloads = "".join(
        f'<link rel="modulepreload" href="/static/{folder[1]}/{name}" fetchpriority="low">'
        for name in ("map/layers.js", "load.js")
    )
    assert assets.script("js/map.js") == f'{preloads}<script type="module" src="{assets.url("js/map.js")}"></script>'


def test_a_change_of_one_module_renames_all_and_nothing_else(source: Path, tmp_path: Path) -> None:
    for name in ("map", "load"):
        (source / f"js/{name}.js").write_text("export {};")
    first = dict(Assets(source, tmp_path / "assets").names)
    (source / "js/load.js").write_text("export { changed };")
    second = Assets(source, tmp_path / "assets").names
    assert {name for name in first if first[name] != second[name]} == {"js/map.js", "js/load.js"}


def test_a_hashed_folder_is_cached_for_ever(source: Path, tmp_path: Path) -> None:
    (source / "js/map.js").write_text("export {};")
    assets = Assets(source, tmp_path / "assets")
    served = assets.serve(None)
    for name, immutable in (
        (assets.url("js/map.js"), True),
        (assets.url("css/site.css"), True),
        ("/static/js/map.js", False),
    ):
        answer = served.files[name].get_response("GET", {})
        assert answer.file
        answer.file.close()
        assert ("immutable" in dict(answer.headers)["Cache-Control"]) is immutable


def test_a_module_that_is_not_there_is_noticed(source: Path, tmp_path: Path) -> None:
    (source / "js/map.js").write_text('import { draw } from "./map/layers.js";')
    with pytest.raises(KeyError, match=r"js/map/layers\.js"):
        Assets(source, tmp_path / "assets").script("js/map.js")


def test_every_import_of_our_modules_is_preloaded(tmp_path: Path) -> None:
    assets = Assets(ROOT / "static", tmp_path / "assets")
    for path in (ROOT / "static/js").rglob("*.js"):
        name = path.relative_to(ROOT / "static").as_posix()
        for other in re.findall(r'"(\.{1,2}/[^"]+\.js)"', path.read_text(encoding="utf-8")):
            imported = (path.parent / other).resolve().relative_to(ROOT / "static").as_posix()
            assert f'href="{assets.url(imported)}"' in assets.script(name), (name, other)

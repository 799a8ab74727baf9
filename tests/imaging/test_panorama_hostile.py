"""Whatever is sent as a panorama, the caller lives, and answers with a panorama or with a reason."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from akiya import sandbox
from akiya.errors import BadImage
from tests import images
from tests.imaging.broken_panoramas import EITHER, MADE, REFUSED, Case, all_cases

pytestmark = pytest.mark.slow


def outcome(folder: Path, number: int, case: Case) -> str:
    """What the sandbox made of a case, or what is wrong with its answer."""
    source, out = folder / f"{number}", folder / f"{number} out"
    source.write_bytes(case[2])
    out.mkdir()
    try:
        made = sandbox.run("panorama", source, out)
    except BadImage as error:
        return (
            REFUSED
            if len(str(error)) > 20 and str(error).endswith(("。", "）。"))
            else f"refused without a reason: {error}"
        )
    faces = [images.opened(path).size for path in (out / str(made["levels"])).iterdir()]
    whole = len(faces) == 6 * (made["cube"] // 512) ** 2 and set(faces) == {(512, 512)}
    whole = whole and images.opened(out / "preview.jpg").size == (1200, 630)
    tilted = abs(made["horizon_pitch"]) > 90 or abs(made["pitch"]) > 90
    leaking = [path for path in out.rglob("*.*") if b"Canary" in path.read_bytes()]
    return MADE if whole and not tilted and not leaking else f"made badly: {made}"


def test_two_hundred_broken_and_hostile_files_are_refused_with_a_reason_or_made_properly(tmp_path: Path) -> None:
    cases = all_cases()
    assert len(cases) >= 200
    assert len({name for name, _wanted, _content in cases}) == len(cases)
    with ThreadPoolExecutor(4) as pool:
        became = list(pool.map(lambda numbered: outcome(tmp_path, *numbered), enumerate(cases)))
    wrong = {
        name: answer
        for (name, wanted, _content), answer in zip(cases, became, strict=True)
        if answer not in ((MADE, REFUSED) if wanted == EITHER else (wanted,))
    }
    assert not wrong

"""The viewer's configuration."""

import pytest

from akiya.panoramas.pannellum import Scene, viewer_config

ROOM = Scene("a", "座敷 <b>", "/media/panoramas/x", cube=2048, tile=512, levels=3, yaw=10, north_offset=337.5)


def test_a_scene_opens_with_two_levels_and_all_on_wish() -> None:
    quick = viewer_config([ROOM])["scenes"]["a"]
    assert quick["type"] == "multires"
    assert (quick["multiRes"]["maxLevel"], quick["multiRes"]["cubeResolution"]) == (2, 1024)
    full = viewer_config([ROOM], full=True)["scenes"]["a"]["multiRes"]
    assert (full["maxLevel"], full["cubeResolution"]) == (3, 2048)
    assert full["path"] == "/%l/%s%y_%x"
    assert full["fallbackPath"] == "/1/%s0_0"


def test_titles_are_escaped_by_the_viewer_and_strings_follow_the_language() -> None:
    config = viewer_config([ROOM], language="en")
    assert config["escapeHTML"] is True
    assert config["strings"]["loadingLabel"] == "Loading…"
    assert viewer_config([ROOM])["strings"]["loadingLabel"] == "読み込み中…"


def test_a_tour_needs_scenes_of_their_own() -> None:
    with pytest.raises(ValueError, match="ids"):
        viewer_config([ROOM, ROOM])
    with pytest.raises(ValueError, match="ids"):
        viewer_config([])

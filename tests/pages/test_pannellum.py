"""The viewer's configuration."""

import pytest

from akiya.language import speaking
from akiya.pages.pannellum import HotSpot, View, viewer_config

ROOM = View("a", "座敷 <b>", "/media/panoramas/x", cube=2048, tile=512, levels=3, yaw=10, north_offset=337.5)


def test_a_scene_opens_with_two_levels_and_all_on_wish() -> None:
    quick = viewer_config([ROOM])["scenes"]["a"]
    assert quick["type"] == "multires"
    assert (quick["multiRes"]["maxLevel"], quick["multiRes"]["cubeResolution"]) == (2, 1024)
    full = viewer_config([ROOM], full=True)["scenes"]["a"]["multiRes"]
    assert (full["maxLevel"], full["cubeResolution"]) == (3, 2048)
    assert full["path"] == "/%l/%s%y_%x"
    assert full["fallbackPath"] == "/1/%s0_0"


def test_titles_are_escaped_by_the_viewer_and_strings_follow_the_language() -> None:
    with speaking("en"):
        config = viewer_config([ROOM])
    assert config["escapeHTML"] is True
    assert config["strings"]["loadingLabel"] == "Loading…"
    assert viewer_config([ROOM])["strings"]["loadingLabel"] == "読み込み中…"


def test_a_tour_needs_scenes_of_their_own() -> None:
    with pytest.raises(ValueError, match="ids"):
        viewer_config([ROOM, ROOM])
    with pytest.raises(ValueError, match="ids"):
        viewer_config([])


def test_ways_and_notes_are_marked() -> None:
    spots = [HotSpot(10, -5, "台所へ", "b"), HotSpot(20, 0, "床の傷")]
    marked = viewer_config([View("a", "", "/x", 512, 512, 1, hot_spots=spots)])["scenes"]["a"]["hotSpots"]
    way = {"yaw": 10, "pitch": -5, "text": "台所へ", "type": "scene", "sceneId": "b", "cssClass": "panorama-way"}
    assert marked[0] == way
    assert marked[1] == {"yaw": 20, "pitch": 0, "text": "床の傷", "type": "info", "cssClass": "panorama-note"}


def test_letters_and_the_control_key_stay_the_browsers() -> None:
    keys = viewer_config([ROOM])["default"]["capturedKeyNumbers"]
    assert {37, 38, 39, 40} <= set(keys)
    assert not {9, 16, 17, 65, 68, 83, 87} & set(keys)

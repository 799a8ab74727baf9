"""An attacker learns no more about a home's place than its cell."""

import json
import re

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from akiya import geo
from akiya.db import transaction
from akiya.errors import Invalid
from akiya.listings import service
from akiya.listings.models import Listing
from akiya.municipalities import settings as municipality_settings
from akiya.municipalities.enums import Blur
from tests import factories
from tests.factories import A

SIZES = {Blur.MESH_250: 250, Blur.MESH_500: 500, Blur.MESH_1000: 1000}
# The centre of a cell is public: none of these homes is exactly there.
inside = st.floats(0.001, 0.499) | st.floats(0.501, 0.999)


def point_in(cell: geo.Box, across: float, up: float) -> geo.Point:
    west, south, east, north = cell
    return west + (east - west) * across, south + (north - south) * up


def everything_public(app: Flask, listing_id: int, probes: list[str]) -> list[str]:
    """Return every public response about the listing, without the time of the last change."""
    client = app.test_client()
    paths = [
        f"/listings/{listing_id}",
        "/listings/",
        "/listings.csv",
        "/listings.atom",
        "/listings/map.json",
        "/sitemap.xml",
        *probes,
    ]
    answers = [client.get(path).get_data(as_text=True) for path in paths]
    return [re.sub(r"20\d\d-\d\d-\d\dT[\d:.+]+", "", answer) for answer in answers]


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    blur=st.sampled_from([None, *SIZES]), first=st.tuples(inside, inside), second=st.tuples(inside, inside),
    origin=st.tuples(st.floats(130.2, 131.2), st.floats(32.2, 33.1)), probe=st.tuples(inside, inside), radius=st.floats(0.01, 3),
)  # fmt: skip
def test_two_places_in_one_cell_look_alike_to_every_question(
    app: Flask, attacked: dict[str, int], blur, first, second, origin, probe, radius
) -> None:
    cell = geo.mesh_box(origin, SIZES.get(blur, 250))
    at = point_in(cell, *probe)
    west, south = point_in(cell, 0.2, 0.2)
    probes = [
        f"/listings.geojson?near={at[0]},{at[1]}&radius_km={radius:.3f}&sort=distance&facets=1",
        f"/listings.geojson?bbox={west},{south},{at[0] + 0.01},{at[1] + 0.01}",
        f"/listings.geojson?bbox={at[0] - 1e-5},{at[1] - 1e-5},{at[0] + 1e-5},{at[1] + 1e-5}",
        f"/listings/?near={at[0]},{at[1]}&radius_km={radius:.3f}",
    ]
    seen = []
    for place in (first, second):
        lon, lat = point_in(cell, *place)
        with app.app_context():
            values = {"true_lon": lon, "true_lat": lat, "blur": blur}
            service.update(factories.staff(attacked["aoi"]), attacked["home"], None, values)
        seen.append(everything_public(app, attacked["home"], probes))
        for answer in seen[-1][: -len(probes)]:
            # Six decimals are a tenth of a metre. A probe repeats its own question.
            assert f"{lon:.6f}" not in answer
            assert f"{lat:.6f}" not in answer
    assert seen[0] == seen[1]


@pytest.fixture
def attacked(app: Flask, people: dict[str, int]) -> dict[str, int]:
    with app.app_context():
        return {**people, "home": factories.listing(people["aoi"], number="1")}


def public_point(app: Flask, listing_id: int) -> tuple[float, float, str]:
    feature = json.loads(app.test_client().get("/listings.geojson").data)["features"][0]
    assert feature["id"] == listing_id
    return *feature["geometry"]["coordinates"], feature["properties"]["location"]


def test_a_municipality_and_a_listing_choose_how_near(app: Flask, people: dict[str, int]) -> None:
    true = (131.0432, 32.9512)
    with app.app_context():
        home = factories.listing(people["aoi"], number="1", true_lon=true[0], true_lat=true[1])
    assert public_point(app, home) == (*geo.mesh_centre(true, 250), "mesh250")
    with app.app_context():
        municipality_settings.change(A, {"blur": "mesh1000"})
        assert service.place_again(A) == 1
        assert service.place_again(A) == 0
    assert public_point(app, home) == (*geo.mesh_centre(true, 1000), "mesh1000")
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        service.update(aoi, home, None, {"blur": Blur.MESH_500})
    assert public_point(app, home) == (*geo.mesh_centre(true, 500), "mesh500")
    with app.app_context():
        service.update(factories.staff(people["aoi"]), home, None, {"blur": Blur.TOWN})
    assert public_point(app, home)[2] in ("town", "office")
    assert public_point(app, home)[:2] != true


def test_the_exact_place_needs_the_owners_dated_consent(app: Flask, people: dict[str, int]) -> None:
    true = (131.0432, 32.9512)
    with app.app_context():
        home = factories.listing(people["aoi"], number="1", true_lon=true[0], true_lat=true[1])
        aoi = factories.staff(people["aoi"])
        with pytest.raises(Invalid, match="位置の公開範囲") as refused:
            service.update(aoi, home, None, {"blur": Blur.EXACT})
        assert "同意の日" in refused.value.errors["blur"]
        municipality_settings.change(A, {"blur": "exact"})
        service.place_again(A)
    assert public_point(app, home)[2] == "mesh250"
    with app.app_context():
        service.update(factories.staff(people["aoi"]), home, None, {"consent_on": service.today()})
    assert public_point(app, home) == (*true, "exact")
    with app.app_context(), transaction() as session:
        assert session.get(Listing, home).private.true_lon == true[0]

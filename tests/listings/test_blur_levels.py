"""The levels of the public point: their cells, and how precise it may be without the owner's dated consent."""

from datetime import date
from types import SimpleNamespace

import pytest

from akiya.errors import Invalid
from akiya.listings import blur, placing
from akiya.listings.enums import Precision
from akiya.municipalities.enums import Blur

TRUE = (130.7081, 32.8031)


def test_every_level_is_a_precision_and_every_mesh_has_a_cell() -> None:
    assert {str(level) for level in Blur} | {"office"} == {str(precision) for precision in Precision}
    assert {str(p): metres for p, metres in blur.CELL_METRES.items()} == {
        "mesh250": 250,
        "mesh500": 500,
        "mesh1000": 1000,
    }


@pytest.mark.parametrize(
    ("level", "without", "with_consent"),
    [
        (Blur.EXACT, Blur.MESH_250, Blur.EXACT),
        (Blur.MESH_250, Blur.MESH_250, Blur.MESH_250),
        (Blur.MESH_500, Blur.MESH_500, Blur.MESH_500),
        (Blur.MESH_1000, Blur.MESH_1000, Blur.MESH_1000),
        (Blur.TOWN, Blur.TOWN, Blur.TOWN),
    ],
)
def test_without_consent_no_level_is_finer_than_250_metres(level: Blur, without: Blur, with_consent: Blur) -> None:
    assert blur.allowed(level, consented=False) is without
    assert blur.allowed(level, consented=True) is with_consent


def test_the_public_point_is_the_centre_of_its_cell_or_exact() -> None:
    assert blur.public_point(TRUE, Precision.EXACT) == TRUE
    assert blur.public_point(TRUE, Precision.MESH_250) == (130.707812, 32.803125)
    assert blur.public_point(TRUE, Precision.MESH_1000) == (130.70625, 32.804167)
    for precision in (Precision.TOWN, Precision.OFFICE):  # the true point must differ from a town's own
        with pytest.raises(KeyError):
            blur.public_point(TRUE, precision)


def test_only_a_mesh_is_drawn_as_a_cell() -> None:
    centre = blur.public_point(TRUE, Precision.MESH_500)
    assert blur.cell(centre, Precision.MESH_500) == pytest.approx((130.70625, 32.8, 130.7125, 32.804167), abs=1e-6)
    assert [blur.cell(TRUE, p) for p in (Precision.TOWN, Precision.OFFICE, Precision.EXACT)] == [None, None, None]


def home(own: Blur | None, rule: Blur, consent_on: date | None) -> SimpleNamespace:
    municipality = SimpleNamespace(blur=rule, lon=131.0, lat=33.0)
    private = SimpleNamespace(true_lon=None, true_lat=None, consent_on=consent_on)
    return SimpleNamespace(blur=own, town="", municipality_code="43214", municipality=municipality, private=private)


def test_a_homes_own_exact_place_is_refused_without_consent_but_a_municipalitys_rule_is_not() -> None:
    with pytest.raises(Invalid) as refused:
        placing.place(home(Blur.EXACT, Blur.MESH_500, None))
    assert list(refused.value.errors) == ["blur"]
    for own, rule, consent_on in (
        (None, Blur.EXACT, None),
        (Blur.TOWN, Blur.EXACT, None),
        (Blur.EXACT, Blur.TOWN, date(2026, 10, 1)),
    ):
        placed = home(own, rule, consent_on)
        placing.place(placed)
        assert (placed.precision, placed.lon, placed.lat) == (Precision.OFFICE, 131.0, 33.0)

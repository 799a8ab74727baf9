"""Everything that uses the hazards follows from their table."""

import re
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string

from akiya import ROOT
from akiya.catalogue import records
from akiya.catalogue.parameters import PARAMETERS
from akiya.language import in_every_language
from akiya.ledgers import headers, vocabulary
from akiya.listings.enums import HazardExposure
from akiya.listings.fields import BY_NAME, FIELDS, FieldGroup, FieldType
from akiya.listings.hazards import HazardKind
from akiya.listings.models import Listing
from akiya.listings.pictograms import BY_KEY


def test_the_hazards_as_they_are() -> None:
    assert {
        str(kind): (*in_every_language(lambda kind=kind: kind.label).values(), kind.legend) for kind in HazardKind
    }.items() >= {
        "flood": ("洪水", "Flood", "depth"),
        "landslide": ("土砂災害", "Landslide", "slope"),
        "tsunami": ("津波", "Tsunami", "depth"),
        "storm_surge": ("高潮", "Storm surge", "depth"),
    }.items()
    assert HazardKind.FLOOD.map_field == "flood_map_on"
    assert HazardKind("storm_surge") is HazardKind.STORM_SURGE
    assert HazardKind.of("earthquake") is None


def test_the_fields_of_the_risks_are_those_of_the_table() -> None:
    risks = [field.name for field in FIELDS if field.group is FieldGroup.RISK]
    assert risks == [*(name for kind in HazardKind for name in (kind, f"{kind}_map_on")), "hazard_note"]
    flood, day = BY_NAME["flood"], BY_NAME["flood_map_on"]
    labels = in_every_language(lambda: f"{flood.label} / {day.label}")
    assert labels == {"ja": "洪水 / 洪水の地図の日付", "en": "Flood / Flood map date"}
    assert (flood.type, flood.choices, day.type) == (FieldType.CHOICE, HazardExposure, FieldType.DATE)
    assert flood.help == "川があふれたときの浸水想定区域。確かめていなければ「不明」に"


@pytest.mark.parametrize("kind", HazardKind)
def test_every_hazard_is_known_wherever_hazards_are(kind: HazardKind) -> None:
    stored = Listing.__table__.c
    assert stored[str(kind)].type.enum_class is HazardExposure, "listings/models and a migration"
    assert stored[kind.map_field].type.python_type.__name__ == "date", "listings/models and a migration"
    assert {str(kind), kind.map_field} <= {column.name for column in records.COLUMNS}
    for heading in kind.headings.split():
        assert headers.match([heading], {}) == [[heading, str(kind)]]
    assert vocabulary.member(str(kind), "該当なし") is HazardExposure.OUTSIDE
    assert str(kind) in PARAMETERS["outside"].reader.schema["items"]["enum"]
    rule = BY_KEY["hazard"].rule
    outside = {str(each): HazardExposure.OUTSIDE for each in HazardKind}
    assert rule(SimpleNamespace(**outside)) is False
    assert rule(SimpleNamespace(**{**outside, str(kind): HazardExposure.INSIDE})) is True
    assert rule(SimpleNamespace(**{**outside, str(kind): None})) is None
    legends = re.findall(r'data-legend="(\w+)"', (ROOT / "templates/_macros/map.html").read_text("utf-8"))
    assert kind.legend in legends if kind.layers else not kind.legend


def test_the_map_lays_the_tiles_of_every_hazard(app: Flask) -> None:
    markup = app.test_client().get("/listings/").get_data(as_text=True)
    assert re.findall(r'data-layers="([^"]+)" data-legend-name="(\w+)"> (\S+)</label>', markup) == [
        (kind.layers, kind.legend, kind.label) for kind in HazardKind if kind.layers
    ]
    assert HazardKind.FLOOD.layers == "01_flood_l2_shinsuishin_data"
    assert len(HazardKind.LANDSLIDE.layers.split()) == 3


def test_a_hazard_without_tiles_is_not_offered_on_the_map(app: Flask) -> None:
    volcano = SimpleNamespace(layers="", legend="", label="火山")
    page = '{% from "_macros/map.html" import moving_map with context %}{{ moving_map({"homes": [1]}) }}'
    with app.test_request_context("/listings/"):
        markup = render_template_string(page, hazards=[HazardKind.FLOOD, volcano])
    assert re.findall(r'data-layers="([^"]*)"', markup) == [HazardKind.FLOOD.layers]

"""The natural hazards for which a listing says whether it is inside the hazard's area: one row for each.

Fields, help texts, the filter, the rule of the pictogram, the ledger and the map follow from the row; the columns of
`listings/models` and a migration are written out.
"""

from typing import Self

from akiya.choices import Choice


class HazardKind(Choice):
    """A natural hazard; its value is the name of the listing's field. `help` tells a clerk what to enter there.

    `headings` are the ledger headings of the field, separated by spaces; `layers` are the map's tile layers at disaportal,
    separated by spaces, "" for a hazard that the map does not show; `legend` is the key in `_macros/map.html` that explains
    their colours.
    """

    help: str
    headings: str
    layers: str
    legend: str

    def __new__(
        cls,
        value: str,
        ja: str = "",
        en: str = "",
        help: str = "",
        headings: str = "",
        layers: str = "",
        legend: str = "",
    ) -> Self:
        """Create a member from its value, labels, help text, headings, map layers and legend."""
        member = str.__new__(cls, value)
        member._value_, member.ja, member.en = value, ja, en
        member.help, member.headings, member.layers, member.legend = help, headings, layers, legend
        return member

    FLOOD = (
        "flood", "洪水", "Flood", "川があふれたときの浸水想定区域。確かめていなければ「不明」に",
        "浸水 洪水浸水 浸水想定区域 洪水浸水想定区域 洪水ハザード", "01_flood_l2_shinsuishin_data", "depth",
    )  # fmt: skip
    LANDSLIDE = (
        "landslide", "土砂災害", "Landslide", "土砂災害（特別）警戒区域。確かめていなければ「不明」に",
        "土砂災害警戒区域 土砂 土砂災害ハザード",
        "05_dosekiryukeikaikuiki 05_kyukeishakeikaikuiki 05_jisuberikeikaikuiki", "slope",
    )  # fmt: skip
    TSUNAMI = (
        "tsunami", "津波", "Tsunami", "津波の浸水想定区域。海のない町なら区域外", "津波浸水想定区域 津波浸水",
        "04_tsunami_newlegend_data", "depth",
    )  # fmt: skip
    STORM_SURGE = (
        "storm_surge", "高潮", "Storm surge", "台風などの高潮の浸水想定区域。海のない町なら区域外", "高潮浸水想定区域",
        "03_hightide_l2_shinsuishin_data", "depth",
    )  # fmt: skip

    @property
    def map_field(self) -> str:
        """Return the name of the field that holds the date of the hazard map that was checked."""
        return f"{self}_map_on"

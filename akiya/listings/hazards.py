"""The natural hazards for which a listing says whether it is inside the hazard's area: one row for each.

Fields, help texts, the filter, the rule of the pictogram, the ledger and the map follow from the row; the columns of
`listings/models` and a migration are written out.
"""

from akiya.choices import Choice
from akiya.language import N_


class HazardKind(Choice):
    """A natural hazard; its value is the name of the listing's field. `help` tells a clerk what to enter there.

    `map_message` labels the field of the date of the hazard map.

    `headings` are the ledger headings of the field, separated by spaces; `layers` are the map's tile layers at disaportal,
    separated by spaces, "" for a hazard that the map does not show; `legend` is the key in `_macros/map.html` that explains
    their colours.
    """

    map_message: str
    help: str
    headings: str
    layers: str
    legend: str

    def __init__(
        self,
        value: str,
        message: str = "",
        map_message: str = "",
        help: str = "",
        headings: str = "",
        layers: str = "",
        legend: str = "",
    ) -> None:
        super().__init__(value, message)
        self.map_message, self.help, self.headings = map_message, help, headings
        self.layers, self.legend = layers, legend

    FLOOD = (
        "flood", N_("洪水"), N_("洪水の地図の日付"), "川があふれたときの浸水想定区域。確かめていなければ「不明」に",
        "浸水 洪水浸水 浸水想定区域 洪水浸水想定区域 洪水ハザード", "01_flood_l2_shinsuishin_data", "depth",
    )  # fmt: skip
    LANDSLIDE = (
        "landslide", N_("土砂災害"), N_("土砂災害の地図の日付"), "土砂災害（特別）警戒区域。確かめていなければ「不明」に",
        "土砂災害警戒区域 土砂 土砂災害ハザード",
        "05_dosekiryukeikaikuiki 05_kyukeishakeikaikuiki 05_jisuberikeikaikuiki", "slope",
    )  # fmt: skip
    TSUNAMI = (
        "tsunami", N_("津波"), N_("津波の地図の日付"), "津波の浸水想定区域。海のない町なら区域外", "津波浸水想定区域 津波浸水",
        "04_tsunami_newlegend_data", "depth",
    )  # fmt: skip
    STORM_SURGE = (
        "storm_surge", N_("高潮"), N_("高潮の地図の日付"),
        "台風などの高潮の浸水想定区域。海のない町なら区域外", "高潮浸水想定区域",
        "03_hightide_l2_shinsuishin_data", "depth",
    )  # fmt: skip

    @property
    def map_field(self) -> str:
        """Return the name of the field that holds the date of the hazard map that was checked."""
        return f"{self}_map_on"

"""Read the parameters of a request to the search: values, criteria, and messages for what cannot be used."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from akiya import formatting, geo
from akiya.cache import PerRevision
from akiya.catalogue.answer import codes_with_homes
from akiya.catalogue.parameters import PARAMETERS, PLACE_RADIUS_KM, Criteria, Parameter, Topic
from akiya.catalogue.sorting import Sort
from akiya.language import gettext as _
from akiya.language import language
from akiya.municipalities import search as municipalities
from akiya.municipalities.search import PlaceMatch
from akiya.values import Values


class Question:
    """The parameters of a request, in the page's language. Parameters that cannot be used are left out and reported.

    Attributes: given, the texts of each parameter as a form shows them again; values, the values read from them;
    problems, a message for each parameter that cannot be used; used, the texts of those that can; suggestions, the places
    that an ambiguous name may mean.
    """

    def __init__(self, args: Mapping[str, Sequence[str]], today: date) -> None:
        self.given: dict[str, list[str]] = {}
        self.values: Values = {}
        self.suggestions: Sequence[PlaceMatch] = ()
        self.offered = _choices()
        self._today = today
        self._problems: dict[str, str] = {}
        for name, parameter in PARAMETERS.items():
            if name in args:
                read = self._read_several if parameter.several else self._read_one
                read(parameter, args[name])
        self._point: geo.Point | None = self.values.get("near")
        if "place" in self.values:
            self._look_up(self.values["place"])
        self._check_together()
        self.problems = self._in_order(self._problems)
        self.used = {
            name: texts
            for name, texts in self.given.items()
            if PARAMETERS[name].several or (name in self.values and name not in self.problems)
        }

    @staticmethod
    def _in_order(problems: Mapping[str, str]) -> dict[str, str]:
        return {name: problems[name] for name in PARAMETERS if name in problems}

    def _read_several(self, parameter: Parameter, texts: Sequence[str]) -> None:
        name, offered = parameter.name, self.offered[parameter.name]
        if name == "municipality":
            texts = [municipalities.current_code(code) for code in texts]
        chosen = [text for text in dict.fromkeys(texts) if text in offered]
        wrong = [text for text in texts if text and text not in offered]
        most = parameter.reader.schema.get("maxItems", len(chosen))
        if len(chosen) > most:
            self._refuse(name, _("%(what)sは%(most)s個までです。", what=_(parameter.label), most=most))
            chosen = chosen[:most]
        if wrong:
            self._refuse(name, _("「%(value)s」という選択肢はありません。", value="、".join(wrong)[:60]))
        if chosen:
            self.given[name] = chosen
            self.values[name] = tuple(map(parameter.reader.read, chosen))

    def _read_one(self, parameter: Parameter, texts: Sequence[str]) -> None:
        name, text = parameter.name, texts[0].strip()
        if not text:
            return
        self.given[name] = [text]
        if "\0" in text:
            self._refuse(name, _("使えない文字（U+0000）が入っています。"))
            return
        try:
            self.values[name] = parameter.reader.read(text)
        except ValueError as error:
            self._refuse(name, str(error))

    def _look_up(self, place: str) -> None:
        found = municipalities.find_places(place)
        if len(found) == 1:
            self._point = (found[0].lon, found[0].lat)
        elif found:
            self.suggestions = found
            self._refuse("place", _("「%(value)s」に合う場所がいくつかあります。選んでください。", value=place))
        else:
            self._refuse(
                "place",
                _("「%(value)s」という場所は見つかりません。市町村、町・字、駅の名前か、7桁の郵便番号を入れてください。",
                  value=place),
            )  # fmt: skip

    def _check_together(self) -> None:
        if self._point is None and "radius_km" in self.values:
            if "place" not in self._problems:
                self._refuse("radius_km", _("半径を使うには、場所の名前か near=経度,緯度 で地点を指定してください。"))
            del self.values["radius_km"]
        sort = self.values.get("sort")
        if sort and not self.sortable(sort):
            if sort is Sort.DISTANCE:
                self._refuse("sort", _("近い順に並べるには、場所の名前か near=経度,緯度 で地点を指定してください。"))
            del self.values["sort"], self.given["sort"]
        if "unchecked" in self.values and "outside" not in self.values:
            self._refuse("unchecked", _("確かめていない物件を見るには、災害の種類を選んでください。"))

    def _refuse(self, name: str, message: str) -> None:
        self._problems[name] = message

    def sortable(self, sort: Sort) -> bool:
        """Return whether the request has what the order needs: a point for distances, words for relevance."""
        return {"near": self._point is not None, "words": bool(self.values.get("q"))}.get(sort.order.needs, True)

    def criteria(self) -> Criteria:
        """Return the criteria of the request, without the parameters that cannot be used."""
        asked = {PARAMETERS[name].criterion: value for name, value in self.values.items() if PARAMETERS[name].criterion}
        radius = self.values.get("radius_km", PLACE_RADIUS_KM if "place" in self.values else None)
        days = self.values.get("confirmed_days")
        return Criteria(
            **asked
            | {
                "unchecked": "unchecked" in self.values and "outside" in self.values,
                "confirmed_since": self._today - timedelta(days=days) if days else None,
                "near": self._point,
                "radius_m": radius * 1000 if radius is not None and self._point is not None else None,
            }
        )

    def chips(self) -> list[tuple[str, str, str]]:
        """Return each active filter as (parameter, value, text in the page's language)."""
        return [
            (name, value, self.describe(name, [value]))
            for name, values in self.given.items()
            if PARAMETERS[name].topic is not Topic.ANSWER and name not in self.problems
            for value in values
        ]

    def describe(self, name: str, values: Sequence[str]) -> str:
        """Return the text of the filter `name` with these values, in the page's language."""
        parameter, labels = PARAMETERS[name], self.offered.get(name, {})
        return parameter.chip(_(parameter.label), "・".join(labels.get(value, value) for value in values))


def _nothing_kept(_connection: Connection) -> dict[str, dict[str, dict[str, str]]]:
    return {}


_kept = PerRevision(_nothing_kept)


def _choices() -> Mapping[str, Mapping[str, str]]:
    """Return the label of each value that a parameter offers, in the page's language."""
    kept, code = _kept(), language()
    if code not in kept:
        codes = {m.code for m in municipalities.served()} | codes_with_homes()
        kept[code] = {name: dict(row.choices()) for name, row in PARAMETERS.items() if row.choices}
        kept[code]["municipality"] = {
            m.code: formatting.name(m) for m in municipalities.all_municipalities() if m.code in codes
        }
    return kept[code]

"""The search form: a field for each parameter of the search, filled with the request's values."""

from collections.abc import Mapping
from typing import Any  # a text, or several

from akiya.catalogue.parameters import NAMES, PARAMETERS, Parameter
from akiya.catalogue.question import Question
from akiya.catalogue.sorting import Sort
from akiya.language import gettext

Shown = tuple[str, str, int | None, str]
"""A choice as a page shows it: value, label, how many homes it would leave (None: not counted), state.

The state is "checked" or "selected" if it is chosen, "disabled" if it would leave no home, otherwise "".
"""


class Field:
    """A field of the form in the page's language: what a template shows of a parameter.

    `data` is the given text, or the chosen values if there may be several; `used` is whether it narrows the search.
    """

    def __init__(self, parameter: Parameter, question: Question) -> None:
        self.name = parameter.name
        self.label = gettext(parameter.label)
        given = question.given.get(self.name, [])
        self.data: Any = given if parameter.several else "".join(given)
        self.used = bool(given) and self.name not in question.problems
        self.offered: Mapping[str, str] = question.offered.get(self.name, {})
        self._several = parameter.several

    def shown(self, counts: Mapping[str, int]) -> list[Shown]:
        """Return each choice with its count and state; a given text is included even if it is not offered."""
        if self._several:
            return [self._box(value, label, counts.get(value, 0)) for value, label in self.offered.items()]
        given = self.data
        offered = self.offered if not given or given in self.offered else {**self.offered, given: given}
        return [self._option(value, label, counts.get(value)) for value, label in offered.items()]

    def _box(self, value: str, label: str, count: int) -> Shown:
        return value, label, count, "checked" if value in self.data else "" if count else "disabled"

    def _option(self, value: str, label: str, count: int | None) -> Shown:
        return value, label, count, "selected" if value == self.data else "disabled" if count == 0 else ""


class SearchForm:
    """The form that shows `question`: form["price_max"], or form.price_max in a template."""

    def __init__(self, question: Question) -> None:
        self._fields = {name: Field(parameter, question) for name, parameter in PARAMETERS.items()}
        sort = self["sort"]
        sort.offered = {value: label for value, label in sort.offered.items() if question.sortable(Sort(value))}
        sort.data = sort.data or str(Sort.RELEVANCE if question.values.get("q") else Sort.NEWEST)

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    @property
    def selects(self) -> list[Field]:
        """Return the fields of counted numbers, except the ends of ranges; each is shown as a select."""
        return [
            self[name]
            for name, parameter in PARAMETERS.items()
            if parameter.counted and parameter.steps and not _ends_range(name)
        ]


def _ends_range(name: str) -> bool:
    return name.endswith("_max") and name.replace("_max", "_min") in NAMES

"""The search page's hundreds of counted choices as HTML.

Written here and not in a template: one page holds 110 check boxes, 80 options and a link for every municipality, and a
template's loop takes ten times as long for each. The text around them is in the templates.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from akiya.language import gettext as _
from akiya.language import language
from akiya.listings.pictograms import Pictogram, PictogramGroup
from akiya.municipalities.outlines import Outline
from akiya.pages.public.search_form import Field

_LEVELS = (1, 3, 6, 15)
"""The numbers of homes from which a municipality has the next colour of the map."""


def boxes(field: Field, counts: Mapping[str, int]) -> Markup:
    """Render the check boxes of a search_form.Field with several values; one that would leave no home is disabled."""
    box = _Box(field.name)
    return _html(box(*row) for row in field.shown(counts))


def box(field: Field, count: int) -> Markup:
    """Render the check box of a search_form.Field that is either "1" or not given."""
    state = "checked" if field.data else "" if count else "disabled"
    return _html([_Box(field.name)("1", field.label, count, state)])


def pictogram_boxes(
    field: Field, counts: Mapping[str, int], groups: Iterable[tuple[PictogramGroup, Sequence[Pictogram]]], sprite: str
) -> list[tuple[PictogramGroup, Markup]]:
    """Return each group with its pictograms' check boxes and drawings; `sprite` is the address of the drawings."""
    box, rows = _Box(field.name, sprite), {row[0]: row for row in field.shown(counts)}
    return [(group, _html(box(*rows[pictogram.key]) for pictogram in members)) for group, members in groups]


def chips(pictograms: Iterable[Pictogram], sprite: str) -> Markup:
    """Render the pictograms of a card as list items with labels; `sprite` is the address of the drawings."""
    return _html(_chip(pictogram, language(), sprite) for pictogram in pictograms)


@lru_cache(maxsize=256)
def _chip(pictogram: Pictogram, _language: str, sprite: str) -> str:
    warning = " chip-warning" if pictogram.warning else ""
    return (
        f'<li class="chip-picto{warning}"><svg class="picto" aria-hidden="true" width="20" height="20">'
        f'<use href="{escape(sprite)}#{pictogram.key}"></use></svg><span>{escape(pictogram.label)}</span></li>'
    )


def options(field: Field, counts: Mapping[str, int]) -> Markup:
    """Render the options of a search_form.Field; one that would leave no home is disabled."""
    return _html(
        f'<option value="{_safe(value)}" {state}>{_safe(str(label))}{"" if count is None else f" ({count})"}</option>'
        for value, label, count, state in field.shown(counts)
    )


def area_links(
    areas: Iterable[Outline], names: Mapping[str, str], counts: Mapping[str, int], url: str, selected: Sequence[str],
    elsewhere: Mapping[str, str],
) -> Markup:  # fmt: skip
    """Render the municipalities of a map as links with their counts; an address is `url` followed by the code.

    Those in `elsewhere` have a bank of their own: without a home here, they link to the page that says so.
    """
    unit, head, parts = escape(_("件")), escape(url), []
    for area in areas:
        count = counts.get(area.code, 0)
        href, shown, label = f"{head}{area.code}", str(count), f"{_safe(names[area.code])} {count}{unit}"
        if not count and area.code in elsewhere:
            href, shown = _safe(elsewhere[area.code]), "↗"
            label = str(escape(_("%(name)s：独自の空き家バンクがあります", name=names[area.code])))
        shape = f'<path d="{area.d}"/>' if area.d else f'<circle cx="{area.x:g}" cy="{area.y:g}" r="10.5"/>'
        current = ' aria-current="true"' if area.code in selected else ""
        parts.append(
            f'<a href="{href}" class="area c{bisect_right(_LEVELS, count)}"{current} aria-label="{label}">'
            f'<title>{label}</title>{shape}<text x="{area.x:g}" y="{area.y:g}" dy="4">{shown}</text></a>'
        )
    return _html(parts)


@lru_cache(maxsize=4096)
def _safe(text: str) -> str:
    # Cached, because the same two hundred values and labels are on every page.
    return str(escape(text))


class _Box:
    """Check boxes of one name; with a sprite, each shows the drawing that is named like its value."""

    def __init__(self, name: str, sprite: str = "") -> None:
        self.name, self.kind, self.drawing = name, " check-picto" if sprite else "", ""
        if sprite:
            self.drawing = f'<svg class="picto" aria-hidden="true" width="20" height="20"><use href="{escape(sprite)}#'
        self.unit = f'<span class="visually-hidden">{escape(_("件"))}</span>'

    def __call__(self, value: str, label: str, count: int | None, state: str) -> str:
        drawing = f'{self.drawing}{value}"></use></svg>' if self.drawing else ""
        return (
            f'<label class="check{self.kind} {state}"><input type="checkbox" name="{self.name}" value="{_safe(value)}" {state}>'
            f'{drawing}<span>{_safe(str(label))} <span class="facet-count">{count}{self.unit}</span></span></label>\n'
        )


def _html(parts: Iterable[str]) -> Markup:
    return Markup("".join(parts))  # noqa: S704  (every part is escaped above)

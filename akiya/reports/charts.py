"""Draw series of figures as SVG: path data, ticks, markers and classes of colour.

Pure functions; lengths are in units of the SVG view box.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

WIDTH, HEIGHT = 340, 190
"""The size of a chart: narrow enough for a phone to show it unscaled. y grows downwards."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 12, 10, 24
_MOST_MARKERS, _MOST_LABELS = 13, 6
CLASSES = 4
"""The number of classes of colour in addition to class 0."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Series:
    """A sequence of figures with a label; None where there is no figure."""

    label: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class ChartLine:
    """A series as drawn: `d` is the path of its line, `marks` of its markers. `style` selects dashes and colour."""

    label: str
    style: int
    d: str
    marks: str


@dataclass(frozen=True)
class Chart:
    """Lines in one chart, with the (y, label) of each horizontal grid line and the (x, label) of each tick below."""

    lines: tuple[ChartLine, ...]
    levels: tuple[tuple[float, str], ...]
    named: tuple[tuple[float, str], ...]

    @property
    def viewbox(self) -> str:
        """Return the value of the SVG element's viewBox."""
        return f"0 0 {WIDTH} {HEIGHT}"

    @property
    def across(self) -> tuple[int, int]:
        """Return the x at which the grid lines begin and end."""
        return _LEFT, WIDTH - _RIGHT


def scale(low: float, high: float, begin: float, end: float) -> Callable[[float], float]:
    """Return a function that maps figures linearly: `low` to `begin`, `high` to `end`, rounded to a tenth."""
    return lambda value: round(begin + (value - low) / (high - low) * (end - begin), 1)


def ticks(highest: float, most: int = 5) -> list[float]:
    """Return evenly spaced round figures from 0 to the first that is not below `highest`.

    There are at most `most` steps, each 1, 2 or 5 times a power of ten; they are whole numbers unless `highest` is
    below 1. Figures have at most one decimal.
    """
    if highest <= 0:
        return [0, 1]
    least = max(highest / most, 1 if highest >= 1 else 0.1)
    power = 10.0 ** floor(log10(least))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= least * (1 - 1e-9))
    return [round(number * step, 6) for number in range(ceil(round(highest / step, 6)) + 1)]


def path(points: Sequence[Point | None]) -> str:
    """Return path data of a line through the points, interrupted at each None."""
    parts = []
    for before, point in pairwise([None, *points]):
        if point is not None:
            parts.append(f"{'M' if before is None else 'L'}{point[0]:g} {point[1]:g}")
    return "".join(parts)


def mark(style: int, at: Point) -> str:
    """Return path data of a marker: circle, square, triangle or diamond, so that lines differ without colour."""
    x, y = at
    shapes = (
        f"M{x - 3.5:g} {y:g}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z",
        f"M{x - 3:g} {y - 3:g}h6v6h-6z",
        f"M{x:g} {y - 4:g}l4 7h-8z",
        f"M{x:g} {y - 4.5:g}l4.5 4.5l-4.5 4.5l-4.5-4.5z",
    )
    return shapes[style % len(shapes)]


def line_chart(labels: Sequence[str], series: Sequence[Series], highest: float | None = None) -> Chart:
    """Return a chart of the series from 0 to `highest` (default: their maximum); empty labels are left out."""
    known = [value for each in series for value in each.values if value is not None]
    levels = ticks(highest if highest is not None else max(known, default=0))
    count = len(labels)
    across = scale(0, max(count - 1, 1), _LEFT + 8, WIDTH - _RIGHT - 8)
    up = scale(0, levels[-1], HEIGHT - _BOTTOM, _TOP)
    every = ceil(count / _MOST_MARKERS)
    lines = []
    for style, each in enumerate(series):
        points = [None if value is None else (across(n), up(value)) for n, value in enumerate(each.values)]
        # Counted from the end, so that the last point, which readers look for, has a marker.
        marked = [point for n, point in enumerate(points) if point and (count - 1 - n) % every == 0]
        lines.append(ChartLine(each.label, style, path(points), "".join(mark(style, point) for point in marked)))
    named = [(across(n), label) for n, label in enumerate(labels) if label]
    thinned = named[:: ceil(len(named) / _MOST_LABELS) or 1]
    return Chart(tuple(lines), tuple((up(level), written(level)) for level in levels), tuple(thinned))


def written(value: float) -> str:
    """Return a figure with thousands separators and at most two decimals, without trailing zeros."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def described(labels: Sequence[str], series: Sequence[Series]) -> str:
    """Return a Japanese description of a line chart for people who cannot see it."""
    return " ".join(_described(labels, each) for each in series)


def _described(labels: Sequence[str], series: Series) -> str:
    known = [(value, label) for value, label in zip(series.values, labels, strict=True) if value is not None]
    if not known:
        return f"{series.label}：値がありません。"
    (first, since), (last, until) = known[0], known[-1]
    most, when = max(known, key=lambda pair: pair[0])
    ends = f"{since}に{written(first)}、{until}に{written(last)}" if since != until else f"{until}に{written(last)}"
    return f"{series.label}：{ends}。最大は{when}の{written(most)}。"


def class_of(value: float | None, highest: float) -> int:
    """Return the class of colour of a figure: 0 for none or zero, else 1 to CLASSES in equal steps up to `highest`."""
    if not value or value <= 0:
        return 0
    # At least 1: a figure that is small next to the step would be rounded to none.
    return max(1, min(CLASSES, ceil(round(value / class_step(highest), 6))))


def class_step(highest: float) -> float:
    """Return the width of a class of colour: a whole number, at least 1."""
    return max(1, ceil(round(highest / CLASSES, 6)))


def legend(highest: float, unit: str = "") -> list[tuple[int, str]]:
    """Return (class, Japanese text of its range) for every class that a figure up to `highest` can have.

    With a `unit` figures may have fractions, otherwise they are whole numbers.
    """
    step, found = class_step(highest), [(0, f"0{unit}")]
    for number in range(1, max(class_of(highest, highest), 1) + 1):
        low, high = (number - 1) * step, number * step
        if unit:
            text = f"{written(low)}より多く{written(high)}{unit}まで"
        else:
            text = written(high) if step == 1 else f"{written(low + 1)}〜{written(high)}"
        found.append((number, text))
    return found

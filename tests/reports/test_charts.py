"""Charts: what their numbers mean, without a page."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from akiya.reports import charts
from akiya.reports.charts import CLASSES, HEIGHT, WIDTH, Series

FIGURES = st.one_of(st.integers(0, 10**7), st.integers(0, 10**7).map(lambda tenths: tenths / 10))
NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"


@pytest.mark.parametrize(
    ("highest", "levels"),
    [
        (0, [0, 1]),
        (0.3, [0, 0.1, 0.2, 0.3]),
        (1, [0, 1]),
        (2.5, [0, 1, 2, 3]),
        (5, [0, 1, 2, 3, 4, 5]),
        (7, [0, 2, 4, 6, 8]),
        (100, [0, 20, 40, 60, 80, 100]),
        (101, [0, 50, 100, 150]),
        (1_234, [0, 500, 1_000, 1_500]),
    ],
)
def test_levels_are_round(highest: float, levels: list[float]) -> None:
    assert charts.ticks(highest) == levels


@given(highest=FIGURES)
def test_levels_begin_at_nothing_and_hold_every_figure(highest: float) -> None:
    levels = charts.ticks(highest)
    assert levels[0] == 0
    assert levels[-1] >= highest * (1 - 1e-6) - 1e-6
    assert 2 <= len(levels) <= 7
    assert levels == sorted(set(levels))


def test_a_line_is_broken_where_there_is_no_figure() -> None:
    assert charts.path([(1, 2), (3, 4.5), None, (5, 6)]) == "M1 2L3 4.5M5 6"
    assert charts.path([None, None]) == ""


def test_markers_differ_so_that_lines_do_without_colour() -> None:
    assert len({charts.mark(style, (10, 10)) for style in range(4)}) == 4


@given(series=st.lists(st.lists(st.one_of(st.none(), FIGURES), min_size=6, max_size=6), min_size=1, max_size=3))
def test_everything_is_drawn_within_the_drawing(series: list[list[float | None]]) -> None:
    drawn = charts.line_chart(
        [f"{n}月" for n in range(6)], [Series(f"s{n}", values) for n, values in enumerate(series)]
    )
    for line, values in zip(drawn.lines, series, strict=True):
        points = re.findall(rf"[ML]({NUMBER}) ({NUMBER})", line.d)
        assert len(points) == sum(value is not None for value in values)
        assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT for x, y in points)
        assert line.marks.count("z") == len(points)
    assert [y for y, _label in drawn.levels] == sorted((y for y, _label in drawn.levels), reverse=True)


def test_a_greater_figure_stands_higher_and_a_later_one_further_right() -> None:
    drawn = charts.line_chart(["4月", "5月"], [Series("成約", [1, 3])])
    (x, y), (later, higher) = ((float(a), float(b)) for a, b in re.findall(rf"({NUMBER}) ({NUMBER})", drawn.lines[0].d))
    assert later > x
    assert higher < y
    assert [label for _x, label in drawn.named] == ["4月", "5月"]


def test_ten_years_have_few_markers_and_names_and_the_last_month_is_marked() -> None:
    labels = [f"{2016 + n // 12}/4" if n % 12 == 0 else "" for n in range(120)]
    drawn = charts.line_chart(labels, [Series("掲載中", list(range(120)))])
    assert drawn.lines[0].marks.count("z") <= 13
    assert 2 <= len(drawn.named) <= 6
    last = re.findall(rf"[ML]({NUMBER}) ({NUMBER})", drawn.lines[0].d)[-1]
    assert drawn.lines[0].marks.endswith(charts.mark(0, (float(last[0]), float(last[1]))))


def test_a_chart_says_what_it_shows() -> None:
    words = charts.described(["4月", "5月", "6月"], [Series("成約", [2, 7, 3.5]), Series("取下げ", [None, None, None])])
    assert words == "成約：4月に2、6月に3.5。最大は5月の7。 取下げ：値がありません。"
    assert charts.described(["4月"], [Series("成約", [1_200])]) == "成約：4月に1,200。最大は4月の1,200。"


@given(highest=FIGURES.filter(bool), value=FIGURES)
@example(highest=799_997, value=0.1)
def test_colours_follow_the_figures(highest: float, value: float) -> None:
    assert charts.class_of(None, highest) == charts.class_of(0, highest) == 0
    assert 1 <= charts.class_of(highest, highest) <= CLASSES
    if 0 < value <= highest:
        assert 1 <= charts.class_of(value, highest) <= charts.class_of(highest, highest)


@pytest.mark.parametrize(
    ("highest", "unit", "words"),
    [
        (2, "", ["0", "1", "2"]),
        (12, "", ["0", "1〜3", "4〜6", "7〜9", "10〜12"]),
        (66.7, "%", ["0%", "0より多く17%まで", "17より多く34%まで", "34より多く51%まで", "51より多く68%まで"]),
    ],
)
def test_the_legend_names_every_class(highest: float, unit: str, words: list[str]) -> None:
    found = charts.legend(highest, unit)
    assert [text for _level, text in found] == words
    assert [level for level, _text in found] == list(range(len(words)))
    for number in range(1, int(highest) + 1):
        text = dict(found)[charts.class_of(number, highest)]
        edges = [int(edge) for edge in re.findall(r"\d+", text)]
        assert edges[0] <= number <= edges[-1]

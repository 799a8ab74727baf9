"""Charts by value: where each line, level, name and marker is."""

import pytest

from akiya.reports import charts
from akiya.reports.charts import Chart, ChartLine, Series


def test_a_small_chart_by_value() -> None:
    drawn = charts.line_chart(["4月", "5月"], [Series("成約", [1, 3]), Series("取下げ", [None, 2])])
    assert drawn == Chart(
        lines=(
            ChartLine("成約", 0, "M48 114L320 10", charts.mark(0, (48, 114)) + charts.mark(0, (320, 10))),
            ChartLine("取下げ", 1, "M320 62", charts.mark(1, (320, 62))),
        ),
        levels=((166.0, "0"), (114.0, "1"), (62.0, "2"), (10.0, "3")),
        named=((48.0, "4月"), (320.0, "5月")),
    )
    assert (drawn.viewbox, drawn.across) == ("0 0 340 190", (40, 328))


def test_a_chart_of_one_figure_or_of_none() -> None:
    assert charts.line_chart(["4月"], [Series("成約", [1])]).lines[0].d == "M48 10"
    empty = Chart(lines=(), levels=((166.0, "0"), (10.0, "1")), named=())
    assert charts.line_chart([], []) == empty
    assert charts.line_chart([], [Series("成約", [])]).lines == (ChartLine("成約", 0, "", ""),)


def test_levels_may_go_higher_than_the_figures() -> None:
    drawn = charts.line_chart(["4月", "5月"], [Series("成約率", [50, 25])], highest=100)
    assert [label for _y, label in drawn.levels] == ["0", "20", "40", "60", "80", "100"]
    assert drawn.lines[0].d == "M48 88L320 127"


@pytest.mark.parametrize(
    ("count", "marked"), [(13, list(range(13))), (14, [1, 3, 5, 7, 9, 11, 13]), (27, list(range(2, 27, 3)))]
)
def test_markers_are_counted_from_the_end(count: int, marked: list[int]) -> None:
    drawn = charts.line_chart([""] * count, [Series("掲載中", [1] * count)])
    across = charts.scale(0, count - 1, 48, 320)
    assert drawn.lines[0].marks == "".join(charts.mark(0, (across(n), 10)) for n in marked)


@pytest.mark.parametrize(("count", "named"), [(6, [0, 1, 2, 3, 4, 5]), (7, [0, 2, 4, 6]), (13, [0, 3, 6, 9, 12])])
def test_at_most_six_places_are_named(count: int, named: list[int]) -> None:
    drawn = charts.line_chart([f"{n}月" for n in range(count)], [])
    assert [label for _x, label in drawn.named] == [f"{n}月" for n in named]


@pytest.mark.parametrize(
    ("style", "outline"),
    [
        (0, "M6.5 20a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z"),
        (1, "M7 17h6v6h-6z"),
        (2, "M10 16l4 7h-8z"),
        (3, "M10 15.5l4.5 4.5l-4.5 4.5l-4.5-4.5z"),
        (4, "M6.5 20a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z"),
    ],
)
def test_the_outline_of_each_marker(style: int, outline: str) -> None:
    assert charts.mark(style, (10, 20)) == charts.mark(style, (10.0, 20.0)) == outline


def test_a_marker_has_no_needless_decimals() -> None:
    assert charts.mark(0, (13.5, 20.5)) == "M10 20.5a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z"
    assert charts.mark(3, (10.5, 24.5)) == "M10.5 20l4.5 4.5l-4.5 4.5l-4.5-4.5z"


@pytest.mark.parametrize(("value", "place"), [(0, 100.0), (5, 60.0), (10, 20.0), (3.333, 73.3)])
def test_a_scale_goes_from_its_begin_to_its_end(value: float, place: float) -> None:
    assert charts.scale(0, 10, 100, 20)(value) == place
    assert charts.scale(-10, 0, 100, 20)(value - 10) == place


@pytest.mark.parametrize(
    ("highest", "most", "levels"),
    [
        (-1, 5, [0, 1]),
        (0.04, 5, [0, 0.1]),
        (1, 5, [0, 1]),
        (1.5, 5, [0, 1, 2]),
        (0.5, 5, [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        (0.99, 5, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (4.5, 5, [0, 1, 2, 3, 4, 5]),
        (10, 2, [0, 5, 10]),
        (10, 1, [0, 10]),
        (40, 5, [0, 10, 20, 30, 40]),
        (50, 5, [0, 10, 20, 30, 40, 50]),
        (51, 5, [0, 20, 40, 60]),
        (300_000, 5, [0, 100_000, 200_000, 300_000]),
    ],
)
def test_levels_by_value(highest: float, most: int, levels: list[float]) -> None:
    assert charts.ticks(highest, most) == levels


def test_there_are_at_most_five_steps_by_default() -> None:
    assert charts.ticks(6) == [0, 2, 4, 6]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (3.0, "3"), (100, "100"), (0.25, "0.25"), (0.256, "0.26"), (1_234.5, "1,234.5"), (1_200, "1,200")],
)
def test_a_figure_without_needless_decimals(value: float, text: str) -> None:
    assert charts.written(value) == text


def test_series_are_described_from_their_first_to_their_last_known_figure() -> None:
    labels = ["4月", "5月", "6月", "7月"]
    assert charts.described(labels, [Series("成約", [None, 2, 1, None])]) == "成約：5月に2、6月に1。最大は5月の2。"
    assert charts.described(labels, [Series("成約", [3, 1, 3, 2])]) == "成約：4月に3、7月に2。最大は4月の3。"
    assert charts.described(labels, []) == ""
    words = charts.described(labels, [Series("成約", [None] * 4), Series("取下げ", [None, None, 5, None])])
    assert words == "成約：値がありません。 取下げ：6月に5。最大は6月の5。"


@pytest.mark.parametrize(
    ("value", "highest", "level"),
    [(None, 12, 0), (0, 12, 0), (-1, 12, 0), (0.5, 12, 1), (3, 12, 1), (3.5, 12, 2), (4, 12, 2), (12, 12, 4), (13, 12, 4), (1, 1, 1), (2, 2, 2),
     (5, 5, 3), (0.1, 0.4, 1)],
)  # fmt: skip
def test_the_class_of_a_figure(value: float | None, highest: float, level: int) -> None:
    assert charts.class_of(value, highest) == level


@pytest.mark.parametrize(("highest", "step"), [(0, 1), (1, 1), (4, 1), (4.1, 2), (5, 2), (8, 2), (9, 3), (12, 3)])
def test_a_class_is_a_whole_number_wide(highest: float, step: int) -> None:
    assert charts.class_step(highest) == step


@pytest.mark.parametrize(
    ("highest", "unit", "rows"),
    [
        (0, "", [(0, "0"), (1, "1")]),
        (1, "", [(0, "0"), (1, "1")]),
        (5, "", [(0, "0"), (1, "1〜2"), (2, "3〜4"), (3, "5〜6")]),
        (1, "%", [(0, "0%"), (1, "0より多く1%まで")]),
        (4_800, "", [(0, "0"), (1, "1〜1,200"), (2, "1,201〜2,400"), (3, "2,401〜3,600"), (4, "3,601〜4,800")]),
    ],
)
def test_the_legend_by_value(highest: float, unit: str, rows: list[tuple[int, str]]) -> None:
    assert charts.legend(highest, unit) == rows
    assert unit or charts.legend(highest) == rows

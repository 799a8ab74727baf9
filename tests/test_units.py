"""Amounts as people write them."""

from datetime import date

import pytest

from akiya import units


@pytest.mark.parametrize(
    ("text", "amount"),
    [("480万円", 480 * 10**4), ("4,800,000", 4_800_000), ("１億２千万円", 120_000_000), ("4万5千円", 45_000), ("4.5万", 45_000),
     ("0", 0), ("", None), ("¥300,000", 300_000)],
)  # fmt: skip
def test_yen_are_read(text: str, amount: int | None) -> None:
    assert units.yen(text) == amount


@pytest.mark.parametrize(
    ("text", "m2"), [("36坪", 119.01), ("121.5㎡", 121.5), ("8畳", 12.96), ("５畝", 495.87), ("317", 317.0)]
)
def test_areas_are_read(text: str, m2: float) -> None:
    assert units.area(text) == m2


@pytest.mark.parametrize(("text", "m"), [("640", 640), ("徒歩8分", 640), ("1.2km", 1200), ("約500m", 500)])
def test_distances_are_read(text: str, m: int) -> None:
    assert units.metres(text) == m


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("昭和53年", (date(1978, 1, 1), "year")),
        ("S53.6.1", (date(1978, 6, 1), "day")),
        ("1978年6月", (date(1978, 6, 1), "month")),
        ("令和元年5月", (date(2019, 5, 1), "month")),
        ("2026-11-20", (date(2026, 11, 20), "day")),
        ("", None),
    ],
)
def test_dates_keep_how_much_is_known(text: str, meant: tuple[date, str] | None) -> None:
    assert units.day(text) == meant


@pytest.mark.parametrize("read", [units.yen, units.area, units.metres, units.day, units.count, units.degrees])
@pytest.mark.parametrize("text", ["たぶん", "12-", "<script>", "1万2万"])
def test_what_cannot_be_read_is_refused_with_the_value(read, text: str) -> None:
    with pytest.raises(ValueError, match="「"):
        read(text)


def test_a_date_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="ありません"):
        units.day("2026年2月30日")


@pytest.mark.parametrize(
    ("year", "era"), [(1978, "昭和53年"), (1989, "平成元年"), (2019, "令和元年"), (1868, "明治元年"), (1800, "")]
)
def test_era_years(year: int, era: str) -> None:
    assert units.era_year(year) == era

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


@pytest.mark.parametrize(
    ("text", "amount"),
    [("5千円", 5_000), ("1.2億円", 120_000_000), ("480万5千", 4_805_000), ("480万500円", 4_800_500), ("1億500", 100_000_500),
     ("４８０ 万 円", 4_800_000), ("4、800、000", 4_800_000), ("4，800，000円", 4_800_000), (None, None)],
)  # fmt: skip
def test_parts_of_an_amount_are_added(text: str | None, amount: int | None) -> None:
    assert units.yen(text) == amount


@pytest.mark.parametrize(
    ("text", "m2"),
    [("1反", 991.74), ("3反", 2975.21), ("1畝", 99.17), ("1坪", 3.31), ("1畳", 1.62), ("6帖", 9.72), ("1ha", 10_000.0), ("0.25ha", 2_500.0),
     ("80平米", 80.0), ("80m2", 80.0), ("約80", 80.0), ("12.345㎡", 12.35), ("0", 0.0), (" ", None)],
)  # fmt: skip
def test_every_unit_of_area_has_its_size(text: str, m2: float | None) -> None:
    assert units.area(text) == m2


@pytest.mark.parametrize(
    ("text", "m"),
    [("2km", 2_000), ("2キロ", 2_000), ("300m", 300), ("300メートル", 300), ("1分", 80), ("0", 0), ("", None)],
)
def test_every_unit_of_distance_has_its_size(text: str, m: int | None) -> None:
    assert units.metres(text) == m


@pytest.mark.parametrize(("text", "percent"), [("12.5", 12.5), ("６０％", 60.0), ("60パーセント", 60.0), ("", None)])
def test_percent_are_read(text: str, percent: float | None) -> None:
    assert units.percent(text) == percent


@pytest.mark.parametrize(
    "text", ["2", "2.0", "2台", "2階", "2階建", "2階建て", "2人", "2室", "2%", "2パーセント", "２ 台"]
)
def test_a_count_may_have_a_unit(text: str) -> None:
    assert units.count(text) == 2


def test_a_blank_count_is_none() -> None:
    assert units.count("") is None


@pytest.mark.parametrize(
    ("text", "degrees"), [("32.80333", 32.80333), ("-130.5", -130.5), ("１３０", 130.0), ("", None)]
)
def test_degrees_are_decimal(text: str, degrees: float | None) -> None:
    assert units.degrees(text) == degrees


@pytest.mark.parametrize(
    ("text", "angle"), [("-12.5", -12.5), ("−12.5°", -12.5), ("12.5度", 12.5), ("+3", 3.0), ("0", 0.0), ("", None)]
)
def test_angles_have_a_sign(text: str, angle: float | None) -> None:
    assert units.angle(text) == angle


@pytest.mark.parametrize(
    ("text", "m"),
    [("1.5", 1.5), ("1.5m", 1.5), ("1.5メートル", 1.5), ("150cm", 1.5), ("150センチ", 1.5), ("約2m", 2.0), ("1.23456", 1.2346), ("", None)],
)  # fmt: skip
def test_every_unit_of_length_has_its_size(text: str, m: float | None) -> None:
    assert units.length(text) == m


@pytest.mark.parametrize(
    ("text", "first"),
    [("明治33年", date(1900, 1, 1)), ("大正10年", date(1921, 1, 1)), ("昭和元年", date(1926, 1, 1)), ("平成2年", date(1990, 1, 1)),
     ("令和6年", date(2024, 1, 1)), ("M33", date(1900, 1, 1)), ("T10", date(1921, 1, 1)), ("s53", date(1978, 1, 1)),
     ("H2", date(1990, 1, 1)), ("R6", date(2024, 1, 1)), ("1600", date(1600, 1, 1)), ("2200年", date(2200, 1, 1)),
     ("昭和53年頃", date(1978, 1, 1)), ("昭和53年ごろ", date(1978, 1, 1))],
)  # fmt: skip
def test_every_era_has_its_years(text: str, first: date) -> None:
    assert units.day(text) == (first, "year")


@pytest.mark.parametrize("text", ["1978年12月3日", "1978/12/3", "1978.12.3", "1978-12-03", "昭和53年12月3", "S53.12.3"])
def test_every_way_to_write_a_day(text: str) -> None:
    assert units.day(text) == (date(1978, 12, 3), "day")


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (units.yen, "高い", "「高い」は金額として読めません。480万円、または 4800000 のように入れてください。"),
        (units.area, "広い", "「広い」は面積として読めません。121.5（m²）、または 36坪 のように入れてください。"),
        (units.metres, "近い", "「近い」は距離として読めません。640（m）、1.2km、8分 のように入れてください。"),
        (units.percent, "-5%", "「-5%」は割合として読めません。12.5（%）のように入れてください。"),
        (units.count, "2.5", "「2.5」は数として読めません。2 のように整数で入れてください。"),
        (units.count, "1234567890", "「1234567890」は数として読めません。2 のように整数で入れてください。"),
        (
            units.degrees,
            "32°48′",
            "「32°48′」は緯度・経度として読めません。32.80333 のように度の小数で入れてください。",
        ),
        (units.angle, "上", "「上」は角度として読めません。-12.5 のように、度の数で入れてください。"),
        (units.length, "5尺", "「5尺」は長さとして読めません。1.5（m）、または 150cm のように入れてください。"),
        (units.day, "昔", "「昔」は年月日として読めません。1978年、昭和53年6月、1978-06-01 のように入れてください。"),
        (
            units.day,
            "1599",
            "「1599」は年月日として読めません。1978年、昭和53年6月、1978-06-01 のように入れてください。",
        ),
        (
            units.day,
            "2201",
            "「2201」は年月日として読めません。1978年、昭和53年6月、1978-06-01 のように入れてください。",
        ),
        (
            units.day,
            "1978年20日",
            "「1978年20日」は年月日として読めません。1978年、昭和53年6月、1978-06-01 のように入れてください。",
        ),
        (units.day, "2026-2-29", "「2026-2-29」という日はありません。月と日を確かめてください。"),
    ],
)
def test_a_refusal_says_how_to_write_it(read, text: str, message: str) -> None:
    with pytest.raises(ValueError, match="「") as caught:
        read(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "read", [units.yen, units.area, units.metres, units.percent, units.degrees, units.angle, units.length]
)
def test_a_number_has_at_most_15_digits_and_10_decimals(read) -> None:
    assert read("1" * 15) == pytest.approx(111_111_111_111_111)
    assert read("1." + "0" * 10) == 1
    for text in ("1" * 16, "1." + "0" * 11):
        with pytest.raises(ValueError, match="「"):
            read(text)


@pytest.mark.parametrize(
    ("day", "era"),
    [((1868, 10, 22), ""), ((1868, 10, 23), "明治元年"), ((1912, 7, 29), "明治45年"), ((1912, 7, 30), "大正元年"),
     ((1926, 12, 24), "大正15年"), ((1926, 12, 25), "昭和元年"), ((1989, 1, 7), "昭和64年"), ((1989, 1, 8), "平成元年"),
     ((2019, 4, 30), "平成31年"), ((2019, 5, 1), "令和元年"), ((2026,), "令和8年"), ((1926,), "昭和元年")],
)  # fmt: skip
def test_an_era_begins_on_its_day(day: tuple[int, ...], era: str) -> None:
    assert units.era_year(*day) == era

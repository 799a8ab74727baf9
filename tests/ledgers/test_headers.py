"""The headers of ledgers: which field and unit they mean, and which row holds them."""

import pytest

from akiya.ledgers import headers

# Headings that ledgers use for each field, in addition to its own label.
SYNONYMS = [
    ("市町村名", "municipality"), ("ステータス", "status"), ("取引", "deal"), ("番号", "number"), ("タイトル", "title"),
    ("所在地", "town"), ("位置公開範囲", "blur"), ("売買", "is_sale"), ("賃貸", "is_rent"), ("物件種別", "kind"),
    ("売却価格", "price"), ("家賃", "rent"), ("応相談", "price_negotiable"), ("更地価格", "price_demolished"),
    ("管理費", "common_fee"), ("建物構造", "structure"), ("階建", "storeys"), ("築年", "built_on"), ("建物面積", "floor_area"),
    ("間取", "layout"), ("空き家時期", "vacant_since"), ("古民家", "traditional"), ("敷地面積", "land_area"),
    ("公簿・実測", "land_measure"), ("土地地目", "land_category"), ("都市計画区域", "city_planning"), ("用途地域区分", "zoning"),
    ("土地権利", "land_right"), ("建蔽率", "coverage_ratio"), ("容積", "floor_ratio"), ("私道", "private_road"),
    ("セットバックの有無", "setback"), ("接道状況", "roads"), ("道路幅員", "road_width"), ("車横付け", "car_access"),
    ("再建築可否", "rebuildable"), ("修繕の要否", "repair"), ("残置物", "belongings"), ("引き渡し", "handover"),
    ("引渡日", "handover_on"), ("登記の有無", "registered"), ("耐震", "earthquake"), ("バリアフリー", "barrier_free"),
    ("DIY可否", "diy"), ("ペット可", "pets"), ("上水道", "water"), ("ガス設備", "gas"), ("下水", "drain"), ("便所", "toilet"),
    ("トイレ備考", "toilet_note"), ("浴室", "bath"), ("給湯設備", "hot_water"), ("ネット", "internet"), ("温泉の有無", "onsen"),
    ("駐車場の有無", "parking"), ("駐車場台数", "parking_spaces"), ("駐車場備考", "parking_note"), ("庭の有無", "garden"),
    ("農地の有無", "farmland"), ("農地面積", "farmland_area"), ("倉庫", "shed"), ("土蔵", "storehouse"), ("ガレージ", "garage"),
    ("店舗", "shop_part"), ("事業用", "business_allowed"), ("海", "sea"), ("山・自然の近く", "nature"),
    ("路線", "station_line"), ("最寄駅", "station"), ("駅距離", "station_m"), ("小学校", "elementary_m"),
    ("中学校", "junior_high_m"), ("保育園", "nursery_m"), ("スーパー", "supermarket_m"), ("コンビニ", "convenience_m"),
    ("ドラッグストア", "drug_store_m"), ("病院", "hospital_m"), ("銀行", "bank_m"), ("郵便局", "post_office_m"),
    ("公園", "park_m"), ("役場", "municipal_office_m"), ("浸水", "flood"), ("土砂災害警戒区域", "landslide"),
    ("津波浸水想定区域", "tsunami"), ("高潮浸水想定区域", "storm_surge"), ("災害備考", "hazard_note"), ("アピールポイント", "appeal"),
    ("その他", "remarks"), ("入居条件", "conditions"), ("自治会", "association"), ("町内会費", "association_fee"),
    ("仲介の有無", "mediation"), ("不動産業者", "agent_name"), ("免許番号", "agent_licence"), ("業者電話", "agent_phone"),
    ("連絡先", "contact"), ("ビデオ通話内見", "live_viewing"), ("地番", "lot_number"), ("緯度北緯", "true_lat"),
    ("経度東経", "true_lon"), ("所有者", "owner_name"), ("所有者連絡先", "owner_contact"), ("同意日", "consent_on"),
    ("同意範囲", "consent_scope"), ("メモ", "notes"),
]  # fmt: skip


def column(header: str) -> str:
    """Return the field that matches this header alone."""
    ((text, name),) = headers.match([header], {})
    assert text == header
    return name


@pytest.mark.parametrize(("header", "name"), SYNONYMS)
def test_what_ledgers_call_a_field(header: str, name: str) -> None:
    assert column(header) == name


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("物件番号", "number"),
        ("市町村", "municipality"),
        ("状態", "status"),
        ("売買・賃貸の別", "deal"),
        ("ＤＩＹ", "diy"),
        ("※売却価格（万円）※", "price"),
        ("売 却\n価格", "price"),
        ("売却価格〔非公開〕", "price"),
        ("売却価格[税込]", "price"),
        ("【必須】売却価格", "price"),
        ("No.", "number"),
        ("№", "number"),
        ("オール電化", "all_electric"),
        ("印", ""),
        ("", ""),
    ],
)
def test_marks_width_and_parentheses_do_not_matter(header: str, name: str) -> None:
    assert column(header) == name


@pytest.mark.parametrize(
    ("name", "header", "unit"),
    [
        ("price", "価格（万円）", ("万円", 10_000)),
        ("price", "価格(千円)", ("千円", 1_000)),
        ("rent", "家賃［億円］", ("億円", 100_000_000)),
        ("price", "価格（単位：万円）", ("万円", 10_000)),
        ("price", "価格（単位 万円）", ("万円", 10_000)),
        ("price", "価格／万円", ("万円", 10_000)),
        ("price", "価格：万円", ("万円", 10_000)),
        ("price", "価格（税込）（万円）", ("万円", 10_000)),
        ("price", "価格（円）", ("", 1.0)),
        ("price", "価格", ("", 1.0)),
        ("price", "価格（坪）", ("", 1.0)),
        ("price", "価格（万円）／千円", ("万円", 10_000)),
        ("land_area", "土地面積（坪）", ("坪", 400 / 121)),
        ("land_area", "土地面積（畝）", ("畝", 12_000 / 121)),
        ("land_area", "土地面積（ha）", ("ha", 10_000)),
        ("land_area", "土地面積（㎡）", ("", 1.0)),
        ("station_m", "駅まで（分）", ("分", 80)),
        ("station_m", "駅まで（徒歩分）", ("分", 80)),
        ("station_m", "駅まで（km）", ("km", 1_000)),
        ("station_m", "駅まで（m）", ("", 1.0)),
        ("storeys", "階数（坪）", ("", 1.0)),
        ("deal", "取引（万円）", ("", 1.0)),
    ],
)
def test_the_unit_that_a_header_names(name: str, header: str, unit: tuple[str, float]) -> None:
    found, factor = headers.unit_of(name, header)
    assert (found, factor) == (unit[0], pytest.approx(unit[1], rel=1e-12))


def test_a_field_is_given_to_one_column() -> None:
    texts = ["番号", "価格", "売却価格", "", "印"]
    assert headers.match(texts, {}) == [
        ["番号", "number"],
        ["価格", "price"],
        ["売却価格", ""],
        ["", ""],
        ["印", ""],
    ]


def test_what_is_remembered_goes_before_what_is_known() -> None:
    assert headers.match(["価格", "売却価格"], {"売却価格": "price"}) == [["価格", ""], ["売却価格", "price"]]
    assert headers.match(["価格", "査定"], {"価格": "", "査定": "notes"}) == [["価格", ""], ["査定", "notes"]]
    assert headers.match(["備考", "印"], {"印": "remarks"}) == [["備考", ""], ["印", "remarks"]]


def test_a_header_of_marks_only_keeps_a_key() -> None:
    assert headers.key("売却 価格（万円）") == "売却価格"
    assert headers.key("（番号）") == "(番号)"


def test_labels_of_columns() -> None:
    assert headers.label_of("deal") == "売買・賃貸の別"
    assert headers.label_of("status") == "状態"
    assert headers.label_of("municipality") == "市町村"
    assert headers.label_of("price") == "売買価格"
    assert [headers.is_column(name) for name in ("deal", "price", "magic")] == [True, True, False]


def row(header: headers.Header | None) -> int | None:
    return header.row if header else None


TITLE, FULL = ["令和8年度 空き家台帳", "", ""], ["番号", "所在地", "価格"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([TITLE, FULL], 2),
        ([FULL, FULL], 1),
        ([["価格", "所在地", ""], FULL], 2),
        # A heading of the number counts two more: 1 + 2 against 3.
        ([["所在地", "価格", "家賃"], ["番号", "印", "判"]], 1),
        ([["所在地", "価格", "印"], ["番号", "印", "判"]], 2),
        ([["番号", "", ""]], 1),
        # One matched field may be chance, so the first row with two texts is used instead.
        ([["価格", "", ""]], 1),
        ([["価格", "", ""], ["甲", "乙", ""]], 2),
        ([["甲", "", ""], ["甲", "乙", ""], ["丙", "丁", "戊"]], 2),
        ([["所在地", "価格", ""]], 1),
        ([TITLE] * 9 + [FULL], 10),
        ([TITLE] * 10 + [FULL], None),
        ([TITLE] * 9 + [["甲", "乙"]], 10),
        ([TITLE] * 10 + [["甲", "乙"]], None),
        ([], None),
    ],
)
def test_the_header_is_the_row_with_most_fields(rows: list[list[str]], found: int | None) -> None:
    assert row(headers.find(list(enumerate(rows, 1)), {})) == found


def test_a_header_tells_its_fields() -> None:
    header = headers.find([(3, ["番号", "印", "価格"])], {"印": "notes"})
    assert header == headers.Header(3, [["番号", "number"], ["印", "notes"], ["価格", "price"]])
    assert headers.Header(1, [["番号", "number"], ["印", ""], ["価格", "price"]]).fields == ["number", "price"]
    assert headers.find([(1, ["甲", "乙"])], {"甲": "notes"}) == headers.Header(1, [["甲", "notes"], ["乙", ""]])

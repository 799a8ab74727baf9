"""Words in ledgers for the members of the closed vocabularies, for yes and no, and for "not known"."""

import re
import unicodedata
from functools import cache

from akiya.choices import Choice
from akiya.listings.fields import BY_NAME
from akiya.listings.hazards import HazardKind

_YES = "有 有り あり ある 可 可能 可能性あり ○ 〇 ◯ ● ◎ はい 要 済 済み 対応 yes y true 1 ✓ ✔ レ 希望 希望する する 付き 付 該当"
_NO = "無 無し なし ない 不可 不可能 × ✕ ✖ ✗ x いいえ 不要 未 未了 no n false 0 希望しない しない 非該当 該当なし"
_UNKNOWN = "不明 未確認 未定 未調査 未記入 記載なし 不詳 要確認 確認中 ? n/a"
_DASHES = re.compile(r"[-‐‑‒–—―−ーｰ─━…・~〜／/\s]+")

# Words for each member in addition to its own label, which is always understood.
_WORDS: dict[str, dict[str, str]] = {
    "kind": {
        "house": "戸建 戸建て 一戸建 一戸建て 住居 居宅 空き家 空家 家屋 専用住宅 農家住宅 建物 中古住宅 マンション",
        "land": "宅地 空き地 空地 更地 土地のみ",
        "business": "店舗 事業用 事務所 倉庫 工場 店舗兼住宅 店舗併用住宅 併用住宅 店舗付き住宅 店舗付住宅 旅館",
    },
    "structure": {
        "wood": "木 w造 w 在来 在来工法 木造住宅",
        "light_steel": "軽量鉄骨 軽鉄 ls造",
        "steel": "鉄骨 重量鉄骨 重量鉄骨造 s造",
        "rc": "鉄筋コンクリート rc造 rc 鉄筋",
        "src": "鉄骨鉄筋コンクリート src造 src 鉄骨鉄筋",
        "block": "ブロック コンクリートブロック コンクリートブロック造 cb造 cb 補強コンクリートブロック造",
    },
    "land_measure": {"registered": "登記簿 登記 公簿面積 登記面積 公募", "surveyed": "測量 実測面積 測量済"},
    "land_right": {"ownership": "所有 自己所有 所有地", "leasehold": "借地 賃借権 賃借 賃借地", "surface": "地上"},
    "city_planning": {
        "urban": "市街化",
        "controlled": "調整区域 市街化調整 調整",
        "undivided": "非線引 非線引き 非線引き区域 非線引き都市計画区域 非線引都市計画区域 都市計画区域内 区域内",
        "outside": "区域外 都市計画外 計画区域外 外 都計外",
    },
    "repair": {
        "none": "無 無し なし 修繕不要 補修不要 必要なし",
        "minor": "小 小規模 小規模修繕 軽微 軽微な修繕 一部 一部要 一部修繕 一部補修 小補修 多少",
        "major": "大 大規模 大規模改修 大修繕 全面 全面改修 大規模な修繕",
    },
    "belongings": {
        "removed": "撤去済 無 無し なし 残置なし 残置物なし 片付け済み 片付け済 空 処分済 処分済み",
        "remain": "残置 有 有り あり 残置物あり 残置有 残置物有 残存 残あり",
    },
    "handover": {
        "immediate": "即 即可 即日 即入居 即入居可 すぐ いつでも",
        "date": "期日 指定",
        "negotiable": "要相談 応相談 相談可 協議",
    },
    "earthquake": {
        "new": "新耐震 新基準 新 s56.6以降",
        "old": "旧耐震 旧基準 旧",
        "retrofitted": "改修済 改修済み 耐震改修済 補強済 補強済み 耐震補強済 耐震補強済み",
    },
    "water": {
        "public": "公営水道 市営水道 町営水道 村営水道 公営 市水道 町水道 水道 上水 簡易水道 市営 町営 村営 市水 本管",
        "well": "井戸水 地下水 ボーリング 自家水 自家井戸",
        "spring": "山水 湧水 沢水 谷水 湧き水 引き水",
    },
    "gas": {
        "city": "都市",
        "lp": "プロパン lp lpg lpガス lpgガス 個別プロパン プロパン(個別) 集中プロパン 液化石油ガス",
    },
    "drain": {
        "sewer": "公共下水道 公共下水 下水 本下水 公共 農業集落排水 集落排水 農集 農集排 農業集落排水施設 特環",
        "septic": "合併浄化槽 合併処理浄化槽 単独浄化槽 単独処理浄化槽 合併 合併槽 個別浄化槽 市町村設置型浄化槽",
        "pit": "汲取り 汲取 くみ取り くみとり 汲み取り式 汲取り式 汲取式 くみ取り式",
    },
    "toilet": {
        "flush": "水洗式 水洗トイレ 水洗便所 洋式水洗 水洗洋式 和式水洗 水洗和式 水洗・洋式 水洗・和式",
        "simple_flush": "簡易水洗式 簡水 簡易水洗トイレ",
        "pit": "汲取り 汲取 くみ取り くみとり 汲み取り式 汲取り式 汲取式 くみ取り式 非水洗",
    },
    "hot_water": {
        "gas": "ガス給湯 ガス給湯器 プロパン lpガス プロパンガス ガス湯沸器",
        "electric": "電気温水器 エコキュート 電気給湯 電気給湯器",
        "oil": "石油 灯油ボイラー ボイラー 石油給湯器 石油ボイラー 石油給湯",
        "solar": "太陽熱温水器 ソーラー 太陽熱給湯",
        "none": "無 無し",
    },
    "internet": {
        "fibre": "光 光ファイバー 光ファイバ フレッツ光 光対応 光可 光ケーブル 光インターネット",
        "cable": "ケーブル catv ケーブルtv",
        "mobile": "携帯 携帯のみ モバイル",
        "none": "無 無し 不可",
    },
    **{
        str(kind): {
            "inside": "内 該当 有 有り あり ○ 〇 対象 警戒区域 該当あり 想定区域内 警戒区域内 浸水想定区域内",
            "outside": "外 非該当 無 無し なし × 該当なし 対象外 想定区域外 警戒区域外 浸水想定区域外",
        }
        for kind in HazardKind
    },
    "mediation": {
        "municipality": "無 無し なし 市町村 直接 市町村が紹介 仲介なし 市 町 村 個人",
        "agent": "有 有り あり 業者 媒介 宅建業者 仲介 仲介あり 宅建業者が媒介 業者媒介 不動産業者",
    },
    "blur": {"mesh250": "250m", "mesh500": "500m", "mesh1000": "1km 1000m", "town": "町字 町・字", "exact": "正確 正確な位置"},
}  # fmt: skip
_STRUCTURES = (
    ("src", re.compile(r"(?:鉄骨鉄筋|src).*")),
    ("rc", re.compile(r"(?:鉄筋|rc)(?!.*(?:木|鉄骨)).*")),
    ("light_steel", re.compile(r"軽量鉄骨(?!.*木).*")),
    ("steel", re.compile(r"(?:重量)?鉄骨(?!.*(?:木|筋)).*")),
    ("wood", re.compile(r"木造(?!.*(?:鉄|ブロック|コンクリート)).*")),
)
_IN_PARENTHESES = re.compile(r"\(.*?\)")


def plain(text: str) -> str:
    """Normalise a text for comparisons: NFKC, case-folded, without white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).casefold())


def _set(words: str) -> frozenset[str]:
    return frozenset(plain(word) for word in words.split())


_YES_WORDS, _NO_WORDS, _UNKNOWN_WORDS = _set(_YES), _set(_NO), _set(_UNKNOWN)


def says_nothing(text: str) -> bool:
    """Return whether the text means "not known": a dash, or a word such as 不明."""
    return bool(_DASHES.fullmatch(text)) or plain(text) in _UNKNOWN_WORDS


def is_dash(text: str) -> bool:
    """Return whether the text consists of dashes only."""
    return bool(_DASHES.fullmatch(text))


def is_none(text: str) -> bool:
    """Return whether the text says that there is none: なし and its spellings."""
    return plain(text) in {"なし", "無し", "無", "特になし", "特に無し"}


def flag(text: str) -> bool | None:
    """Return True if the text means yes, False if it means no, None if neither."""
    for form in (plain(text), _IN_PARENTHESES.sub("", plain(text))):
        if form in _YES_WORDS or form in ("あり・可", "はい(あり・可)"):
            return True
        if form in _NO_WORDS or form in ("なし・不可", "いいえ(なし・不可)"):
            return False
    return None


@cache
def _members(name: str) -> dict[str, Choice]:
    kind = BY_NAME[name].choices
    assert kind is not None
    table: dict[str, Choice] = {}
    for member in kind:
        label = plain(member.message)
        table[label] = table[str(member)] = member
        table.setdefault(_IN_PARENTHESES.sub("", label), member)
    for value, words in _WORDS.get(name, {}).items():
        for word in words.split():
            table.setdefault(plain(word), kind(value))
    return table


def member(name: str, text: str) -> Choice | None:
    """Return the member of the field's vocabulary that the text means, or None."""
    table, form = _members(name), plain(text)
    for written in (form, _IN_PARENTHESES.sub("", form)):
        if written in table:
            return table[written]
    if name == "structure":
        kind = BY_NAME[name].choices
        assert kind is not None
        return next((kind(value) for value, pattern in _STRUCTURES if pattern.fullmatch(form)), None)
    return None

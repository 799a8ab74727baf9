"""Match the headers of a ledger's columns to fields, and find the units that headers name."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from akiya import units
from akiya.listings.fields import BY_NAME, FIELDS, FieldType
from akiya.listings.hazards import HazardKind

HEADER_WITHIN = 10
"""The header is looked for in this many rows: there may be a title above it."""
MUNICIPALITY, STATUS, DEAL = "municipality", "status", "deal"
"""Columns that are not fields: the home's municipality, its state (never changed by a ledger), sale or rent in one."""
OTHERS = {MUNICIPALITY: "市町村", STATUS: "状態", DEAL: "売買・賃貸の別"}

# Names of fields in ledgers, in addition to their labels. As people write them; compared by key().
_SYNONYMS: dict[str, str] = {
    MUNICIPALITY: "市町村名 自治体 自治体名 市区町村 市区町村名 団体名 全国地方公共団体コード 市町村コード",
    STATUS: "ステータス 募集状況 登録状況 公開状況 物件の状態",
    DEAL: "取引 取引形態 取引種別 取引区分 売買賃貸 売買賃貸の別 売買賃貸区分 売・貸 区分 希望取引 契約形態 売却・賃貸",
    "number": "番号 管理番号 登録番号 整理番号 受付番号 物件no 空き家番号 空家番号 no ID 物件ID 台帳番号 管理no 登録no",
    "title": "タイトル 物件名 物件名称 名称 見出し文 キャッチコピー",
    "town": "所在地 住所 町名 町字 町・字名 大字 字 地区 地区名 所在 物件所在地 物件の所在地 所在町名 町域 物件住所",
    "blur": "位置公開範囲 公開範囲",
    "is_sale": "売買 売却 売り 売却希望 売買希望 売る",
    "is_rent": "賃貸 貸し 賃貸希望 貸す 賃貸可",
    "kind": "物件種別 種類 物件種類 建物種別 用途",
    "price": "売却価格 希望価格 価格 販売価格 売却希望価格 希望売却価格 希望売買価格 売値 売価 売買金額 売却額 売却金額 希望金額",
    "rent": "賃料 家賃 月額賃料 月額家賃 希望賃料 賃貸価格 賃貸料 希望家賃 家賃月額 賃料月額",
    "price_negotiable": "応相談 価格相談 価格交渉",
    "price_demolished": "更地価格 更地渡し価格",
    "common_fee": "共益費 管理費 共益費・管理費",
    "structure": "建物構造 構造種別 主要構造",
    "storeys": "階建 階建て 建物階数 階層 地上階数",
    "built_on": "築年 建築年 建築年月日 築年月 築年月日 建築時期 建築年度 建設年 建設年月 新築年月 新築年月日 竣工年 建築日",
    "floor_area": "建物面積 床面積 延面積 延べ床面積 延べ面積 建物延床面積 総床面積 家屋面積 建物床面積",
    "layout": "間取 間取タイプ 部屋数",
    "vacant_since": "空き家時期 空家時期 空き家になった年月 空き家年月 空家となった時期 空き家となった時期",
    "traditional": "古民家",
    "land_area": "敷地面積 宅地面積 地積 土地地積 土地の面積",
    "land_measure": "公簿・実測 公簿実測 面積測定",
    "land_category": "土地地目 登記地目",
    "city_planning": "都市計画区域 区域区分 都市計画区分",
    "zoning": "用途地域区分",
    "land_right": "土地権利 権利 権利形態 敷地権利",
    "coverage_ratio": "建蔽率 建ぺい",
    "floor_ratio": "容積",
    "private_road": "私道",
    "setback": "セットバックの有無",
    "roads": "接道状況 接道条件 道路",
    "road_width": "道路幅員 前面道路幅員 接道幅員 幅員",
    "car_access": "車横付け 車両進入 車の進入 車進入",
    "rebuildable": "再建築可否 再建築の可否",
    "repair": "修繕の要否 補修 補修の要否 修繕状況 要修繕 改修 改修の要否 修繕の必要 補修状況",
    "belongings": "残置物 家財道具 家財の有無 残置物の有無 家財道具の有無",
    "handover": "引き渡し 引渡時期 引渡し時期 引渡 入居時期 引き渡し時期",
    "handover_on": "引渡日 引渡期日 入居可能日",
    "registered": "登記の有無 登記状況",
    "earthquake": "耐震 耐震性",
    "barrier_free": "バリアフリー",
    "diy": "DIY可否 DIY可",
    "pets": "ペット可 ペット可否 ペット飼育",
    "water": "上水道 給水 飲用水 水道設備 水",
    "gas": "ガス設備 ガス種別 ガスの種類",
    "drain": "下水 下水道 汚水 排水設備 生活排水 汚水処理",
    "toilet": "便所 トイレ設備 トイレ種別 便槽",
    "toilet_note": "トイレ備考",
    "bath": "浴室 風呂の有無 お風呂",
    "hot_water": "給湯設備 給湯器",
    "internet": "ネット インターネット環境 通信環境 ネット環境",
    "onsen": "温泉の有無",
    "parking": "駐車場の有無 駐車 駐車スペース 車庫・駐車場",
    "parking_spaces": "駐車場台数 駐車可能台数 駐車場(台)",
    "parking_note": "駐車場備考",
    "garden": "庭の有無 庭園",
    "farmland": "農地の有無 農地付き 田畑 畑 付属農地",
    "farmland_area": "農地面積 田畑面積",
    "shed": "倉庫 納屋 物置 倉庫納屋 附属建物 付属建物",
    "storehouse": "土蔵 蔵の有無",
    "garage": "ガレージ 車庫の有無",
    "shop_part": "店舗 店舗の有無",
    "business_allowed": "事業用 事業利用可",
    "sea": "海",
    "nature": "山・自然の近く",
    "station_line": "路線 沿線 最寄り路線 鉄道路線",
    "station": "最寄駅 駅 最寄りの駅 最寄り駅名 最寄駅名",
    "station_m": "駅距離 駅からの距離 最寄駅距離 最寄り駅までの距離 駅までの距離 駅徒歩 最寄駅まで 駅からの徒歩",
    "elementary_m": "小学校 小学校までの距離 小学校距離",
    "junior_high_m": "中学校 中学校までの距離 中学校距離",
    "nursery_m": "保育園 保育所 保育園まで 保育所・幼稚園 保育園までの距離 保育所までの距離",
    "supermarket_m": "スーパー スーパーまでの距離 買い物 商店",
    "convenience_m": "コンビニ コンビニまでの距離",
    "drug_store_m": "ドラッグストア ドラッグストアまでの距離",
    "hospital_m": "病院 医療機関 病院までの距離",
    "bank_m": "銀行 銀行までの距離 金融機関",
    "post_office_m": "郵便局 郵便局までの距離",
    "park_m": "公園 公園までの距離",
    "municipal_office_m": "役場 役所 市役所 町役場 役場までの距離 市役所まで 役場まで 村役場",
    **{str(kind): kind.headings for kind in HazardKind},
    "hazard_note": "災害備考 ハザード備考",
    "appeal": "アピールポイント PR pr文 アピール 特徴 物件の特徴 おすすめポイント セールスポイント 説明 物件説明 紹介",
    "remarks": "その他 特記事項 摘要 備考欄 特記",
    "conditions": "入居条件 利用条件 契約条件",
    "association": "自治会 町内会 区費 行政区",
    "association_fee": "自治会費 町内会費 自治会費年額",
    "mediation": "仲介の有無 媒介 仲介区分",
    "agent_name": "不動産業者 仲介者 宅建業者 不動産会社 担当業者 媒介業者 仲介業者名",
    "agent_licence": "免許番号 宅建業免許",
    "agent_phone": "業者電話 業者電話番号 仲介業者電話番号 不動産業者電話",
    "contact": "連絡先 問い合わせ先 担当課 担当 問合先",
    "live_viewing": "ビデオ通話内見 オンライン内見 オンライン内覧 オンライン内見可否 リモート内見 ビデオ内見",
    "lot_number": "地番 番地番号 所在地番 住所番地 詳細住所",
    "true_lat": "緯度北緯 北緯 lat latitude",
    "true_lon": "経度東経 東経 lon lng longitude",
    "owner_name": "所有者 所有者名 所有者氏名 登録者 登録者名 申込者 申込者氏名 持ち主 名義人",
    "owner_contact": "所有者連絡先 所有者電話 所有者電話番号 所有者住所 連絡先電話番号 登録者連絡先",
    "consent_on": "同意日 同意年月日 同意書受領日",
    "consent_scope": "同意範囲",
    "notes": "メモ 内部備考 職員メモ 担当者メモ 内部用",
}  # fmt: skip

# Units that a header may name in parentheses or after a colon or slash, with their size in the field's own unit.
_UNITS: dict[FieldType, dict[str, float]] = {
    FieldType.YEN: {"万円": 10_000, "千円": 1_000, "億円": 100_000_000},
    FieldType.AREA: {"坪": units.SQUARE_METRES_A_TSUBO, "畝": units.SQUARE_METRES_A_SE, "ha": 10_000},
    FieldType.METRES: {"分": units.METRES_A_MINUTE, "km": 1_000},
}
# Headers say 非公開 or 必須 in parentheses, which is not part of the column's name.
_IN_PARENTHESES = re.compile(r"[(\[〔【](.*?)[)\]〕】]")
# Marks that are not part of a column's name and are ignored in comparisons.
_DROPPED = re.compile(r"[\s※*＊・･.。、,:：/／_\-ー－~〜'\"「」#№°℃]")


def unit_of(name: str, header: str) -> tuple[str, float]:
    """Return the unit that the header names and its size in the field's own unit; ("", 1.0) if it names none."""
    field = BY_NAME.get(name)
    known = _UNITS.get(field.type, {}) if field else {}
    written = re.sub(r"\s", "", unicodedata.normalize("NFKC", header))
    for text in _IN_PARENTHESES.findall(written) or re.findall(r"[:/](.+)$", written):
        for unit, factor in known.items():
            if text.removeprefix("単位").strip(":") in (unit, "徒歩" + unit):
                return unit, factor
    return "", 1.0


@cache
def key(header: str) -> str:
    """Normalise a header for comparisons: without parenthesised text, spaces and marks."""
    text = unicodedata.normalize("NFKC", header).casefold()
    bare = _DROPPED.sub("", _IN_PARENTHESES.sub("", text))
    return bare or _DROPPED.sub("", text)


@cache
def _known() -> dict[str, str]:
    table: dict[str, str] = {}
    for name, label in [*OTHERS.items(), *((field.name, field.message) for field in FIELDS)]:
        table.setdefault(key(label), name)
    for name, words in _SYNONYMS.items():
        for word in words.split():
            table.setdefault(key(word), name)
    return table


def label_of(name: str) -> str:
    """Return the Japanese label of a field or other column."""
    return OTHERS.get(name) or BY_NAME[name].message


def is_column(name: str) -> bool:
    """Return whether there is a field or other column of this name."""
    return name in OTHERS or name in BY_NAME


@dataclass(frozen=True)
class Header:
    """The header of a sheet: its row number, and [header, field or ""] for each column."""

    row: int
    columns: list[list[str]]

    @property
    def fields(self) -> list[str]:
        """Return the fields that the header's columns were matched to."""
        return [name for _header, name in self.columns if name]


def match(texts: Sequence[str], remembered: Mapping[str, str]) -> list[list[str]]:
    """Return [header, field or ""] for each header.

    `remembered` (field by header) takes precedence over the general names. A field is matched once: to the column that is
    remembered for it, otherwise to the first one.
    """
    given = {remembered[text] for text in texts if remembered.get(text)}
    columns = []
    for text in texts:
        name = remembered.get(text)
        if name is None:
            name = _known().get(key(text), "") if text else ""
            name = "" if name in given else name
            given.add(name)
        columns.append([text, name])
    return columns


def find(rows: Sequence[tuple[int, Sequence[str]]], remembered: Mapping[str, str]) -> Header | None:
    """Find the header among the first `rows` (number, texts): the row with most matched fields.

    If hardly any field matches, return the first row with two texts.
    """
    best: Header | None = None
    best_score = 0
    for number, texts in rows[:HEADER_WITHIN]:
        header = Header(number, match(texts, remembered))
        score = len(header.fields) + (2 if "number" in header.fields else 0)
        if score > best_score:
            best, best_score = header, score
    if best is not None and (best_score > 1 or "number" in best.fields):
        return best
    for number, texts in rows[:HEADER_WITHIN]:
        if sum(bool(text) for text in texts) > 1:
            return Header(number, match(texts, remembered))
    return best

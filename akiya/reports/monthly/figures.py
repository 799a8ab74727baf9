"""The columns of report R1, each with its exact definition."""

from akiya.reports.table import CellType, ReportColumn

UNCONFIRMED_DAYS = 90

_ENDED = (
    "その月に{0}となり、月末にも{0}のままの物件。日付を直したものは直したあとの日で数える。"
    "募集に戻ったあと再び{0}となったものは、その月にも数える。"
)
_MOVED = "その月の成約（上と同じ数え方）のうち、使い方が「移住・定住」か「二地域居住」と答えのある"


def _sum(key: str, label: str, definition: str) -> ReportColumn:
    return ReportColumn(key, label, definition, summed=True)


FIGURES = (
    _sum(
        "new_sale",
        "新規登録（売買）",
        "その月に初めて公開した物件のうち、今の登録で、土地でなく売買を希望するもの。売買・賃貸の両方は両方に数える。",
    ),
    _sum(
        "new_rent",
        "新規登録（賃貸）",
        "その月に初めて公開した物件のうち、今の登録で、土地でなく賃貸を希望するもの。",
    ),
    _sum("new_land", "新規登録（土地）", "その月に初めて公開した土地。売買・賃貸を問わない。"),
    ReportColumn("open", "掲載中（募集中）", "月末（今月は作成日）に募集中の物件。"),
    ReportColumn("negotiating", "商談中", "月末（今月は作成日）に商談中の物件。"),
    _sum("contracted", "成約", _ENDED.format("成約") + "成約日が不明なものは、成約と分かった日で数える。"),
    _sum(
        "contracted_sale",
        "成約（売買）",
        "成約のうち、土地でなく、取引が売買のもの。取引の答えがなく売買・賃貸の両方で出ていたものは、成約にだけ数える。",
    ),
    _sum("contracted_rent", "成約（賃貸）", "成約のうち、土地でなく、取引が賃貸のもの。"),
    _sum("contracted_land", "成約（土地）", "成約のうち、土地。"),
    _sum("withdrawn", "取下げ", _ENDED.format("取下げ")),
    _sum("expired", "期限満了", _ENDED.format("期限満了")),
    ReportColumn(
        "rate",
        "成約率（%）",
        "成約 ÷（成約＋取下げ＋期限満了）。その月の件数で求める。終わった物件がなければ空欄。",
        CellType.PERCENT,
    ),
    ReportColumn(
        "days",
        "平均掲載日数",
        "その月の成約・取下げ・期限満了の物件の、初めて公開した日から終わった日までの日数の平均（小数1桁）。"
        "公開した日の分からないものを除く。なければ空欄。",
        CellType.MEAN,
    ),
    _sum("inquiries", "問合せ", "その月の問合せの記録。"),
    _sum("viewings", "内覧", "その月の内覧の記録。"),
    _sum("online", "オンライン内見", "その月のオンライン内見の記録。"),
    _sum(
        "views",
        "閲覧",
        "その月に物件のページが開かれた回数（日本時間の日ごとの記録の合計）。物件の今の市町村で数える。",
    ),
    ReportColumn(
        "panorama",
        "360付き",
        "月末に募集中・商談中で、360度画像を公開している物件（今公開している画像が月末までに入れられたもの）。",
    ),
    ReportColumn(
        "unconfirmed",
        f"{UNCONFIRMED_DAYS}日未確認",
        f"月末に募集中・商談中で、公開または最後の確認から{UNCONFIRMED_DAYS}日を超えた物件。",
    ),
    _sum("households", "移住世帯", f"{_MOVED}もの。"),
    _sum("people", "移住者", f"{_MOVED}ものの、入居する人数の合計。人数の答えのないものは0人とする。"),
    _sum(
        "from_outside",
        "うち県外（世帯）",
        "移住世帯のうち、前の住所の都道府県（海外を含む）に答えがあり、この県でないもの。",
    ),
    _sum("with_children", "うち子育て世帯", "移住世帯のうち、18歳未満が1人以上と答えのあるもの。"),
)
_MONTH = (
    ReportColumn("month", "年月", "西暦の年-月。今月は作成日まで。", CellType.TEXT),
    ReportColumn("era", "和暦", "", CellType.TEXT),
)
_PLACE = (
    ReportColumn("code", "全国地方公共団体コード", "6桁（検査数字つき）。", CellType.TEXT),
    ReportColumn("name", "市町村名", "", CellType.TEXT),
)
COLUMNS = (*_PLACE, *_MONTH, *FIGURES)
WHOLE_COLUMNS = (*_MONTH, *FIGURES)

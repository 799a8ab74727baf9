"""Invented listings for the demonstration, half-empty like real ones and the same each time. No real person or place."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from akiya.listings.enums import (
    Belongings,
    CityPlanning,
    DatePrecision,
    Deal,
    Drain,
    Gas,
    Handover,
    HazardExposure,
    HotWater,
    Internet,
    LandMeasure,
    LandRight,
    Mediation,
    PropertyKind,
    Repair,
    Status,
    Structure,
    Toilet,
    Use,
    Water,  # fmt: skip
)
from akiya.listings.hazards import HazardKind
from akiya.municipalities.models import Municipality
from akiya.values import Values

_TOWNS = (
    "上の原",
    "中島",
    "東川",
    "西園",
    "下村",
    "北野",
    "南谷",
    "柿の木",
    "古城",
    "湯の元",
    "松尾",
    "清水",
    "梅林",
    "桜町",
)
_VIEWS = (
    "山並みを望む",
    "棚田を見下ろす",
    "川の音がする",
    "日当たりのよい",
    "庭の広い",
    "静かな",
    "集落の中ほどの",
    "高台の",
)
_OPENINGS = (
    "南向きの縁側から、朝の光がよく入ります。",
    "太い梁が残る、しっかりした造りの家です。",
    "数年前に台所と浴室を直してあります。",
    "集落のはずれにあり、夜は星がよく見えます。",
    "庭には柿と梅の木があり、畑もすぐ始められます。",
    "玄関の土間が広く、道具や自転車を置けます。",
    "親族が月に一度、風を通しに通っていました。",
)
_MIDDLES = (
    "雨どいと外壁の一部に傷みがあり、手入れが必要です。",
    "畳は表替えをしたほうがよい状態です。",
    "屋根は10年ほど前にふき替えました。",
    "軽自動車なら敷地の中で向きを変えられます。",
    "冬は薪ストーブを置いて使っていました。",
    "携帯電話は主な会社の電波が入ります。",
)
_ENDINGS = (
    "ご近所は世話好きな方が多く、見学のときに紹介できます。",
    "地域の清掃が年に4回あります。",
    "学校の統合が決まっているので、通学の方法をご相談ください。",
    "買い物は車で10分ほどです。",
    "移住の体験住宅に泊まって、暮らしを試すこともできます。",
    "",
)
_SOURCES = ("東京都", "福岡県", "大阪府", "神奈川県", "熊本県", "千葉県", "愛知県", "広島県")


@dataclass
class House:
    """An invented listing: values by column name, its states with their days, and the answers given at its closing."""

    municipality_code: str
    values: Values
    status: Status
    published_on: date | None = None
    confirmed_on: date | None = None
    negotiating_since: date | None = None
    closed_on: date | None = None
    closing: Values = field(default_factory=dict)


def houses(municipalities: Sequence[Municipality], today: date, count: int = 200, seed: int = 43) -> list[House]:
    """Invent about `count` listings, at least one for each municipality; the same arguments give the same listings."""
    rng = random.Random(seed)  # noqa: S311  (invented data, not a secret)
    shares = [max(1, round(count / max(1, len(municipalities)) + rng.uniform(-1.6, 1.6))) for _ in municipalities]
    made = []
    for municipality, share in zip(municipalities, shares, strict=True):
        style = rng.choice(("空き家第{n}号", "R{y}-{n:03d}", "家-{n}", "{n}", "No.{n}", "第{n}号"))
        for n in range(1, share + 1):
            number = style.format(n=n, y=rng.randint(4, 8))
            made.append(house(rng, municipality, number, today))
        _number_apart(made[-share:])
    return made


def _number_apart(group: Sequence[House]) -> None:
    seen: set[str] = set()
    for house in group:
        while house.values["number"] in seen:
            house.values["number"] += "-2"
        seen.add(house.values["number"])


def house(rng: random.Random, municipality: Municipality, number: str, today: date) -> House:
    """Invent a listing of the municipality in a random state."""
    kind = rng.choices((PropertyKind.HOUSE, PropertyKind.LAND, PropertyKind.BUSINESS), (84, 12, 4))[0]
    town = rng.choice(_TOWNS)
    values: Values = {"number": number, "town": town, "kind": kind}
    values.update(_deal(rng, kind))
    values.update(_land(rng, kind))
    if kind is not PropertyKind.LAND:
        values.update(_building(rng))
        values.update(_utilities(rng))
        values.update(_outside(rng))
    values.update(_life(rng))
    values.update(_words(rng, kind, values))
    values.update(_private(rng, municipality))
    return _life_of(rng, House(municipality.code, values, Status.OPEN), today)


def _some(rng: random.Random, share: float, **values: object) -> Values:
    """Return the values with the probability `share`, otherwise nothing: not stated."""
    return values if rng.random() < share else {}


def _deal(rng: random.Random, kind: PropertyKind) -> Values:
    deal = rng.choices(("sale", "rent", "both"), (83, 13, 4))[0] if kind is not PropertyKind.LAND else "sale"
    values: Values = {"is_sale": deal != "rent", "is_rent": deal != "sale"}
    price = round(rng.lognormvariate(15.38, 0.86) / 100_000) * 100_000
    if values["is_sale"]:
        values |= {"price": max(100_000, min(price, 38_000_000))} if rng.random() < 0.94 else {"price_negotiable": True}
    if values["is_rent"]:
        values["rent"] = rng.choice(
            (15_000, 20_000, 25_000, 30_000, 35_000, 40_000, 45_000, 50_000, 55_000, 65_000, 80_000)
        )
    return values | _some(rng, 0.12, price_negotiable=True)


def _land(rng: random.Random, kind: PropertyKind) -> Values:
    return {
        **_some(rng, 0.85, land_area=round(min(2500.0, rng.lognormvariate(5.76, 0.55)), 2)),
        **_some(rng, 0.3, land_measure=LandMeasure.REGISTERED),
        **_some(rng, 0.48, land_category="宅地"),
        **_some(rng, 0.4, city_planning=rng.choice((CityPlanning.OUTSIDE, CityPlanning.UNDIVIDED, CityPlanning.URBAN))),
        **_some(rng, 0.35, land_right=LandRight.OWNERSHIP),
        **_some(rng, 0.3, road_width=rng.choice((1.8, 2.5, 3.0, 4.0, 4.2, 5.5, 6.0))),
        **_some(rng, 0.35, car_access=rng.random() < 0.85),
        **_some(rng, 0.22 if kind is not PropertyKind.LAND else 0.4, rebuildable=rng.random() < 0.88),
    }


def _building(rng: random.Random) -> Values:
    year = int(min(2021, max(1905, rng.gauss(1973, 17))))
    precision = rng.choices((DatePrecision.YEAR, DatePrecision.MONTH, DatePrecision.DAY), (55, 35, 10))[0]
    built = date(
        year,
        1 if precision is DatePrecision.YEAR else rng.randint(1, 12),
        1 if precision is not DatePrecision.DAY else 15,
    )
    return {
        **_some(rng, 0.78, built_on=built, built_precision=precision),
        **_some(rng, 0.88, structure=rng.choices((Structure.WOOD, Structure.LIGHT_STEEL, Structure.RC), (92, 5, 3))[0]),
        **_some(rng, 0.6, storeys=rng.choices((1, 2), (55, 45))[0]),
        **_some(rng, 0.89, floor_area=round(min(420.0, rng.lognormvariate(4.78, 0.36)), 2)),
        **_some(
            rng, 0.97, layout=rng.choice(("3DK", "4DK", "4LDK", "5DK", "5LDK", "6DK", "3LDK", "7DK", "4K", "2LDK"))
        ),
        **_some(rng, 0.4, repair=rng.choices((Repair.NONE, Repair.MINOR, Repair.MAJOR), (30, 48, 22))[0]),
        **_some(rng, 0.35, belongings=rng.choice((Belongings.REMOVED, Belongings.REMAIN))),
        **_some(rng, 0.35, handover=rng.choice((Handover.IMMEDIATE, Handover.IMMEDIATE, Handover.NEGOTIABLE))),
        **_some(rng, 0.3, diy=rng.random() < 0.8),
        **_some(rng, 0.2, pets=rng.random() < 0.6),
        **_some(rng, 0.12, barrier_free=rng.random() < 0.5),
    }


def _utilities(rng: random.Random) -> Values:
    return {
        **_some(rng, 0.72, water=rng.choices((Water.PUBLIC, Water.WELL, Water.SPRING), (82, 14, 4))[0]),
        **_some(rng, 0.68, gas=rng.choices((Gas.LP, Gas.CITY), (92, 8))[0]),
        **_some(rng, 0.73, drain=rng.choices((Drain.SEPTIC, Drain.SEWER, Drain.PIT), (40, 32, 28))[0]),
        **_some(rng, 0.55, toilet=rng.choices((Toilet.FLUSH, Toilet.SIMPLE_FLUSH, Toilet.PIT), (62, 12, 26))[0]),
        **_some(rng, 0.5, bath=rng.random() < 0.96),
        **_some(rng, 0.3, hot_water=rng.choice((HotWater.GAS, HotWater.OIL, HotWater.ELECTRIC))),
        **_some(rng, 0.1, all_electric=True),
        **_some(rng, 0.3, internet=rng.choice((Internet.FIBRE, Internet.FIBRE, Internet.MOBILE))),
        **_some(rng, 0.06, onsen=True),
    }


def _outside(rng: random.Random) -> Values:
    spaces = rng.choice((0, 1, 1, 2, 2, 3, 4))
    return {
        **_some(rng, 0.62, parking=spaces > 0, parking_spaces=spaces),
        **_some(rng, 0.45, garden=rng.random() < 0.92),
        **_some(rng, 0.16, farmland=True, farmland_area=float(rng.randint(1, 24) * 50)),
        **_some(rng, 0.25, shed=True),
        **_some(rng, 0.07, storehouse=True),
        **_some(rng, 0.12, garage=True),
        **_some(rng, 0.06, shop_part=True),
        **_some(rng, 0.3, nature=True),
        **_some(rng, 0.12, sea=True),
    }


def _life(rng: random.Random) -> Values:
    def metres(low: int, high: int) -> int:
        return rng.randint(low // 50, high // 50) * 50

    risks = {
        str(kind): rng.choices((HazardExposure.OUTSIDE, HazardExposure.INSIDE), (80, 20))[0]
        for kind in HazardKind
        if rng.random() < 0.5
    }
    return {
        **_some(rng, 0.55, station_m=metres(300, 9000), station="見本駅", station_line="見本線"),
        **_some(rng, 0.6, elementary_m=metres(200, 4000)),
        **_some(rng, 0.45, junior_high_m=metres(400, 6000)),
        **_some(rng, 0.5, supermarket_m=metres(300, 6000)),
        **_some(rng, 0.4, convenience_m=metres(150, 4000)),
        **_some(rng, 0.35, hospital_m=metres(400, 9000)),
        **_some(rng, 0.25, post_office_m=metres(200, 3000)),
        **risks,
    }


def _words(rng: random.Random, kind: PropertyKind, values: Values) -> Values:
    noun = {PropertyKind.LAND: "土地", PropertyKind.BUSINESS: "店舗つきの家"}.get(
        kind, "平屋" if values.get("storeys") == 1 else "家"
    )
    texts = {"title": f"{rng.choice(_VIEWS)}{noun}"} if rng.random() < 0.8 else {}
    if rng.random() < 0.7:
        parts = (
            (_OPENINGS, _MIDDLES, _ENDINGS)
            if kind is not PropertyKind.LAND
            else (("日当たりがよく、平らな土地です。",), _ENDINGS)
        )
        texts["appeal"] = "".join(rng.choice(part) for part in parts)
    agent = rng.random() < 0.55
    return {
        **texts,
        **_some(
            rng,
            0.3,
            conditions=rng.choice(
                ("定住していただける方。", "自治会に入っていただける方。", "契約の前に現地を見ていただきます。")
            ),
        ),
        **_some(
            rng,
            0.25,
            association="月に1回の集まりと、年2回の祭りがあります。",
            association_fee=rng.choice((3600, 6000, 12000)),
        ),
        "mediation": Mediation.AGENT if agent else Mediation.MUNICIPALITY,
        **(
            {"agent_name": "見本不動産", "agent_licence": "見本知事(1)第0000号", "agent_phone": "000-000-0000"}
            if agent
            else {}
        ),
    }


def _private(rng: random.Random, municipality: Municipality) -> Values:
    return {
        "true_lon": round(municipality.lon + rng.uniform(-0.035, 0.035), 6),
        "true_lat": round(municipality.lat + rng.uniform(-0.03, 0.03), 6),
        "owner_name": f"見本 所有者{rng.randint(1, 999)}",
        "lot_number": f"{rng.randint(1, 2400)}番地{rng.randint(1, 9)}",
        "notes": "見本の内部メモ",
    }


def _life_of(rng: random.Random, house: House, today: date) -> House:
    house.status = rng.choices(
        (Status.OPEN, Status.NEGOTIATING, Status.CONTRACTED, Status.WITHDRAWN, Status.EXPIRED, Status.DRAFT),
        (74, 9, 11, 2, 2, 2),
    )[0]
    if house.status is Status.DRAFT:
        return house
    house.published_on = today - timedelta(days=int(rng.triangular(3, 600, 60)))
    listed = (today - house.published_on).days
    if house.status in (Status.OPEN, Status.NEGOTIATING):
        house.confirmed_on = today - timedelta(days=min(listed, int(rng.triangular(0, 130, 12))))
    if house.status is Status.NEGOTIATING:
        house.negotiating_since = today - timedelta(days=rng.randint(0, min(listed, 30)))
    if house.status in (Status.CONTRACTED, Status.WITHDRAWN, Status.EXPIRED):
        house.closed_on = house.published_on + timedelta(days=rng.randint(1, max(1, listed)))
    if house.status is Status.CONTRACTED:
        deal = Deal.RENT if house.values["is_rent"] else Deal.SALE
        house.closing = {
            "deal": deal,
            **_some(rng, 0.5, agreed_amount=house.values.get("price") or house.values.get("rent")),
            **_some(rng, 0.7, household_size=rng.randint(1, 5), previous_prefecture=rng.choice(_SOURCES)),
            **_some(
                rng, 0.5, use=rng.choice((Use.HOME, Use.HOME, Use.TWO_BASE, Use.BUSINESS)), children=rng.randint(0, 2)
            ),
        }
    return house


def stages(house: House) -> Iterator[tuple[Status, date]]:
    """Yield the states that the house went through after its draft, each with its first day."""
    if house.published_on is None:
        return
    yield Status.OPEN, house.published_on
    if house.negotiating_since:
        yield Status.NEGOTIATING, house.negotiating_since
    if house.closed_on:
        yield house.status, house.closed_on

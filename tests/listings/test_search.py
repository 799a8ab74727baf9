"""The search answers what plain Python answers, on both engines."""

import random
from datetime import date
from typing import Any

import pytest
from flask import Flask

from akiya import geo
from akiya.db import db
from akiya.listings import imports, search
from akiya.listings.enums import LISTED, Deal, Kind, Precision, Status
from akiya.listings.models import Listing
from akiya.listings.pictograms import BITS, PICTOGRAMS
from akiya.listings.search import Criteria, Sort
from akiya.municipalities import service as municipalities
from tests import factories

CODES = ("43214", "43202", "43100", "43424")


def many(count: int = 300) -> None:
    rng = random.Random(11)
    rows = []
    for number in range(count):
        sale = rng.random() < 0.8
        rows.append(
            Listing(
                municipality_code=rng.choice(CODES),
                number=str(number),
                lon=round(rng.uniform(130.1, 131.3), 6),
                lat=round(rng.uniform(32.1, 33.2), 6),
                precision=Precision.MESH_250,
                status=rng.choices(list(Status), [3, 1, 1, 1, 60, 10, 10, 1, 1, 5, 5])[0],
                version=1,
                is_sale=sale,
                is_rent=not sale or rng.random() < 0.1,
                kind=rng.choice(list(Kind)),
                price=rng.choice((None, rng.randint(1, 90) * 100_000)),
                rent=rng.choice((None, rng.randint(10, 90) * 1000)),
                floor_area=rng.choice((None, float(rng.randint(40, 300)))),
                land_area=rng.choice((None, float(rng.randint(90, 900)))),
                built_on=rng.choice((None, date(rng.randint(1920, 2020), 1, 1))),
                features=rng.getrandbits(40) & rng.getrandbits(40),
                published_on=date(2026, rng.randint(1, 9), rng.randint(1, 28)),
                search_text=rng.choice(("阿蘇 庭 100%", "山鹿 温泉 a_b", "天草 海 庭", "")),
            )
        )
    db.session.add_all(rows)
    db.session.commit()


def random_criteria(rng: random.Random) -> Criteria:
    """Boxes, radii and filters, a few at a time."""
    lon, lat = rng.uniform(130.2, 131.2), rng.uniform(32.2, 33.1)
    some: dict[str, Any] = {
        "bbox": (lon - 0.4, lat - 0.3, lon + 0.4, lat + 0.3),
        "near": (lon, lat),
        "municipalities": tuple(rng.sample(CODES, 2)),
        "deals": (rng.choice(list(Deal)),),
        "kinds": tuple(rng.sample(list(Kind), 2)),
        "price_max": rng.randint(10, 80) * 100_000,
        "price_min": rng.randint(1, 30) * 100_000,
        "rent_max": rng.randint(20, 80) * 1000,
        "floor_min": float(rng.randint(60, 200)),
        "land_max": float(rng.randint(200, 800)),
        "built_since": rng.randint(1930, 2010),
        "features": tuple(p.key for p in rng.sample(PICTOGRAMS, rng.randint(1, 2))),
        "words": (rng.choice(("庭", "温泉", "%", "_", "海", "a_b")),),
        "sort": rng.choice([Sort.NEWEST, Sort.PRICE_ASC, Sort.PRICE_DESC, Sort.AREA]),
    }
    chosen = {name: some[name] for name in rng.sample(list(some), rng.randint(1, 4))}
    if "near" in chosen:
        chosen["radius_m"] = rng.uniform(2_000, 60_000)
    return Criteria(**chosen)


def fits(home: Any, c: Criteria) -> bool:
    """The criteria in plain Python."""
    tests = [
        home.status in LISTED,
        not c.municipalities or home.municipality_code in c.municipalities,
        not c.deals or (Deal.SALE in c.deals and home.is_sale) or (Deal.RENT in c.deals and home.is_rent),
        not c.kinds or home.kind in c.kinds,
        c.built_since is None or (home.built_on is not None and home.built_on.year >= c.built_since),
        all(home.features & BITS[key] for key in c.features),
        all(word in home.search_text for word in c.words),
        c.bbox is None or (c.bbox[0] <= home.lon <= c.bbox[2] and c.bbox[1] <= home.lat <= c.bbox[3]),
        c.near is None or c.radius_m is None or geo.distance_m(c.near, (home.lon, home.lat)) <= c.radius_m,
    ]
    for name, value in (
        ("price", home.price),
        ("rent", home.rent),
        ("floor", home.floor_area),
        ("land", home.land_area),
    ):
        least, most = getattr(c, f"{name}_min"), getattr(c, f"{name}_max")
        tests.append(least is None or (value is not None and value >= least))
        tests.append(most is None or (value is not None and value <= most))
    return all(tests)


def agree(everything: list[Any], rounds: int, seed: int) -> int:
    """Asserts that search and plain Python agree; returns how many answers were not empty."""
    rng, filled = random.Random(seed), 0
    for _ in range(rounds):
        criteria = random_criteria(rng)
        expected = {home.id for home in everything if fits(home, criteria)}
        rows, total = search.find(criteria, 1000)
        assert {row.id for row in rows} == expected, criteria
        assert total == len(expected)
        counted = search.counts_by_municipality(Criteria(**{**vars(criteria), "municipalities": ()}))
        without = Criteria(**{**vars(criteria), "municipalities": ()})
        assert sum(counted.values()) == sum(fits(home, without) for home in everything)
        filled += bool(expected)
    return filled


def test_fifty_random_searches_equal_brute_force(app: Flask) -> None:
    with app.app_context():
        many()
        assert agree(list(db.session.scalars(db.select(Listing))), 50, seed=5) > 15


def test_real_listings_equal_brute_force(app: Flask, shared) -> None:
    with app.app_context():
        municipalities.import_municipalities(shared / "data/kumamoto/kumamoto_municipalities.geojson", "熊本県")
        municipalities.import_towns(shared / "data/kumamoto/kumamoto_towns.csv")
        file = shared / "data/akiya-listings/registered_kyushu.csv"
        imports.import_listings(file, as_of=date(2025, 3, 31), prefecture="熊本県")
        everything = list(db.session.scalars(db.select(Listing)))
        assert len(everything) == 117
        agree(everything, 50, seed=7)
    answer = app.test_client().get("/listings.geojson?limit=200").get_json()
    assert answer["numberMatched"] == answer["numberReturned"] == 117


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.PRICE_ASC, Sort.PRICE_DESC, Sort.AREA, Sort.DISTANCE])
def test_every_order_puts_what_is_not_stated_last_and_pages_without_gaps(app: Flask, sort: Sort) -> None:
    with app.app_context():
        many(120)
        criteria = Criteria(sort=sort, near=(130.7, 32.8) if sort is Sort.DISTANCE else None)
        whole, total = search.find(criteria, 1000)
        paged = [row.id for offset in range(0, total, 7) for row in search.find(criteria, 7, offset)[0]]
        assert paged == [row.id for row in whole]
        values = {
            Sort.NEWEST: [-row.published_on.toordinal() for row in whole],
            Sort.PRICE_ASC: [(row.price is None, row.price or 0) for row in whole],
            Sort.PRICE_DESC: [(row.price is None, -(row.price or 0)) for row in whole],
            Sort.AREA: [(row.floor_area is None, -(row.floor_area or 0)) for row in whole],
            # To the millimetre: the engines' sines differ in the last bit.
            Sort.DISTANCE: [round(geo.distance_m((130.7, 32.8), (row.lon, row.lat)), 3) for row in whole],
        }[sort]
        assert values == sorted(values)


def test_only_the_public_point_is_searched(app: Flask, people: dict[str, int]) -> None:
    true = (131.05, 32.9501)
    with app.app_context():
        listing_id = factories.listing(people["aoi"], true_lon=true[0], true_lat=true[1])
        row = search.find(Criteria(), 10)[0][0]
        assert (row.lon, row.lat) == geo.mesh_centre(true)
        assert (row.lon, row.lat) != true
        around_true = Criteria(bbox=(true[0] - 1e-5, true[1] - 1e-5, true[0] + 1e-5, true[1] + 1e-5))
        assert search.find(around_true, 10)[1] == 0
        assert search.find(Criteria(near=geo.mesh_centre(true), radius_m=1), 10)[0][0].id == listing_id

"""The search gives the same answers as plain Python, on both engines."""

import random
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import joinedload

from akiya import geo
from akiya.catalogue.answer import SearchResult
from akiya.catalogue.columns import rooms
from akiya.catalogue.parameters import Criteria
from akiya.catalogue.sorting import Sort
from akiya.db import db, today, transaction
from akiya.listings import search
from akiya.listings.enums import Deal, HazardExposure, Precision, PropertyKind, Status
from akiya.listings.hazards import HazardKind
from akiya.listings.models import Listing
from akiya.listings.pictograms import PICTOGRAMS
from akiya.municipalities import service as municipalities
from akiya.municipalities.enums import Tag
from akiya.municipalities.models import Municipality
from akiya.national_bank import importing
from tests import factories
from tests.catalogue import reference

pytestmark = pytest.mark.engines

CODES = ("43214", "43202", "43100", "43424")


def many(count: int = 300) -> None:
    rng = random.Random(11)
    rows = []
    for number in range(count):
        sale = rng.random() < 0.8
        head = rng.choice(("阿蘇 庭", "山鹿 温泉", "天草 海"))
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
                kind=rng.choice(list(PropertyKind)),
                price=rng.choice((None, rng.randint(1, 90) * 100_000)),
                rent=rng.choice((None, rng.randint(10, 90) * 1000)),
                floor_area=rng.choice((None, float(rng.randint(40, 300)))),
                land_area=rng.choice((None, float(rng.randint(90, 900)))),
                built_on=rng.choice((None, date(rng.randint(1920, 2020), 1, 1))),
                layout=rng.choice(list(reference.ROOMS)),
                station_m=rng.choice((None, rng.randint(1, 50) * 100)),
                **{str(hazard): rng.choice((None, *HazardExposure)) for hazard in HazardKind},
                features=rng.getrandbits(40) & rng.getrandbits(40),
                live_viewing=rng.choice((None, None, True, False)),
                published_on=date(2026, rng.randint(1, 9), rng.randint(1, 28)),
                confirmed_on=rng.choice((None, date(2026, rng.randint(1, 9), 1))),
                review_due_on=rng.choice((None, date(2026, rng.randint(1, 9), 1), date(2099, 1, 1))),
                updated_at=datetime(2026, rng.randint(1, 9), rng.randint(1, 28), 15, tzinfo=UTC),
                search_head=head,
                search_text=f"{head} {rng.choice(('100% 庭', 'a_b 温泉', '海が近い', ''))}",
            )
        )
    with transaction() as session:
        session.add_all(rows)
        for code, tags in ((CODES[0], "settle,trial_stay"), (CODES[1], "settle"), (CODES[2], "online")):
            session.get(Municipality, code).tags = tags
        session.get(Municipality, CODES[1]).live_viewing = True


def random_criteria(rng: random.Random) -> Criteria:
    """Return random boxes, radii and filters, a few at a time."""
    lon, lat = rng.uniform(130.2, 131.2), rng.uniform(32.2, 33.1)
    some: dict[str, Any] = {
        "bbox": (lon - 0.4, lat - 0.3, lon + 0.4, lat + 0.3),
        "near": (lon, lat),
        "municipalities": tuple(rng.sample(CODES, 2)),
        "tags": (rng.choice(list(Tag)[:2]),),
        "deals": (rng.choice(list(Deal)),),
        "kinds": tuple(rng.sample(list(PropertyKind), 2)),
        "price_max": rng.randint(10, 80) * 100_000,
        "price_min": rng.randint(1, 30) * 100_000,
        "rent_max": rng.randint(20, 80) * 1000,
        "rent_min": rng.randint(10, 60) * 1000,
        "floor_min": float(rng.randint(60, 200)),
        "floor_max": float(rng.randint(60, 250)),
        "land_min": float(rng.randint(100, 400)),
        "land_max": float(rng.randint(200, 800)),
        "built_since": rng.randint(1930, 2010),
        "rooms_min": rng.randint(1, 6),
        "station_max": rng.randint(3, 40) * 100,
        "features": tuple(p.key for p in rng.sample(PICTOGRAMS, rng.randint(1, 2))),
        "outside": tuple(rng.sample(list(HazardKind), rng.randint(1, 2))),
        "free": True,
        "live": True,
        "confirmed_since": date(2026, rng.randint(1, 9), 1),
        "updated_since": date(2026, rng.randint(1, 9), rng.randint(1, 28)),
        "words": tuple(rng.sample(("庭", "温泉", "%", "_", "海", "a_b", "海が近い", "鹿"), rng.choice((1, 1, 2)))),
        "sort": rng.choice([None, Sort.NEWEST, Sort.PRICE_ASC, Sort.PRICE_DESC, Sort.AREA, Sort.WAITING]),
    }
    chosen = {name: some[name] for name in rng.sample(list(some), rng.randint(1, 4))}
    if "near" in chosen:
        chosen["radius_m"] = rng.uniform(2_000, 60_000)
    if "outside" in chosen:
        chosen["unchecked"] = rng.random() < 0.3
    return Criteria(**chosen)


def agree(everything: list[Any], rounds: int, seed: int) -> int:
    """Assert that search and plain Python agree; return how many answers were not empty."""
    rng, filled = random.Random(seed), 0
    for _ in range(rounds):
        criteria = random_criteria(rng)
        expected, facets = reference.answer(everything, criteria)
        answer = SearchResult(criteria)
        assert (answer.ids(1000), answer.total) == (expected, len(expected)), criteria
        assert answer.facets(reference.BANDS) == facets, criteria
        filled += bool(expected)
    return filled


@pytest.mark.slow
def test_500_random_searches_and_every_facet_equal_brute_force(app: Flask) -> None:
    """Compare both engines with the same reference, and so with each other."""
    with app.app_context():
        many(150)
        everything = db.session.scalars(db.select(Listing).options(joinedload(Listing.municipality))).all()
        assert agree(list(everything), 500, seed=5) > 200


def test_real_listings_equal_brute_force(app: Flask, shared) -> None:
    with app.app_context():
        municipalities.import_municipalities(shared / "data/kumamoto/kumamoto_municipalities.geojson", "熊本県")
        municipalities.import_towns(shared / "data/kumamoto/kumamoto_towns.csv")
        file = shared / "data/akiya-listings/registered_kyushu.csv"
        importing.import_listings(file, as_of=date(2025, 3, 31), prefecture="熊本県")
        everything = list(db.session.scalars(db.select(Listing)))
        assert len(everything) == 117
        reference.ROOMS.update({home.layout: None if (n := rooms(home.layout)) < 0 else n for home in everything})
        agree(everything, 50, seed=7)
    answer = app.test_client().get("/listings.geojson?limit=200").get_json()
    assert answer["numberMatched"] == answer["numberReturned"] == 117


def overdue(row: Any) -> bool:
    return row.review_due_on is not None and row.review_due_on < today()


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.PRICE_ASC, Sort.PRICE_DESC, Sort.AREA, Sort.DISTANCE])
def test_every_order_puts_what_is_not_stated_last_and_pages_without_gaps(app: Flask, sort: Sort) -> None:
    with app.app_context():
        many(120)
        criteria = Criteria(sort=sort, near=(130.7, 32.8) if sort is Sort.DISTANCE else None)
        answer = SearchResult(criteria)
        whole = search.rows(answer.ids(1000))
        paged = [listing_id for offset in range(0, answer.total, 7) for listing_id in answer.ids(7, offset)]
        assert paged == [row.id for row in whole]
        values = {
            Sort.NEWEST: [(overdue(row), -row.published_on.toordinal()) for row in whole],
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
        row = search.rows(SearchResult(Criteria()).ids(10))[0]
        assert (row.lon, row.lat) == geo.mesh_centre(true)
        assert (row.lon, row.lat) != true
        around_true = Criteria(bbox=(true[0] - 1e-5, true[1] - 1e-5, true[0] + 1e-5, true[1] + 1e-5))
        assert SearchResult(around_true).total == 0
        assert SearchResult(Criteria(near=geo.mesh_centre(true), radius_m=1)).ids(10) == [listing_id]

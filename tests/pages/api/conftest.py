"""Homes for the open data: one with every field, one for rent, one closed and one not published."""

from pathlib import Path

import pytest
from flask import Flask

from akiya.listings import photos
from akiya.listings.enums import PropertyKind, Status
from tests import factories, images
from tests.factories import B


@pytest.fixture
def homes(app: Flask, people: dict[str, int], tmp_path: Path) -> dict[str, int]:
    storage = app.extensions["akiya_storage"]
    with app.app_context():
        made = {
            "house": factories.listing(
                people["aoi"], number="1", title="阿蘇の平屋", layout="5DK", floor_area=120.5, remarks="川の\n近く",
                true_lon=131.04, true_lat=32.95,
            ),
            "shop": factories.listing(
                people["sora"], B, number="=2+3", is_sale=False, is_rent=True, price=None, rent=45_000, kind=PropertyKind.BUSINESS,
            ),
            "closed": factories.listing(people["aoi"], number="3", status=Status.CONTRACTED),
            "draft": factories.listing(people["aoi"], number="4", status=Status.DRAFT),
        }  # fmt: skip
        photo = images.photo(tmp_path / "a.jpg", (400, 300))
        photos.add(factories.staff(people["aoi"]), made["house"], "a.jpg", photo, storage)
        return made

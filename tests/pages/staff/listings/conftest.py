"""A clerk at the listing form, with a home and with places around it."""

from pathlib import Path

import pytest
from flask import Flask

from akiya.municipalities import places
from akiya.municipalities import service as municipalities
from tests import factories
from tests.pages.browser import Browser
from tests.pages.staff.listings.form import FACILITIES, TOWNS


@pytest.fixture
def aoi(visit: Browser, app: Flask, people: dict[str, int]) -> Browser:
    visit.sign_in("aoi")
    return visit


@pytest.fixture
def home(app: Flask, people: dict[str, int]) -> int:
    with app.app_context():
        return factories.listing(people["aoi"], title="阿蘇の平屋", floor_area=100.0, owner_name="持主 太郎")


@pytest.fixture
def known(app: Flask, tmp_path: Path) -> None:
    """Store towns and facilities around 内牧."""
    for name, content in (("towns.csv", TOWNS), ("facilities.csv", FACILITIES)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    with app.app_context():
        municipalities.import_towns(tmp_path / "towns.csv")
        report = places.import_places(tmp_path / "facilities.csv")
        assert (report.new, [refusal.row for refusal in report.refused]) == (5, [7, 8, 9])
        assert places.import_places(tmp_path / "facilities.csv").unchanged == 5

"""The listing form in tests: typed values, and the listing made from them."""

import json
import re
from typing import Any

from flask import Flask

from akiya.db import db
from akiya.listings.fields import FIELDS
from akiya.listings.models import Listing
from tests.pages.browser import Browser, Page

NEW = "/staff/listings/new"
FORM = {
    "number": "空き家第9号",
    "title": "縁側の家",
    "town": "内牧",
    "is_sale": "y",
    "kind": "house",
    "price": "480万円",
}
POINT = {"true_lat": "32.9701", "true_lon": "131.0402"}
TOWNS = """code,municipality,town,koaza,kana,postal_code,lat,lon,approx
43214,阿蘇市,内牧,,うちのまき,8692301,32.97,131.04,0
43214,阿蘇市,一の宮町宮地,,いちのみやまちみやじ,8692612,32.943,131.12,0
43214,阿蘇市,一の宮町中通,,いちのみやまちなかどおり,8692611,32.97,131.11,0
"""
FACILITIES = """kind,name,lat,lon
elementary,内牧小学校,32.9752,131.0431
小学校,遠い小学校,33.1,131.3
supermarket,内牧の店,32.9699,131.0501
park,中央公園,32.98,131.04
park,中央公園,32.0,131.0
castle,城,32.9,131.0
bank,,32.9,131.0
bank,海の銀行,0,0
"""
HOME = {
    "number": "空き家第1号",
    "title": "阿蘇の平屋",
    "town": "内牧",
    "is_sale": "y",
    "kind": "house",
    "price": "480万円",
    "floor_area": "100",
    "owner_name": "持主 太郎",
}
"""The values in the form of the fixture's home."""


def made(app: Flask, number: str = "空き家第9号") -> Any:
    """Return the listing's values, public and private, by name."""
    with app.app_context():
        row = db.session.scalar(db.select(Listing).where(Listing.number == number))
        assert row is not None
        return {"id": row.id, **{f.name: getattr(row.private if f.private else row, f.name) for f in FIELDS}}


def value_of(page: Page, name: str) -> str:
    found = re.search(rf'<input[^>]*\bname="{name}"[^>]*>', page.markup)
    assert found, name
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""


def assist(visit: Browser, path: str, values: dict[str, Any]) -> dict[str, Any]:
    answer = visit.client.post(f"{path}/assist", data={"csrf_token": visit.token(), **values})
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return json.loads(answer.get_data(as_text=True))

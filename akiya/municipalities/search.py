"""Reading the prefecture, its municipalities and their towns."""

from collections.abc import Sequence

from sqlalchemy import func, select

from akiya.db import db
from akiya.municipalities.models import Municipality, Prefecture, Town


def prefecture() -> Prefecture | None:
    """The prefecture that is served; None before `akiya init`."""
    return db.session.scalar(select(Prefecture).limit(1))


def all_municipalities() -> Sequence[Municipality]:
    """Every municipality that is known, by code."""
    return db.session.scalars(select(Municipality).order_by(Municipality.code)).all()


def served() -> Sequence[Municipality]:
    """The municipalities of the prefecture that is served, by code."""
    query = select(Municipality).join(Prefecture, func.substr(Municipality.code, 1, 2) == Prefecture.code)
    return db.session.scalars(query.order_by(Municipality.code)).all()


def find_town(municipality_code: str, text: str) -> Town | None:
    """The town of the municipality whose name is the longest beginning of `text`."""
    beginnings = [text[:length] for length in range(1, len(text) + 1)]
    query = select(Town).where(Town.municipality_code == municipality_code, Town.name.in_(beginnings))
    return db.session.scalar(query.order_by(func.length(Town.name).desc()).limit(1))


def towns(municipality_code: str) -> Sequence[Town]:
    """The municipality's towns, longest name first."""
    query = select(Town).where(Town.municipality_code == municipality_code)
    return db.session.scalars(query.order_by(func.length(Town.name).desc(), Town.name)).all()


def of_place(municipalities: Sequence[Municipality], prefecture_code: str, text: str) -> Municipality | None:
    """The municipality that `text` (such as 球磨郡湯前町 or 熊本市中央区) names, the longest name first."""
    named = [m for m in municipalities if m.prefecture_code == prefecture_code and m.name in text]
    # A city's ward stands after the city's name; a town stands after its county's.
    named = [m for m in named if text.startswith(m.name) or text.endswith(m.name)]
    return max(named, key=lambda m: len(m.name), default=None)

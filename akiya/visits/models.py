"""The daily counts, by days in Japan, of visits to a listing's page or tour. Nothing about the visitors is stored."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from akiya.choices import Choice
from akiya.db import Model, choice
from akiya.language import N_


class VisitKind(Choice):
    """A page of a listing whose visits are counted."""

    LISTING = "listing", N_("閲覧")
    PANORAMA = "panorama", N_("360度画像の閲覧")


class Visits(Model):
    """The count of one day for a listing and a kind of page."""

    __tablename__ = "visits"

    day: Mapped[date] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[VisitKind] = mapped_column(choice(VisitKind), primary_key=True)
    count: Mapped[int]

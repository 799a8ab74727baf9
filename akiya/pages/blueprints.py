"""Blueprints that the views of several modules share."""

from flask import Blueprint

listings = Blueprint("listings", __name__)
listings_staff = Blueprint("listings_staff", __name__, url_prefix="/staff")
bulletins_staff = Blueprint("bulletins_staff", __name__)
reports_staff = Blueprint("reports_staff", __name__, url_prefix="/prefecture")

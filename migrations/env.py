"""Alembic's environment: one history for SpatiaLite and PostGIS."""

from alembic import context
from flask import current_app
from geoalchemy2 import alembic_helpers
from sqlalchemy import text

import akiya.accounts.models
import akiya.audits.models
import akiya.bulletins.models
import akiya.inquiries.models
import akiya.ledgers.models
import akiya.listings.models
import akiya.municipalities.models
import akiya.opendata.models
import akiya.outbox.models
import akiya.owners.models
import akiya.panoramas.models
import akiya.reports.models
import akiya.visits.models  # noqa: F401  (registers every table)
from akiya.db import Moment, db


def include_object(thing, name, kind, reflected, compare_to):
    """Return whether autogenerate compares the object: not the engines' own tables in the same schema."""
    if kind == "table" and reflected and name not in db.metadata.tables and name != "alembic_version":
        return False
    if kind == "index" and name == "ix_listing_bigrams":  # only on PostgreSQL; SQLite has a virtual table instead
        return False
    return alembic_helpers.include_object(thing, name, kind, reflected, compare_to)


def render_item(kind, thing, autogen_context):
    """Return the plain type that one of our own types is stored as, as text for a migration."""
    if kind == "type" and isinstance(thing, Moment):
        return "sa.DateTime()"
    if kind == "type" and thing.__class__.__name__ == "Enum":
        return f"sa.String({thing.length})"
    return alembic_helpers.render_item(kind, thing, autogen_context)


def run() -> None:
    """Run the migrations in one transaction."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
            connection.commit()
        else:
            # Otherwise re-creating a table would delete the rows that refer to it.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
            connection = connection.execution_options(writes=True)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include_object,
            process_revision_directives=alembic_helpers.writer,
            render_item=render_item,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.commit()


run()

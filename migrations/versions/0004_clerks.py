"""Mail, approval, confirmation, drafts, owners and ledgers: what clerks work with

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _text(name: str, length: int | None = None, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False, server_default=default)


def _id() -> sa.Column:
    return sa.Column("id", sa.Integer(), nullable=False)


def _number(name: str, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(), nullable=nullable)


def _reference(table: str, name: str, other: str, *, nullable: bool = False, gone: str = "CASCADE") -> list:
    column = "code" if other == "municipality" else "id"
    kind = sa.String(5) if other == "municipality" else sa.Integer()
    return [
        sa.Column(name, kind, nullable=nullable),
        sa.ForeignKeyConstraint([name], [f"{other}.{column}"], name=op.f(f"fk_{table}_{name}"), ondelete=gone),
    ]


def _table(name: str, *parts: object, key: str = "id") -> None:
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{name}")))


def upgrade() -> None:
    """Create the tables and columns, and set when published homes are due for confirmation."""
    op.add_column("municipality", _text("required", default=""))
    op.add_column("municipality", _text("approval", 20, "none"))
    op.add_column("municipality", _number("confirm_days", "60"))
    op.add_column("staff", _text("session_stamp", 32, ""))
    op.add_column("staff", _text("totp_secret", 64, ""))
    op.add_column("staff", _number("totp_step", "0"))
    # One statement that both engines accept: otherwise SQLite would rebuild the table, without its triggers.
    op.execute(
        "ALTER TABLE listing ADD COLUMN in_charge_id INTEGER CONSTRAINT fk_listing_in_charge_id REFERENCES staff (id)"
    )
    op.add_column("listing", _text("straight_line", 300, ""))
    op.add_column("photo", sa.Column("blurs", sa.JSON(), nullable=False, server_default="[]"))
    _due()
    _table(
        "agent", _id(), *_reference("agent", "municipality_code", "municipality"),
        _text("name", 120), _text("licence", 80), _text("phone", 40),
    )  # fmt: skip
    op.create_index("ix_agent_municipality_code", "agent", ["municipality_code"])
    _table(
        "message", _id(), _text("key", 200), _text("to", 254), _text("subject", 200), _text("text"),
        sa.Column("municipality_code", sa.String(5), nullable=True), _text("state", 20), _number("attempts"),
        _moment("next_at"), _text("problem", 300), _moment("created_at"), _moment("sent_at", nullable=True),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )  # fmt: skip
    op.create_index("ix_message_state_next_at", "message", ["state", "next_at"])
    _accounts()
    _table(
        "notice", _id(), *_reference("notice", "listing_id", "listing"), _text("kind", 20),
        sa.Column("due_on", sa.Date(), nullable=False), _moment("told_at"),
        sa.UniqueConstraint("listing_id", "kind", "due_on", name=op.f("uq_notice_listing_id_kind_due_on")),
    )  # fmt: skip
    _owners()
    _ledgers()


def _due() -> None:
    """Set when homes that were imported as published, and never confirmed, are due for confirmation: 60 days later."""
    listing = sa.table("listing", *map(sa.column, ("review_due_on", "published_on", "status")))
    later = sa.func.date(listing.c.published_on, "+60 days")
    if op.get_bind().dialect.name == "postgresql":
        later = listing.c.published_on + 60
    unknown = listing.c.review_due_on.is_(None) & listing.c.status.in_(("open", "negotiating"))
    op.execute(sa.update(listing).where(unknown).values(review_due_on=later))


def _accounts() -> None:
    _table(
        "sign_in", _id(), *_reference("sign_in", "staff_id", "staff"), _moment("at"), _text("outcome", 20),
        _text("network", 45), _text("device", 80),
    )  # fmt: skip
    op.create_index("ix_sign_in_staff_id_id", "sign_in", ["staff_id", "id"])
    _table(
        "ticket", _id(), _text("purpose", 20), *_reference("ticket", "staff_id", "staff"),
        sa.Column("subject_id", sa.Integer(), nullable=True), _moment("expires_at"), _moment("used_at", nullable=True),
    )  # fmt: skip
    op.create_index("ix_ticket_staff_id", "ticket", ["staff_id"])
    _table(
        "form_draft", _id(), *_reference("form_draft", "staff_id", "staff"), _text("page", 200),
        sa.Column("values", sa.JSON(), nullable=False), _moment("saved_at"),
        sa.UniqueConstraint("staff_id", "page", name=op.f("uq_form_draft_staff_id_page")),
    )  # fmt: skip


def _owners() -> None:
    _table(
        "co_owner", _id(), *_reference("co_owner", "listing_id", "listing"), _text("name", 120), _text("relation", 20),
        _text("share", 40), _text("contact"), sa.Column("agreed_on", sa.Date(), nullable=True),
    )  # fmt: skip
    _table(
        "owner_contact", _id(), *_reference("owner_contact", "listing_id", "listing"),
        sa.Column("on", sa.Date(), nullable=False), _text("way", 20), _text("text"), _text("actor", 120), _moment("created_at"),
    )  # fmt: skip
    _table(
        "owner_document", _id(), *_reference("owner_document", "listing_id", "listing"), _text("kind", 20), _text("name", 200),
        _text("key", 200), _text("media_type", 80), _number("size"), _text("actor", 120), _moment("created_at"),
    )  # fmt: skip
    for name in ("co_owner", "owner_contact", "owner_document"):
        op.create_index(f"ix_{name}_listing_id", name, ["listing_id"])
    _table(
        "owner_application", *_reference("owner_application", "listing_id", "listing"), _text("receipt", 20),
        _text("name", 120), _text("kana", 120), _text("address", 300), _text("phone", 40), _text("email", 254),
        _text("relation", 80), _text("message"), _moment("applied_at"), sa.Column("sent", sa.JSON(), nullable=False),
        sa.UniqueConstraint("receipt", name=op.f("uq_owner_application_receipt")), key="listing_id",
    )  # fmt: skip


def _ledgers() -> None:
    _table(
        "ledger_layout", *_reference("ledger_layout", "municipality_code", "municipality"),
        sa.Column("columns", sa.JSON(), nullable=False), _moment("updated_at"), key="municipality_code",
    )  # fmt: skip
    _table(
        "ledger_import", _id(), *_reference("ledger_import", "municipality_code", "municipality", nullable=True),
        *_reference("ledger_import", "staff_id", "staff", nullable=True, gone="SET NULL"), _text("actor", 120),
        _text("name", 200), _text("key", 200), _text("phase", 20), sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        _number("rows"), _number("done"), _text("problem"), _moment("created_at"), _moment("worked_at", nullable=True),
        _moment("applied_at", nullable=True), _moment("undone_at", nullable=True),
    )  # fmt: skip
    op.create_index("ix_ledger_import_phase", "ledger_import", ["phase"])
    _table(
        "ledger_row", _id(), *_reference("ledger_row", "import_id", "ledger_import"), _number("row"), _text("outcome", 20),
        _text("state", 20), _text("municipality_code", 5), _text("number", 60), *_reference("ledger_row", "listing_id", "listing", nullable=True, gone="SET NULL"),
        sa.Column("changes", sa.JSON(), nullable=False), sa.Column("problems", sa.JSON(), nullable=False),
    )  # fmt: skip
    op.create_index("ix_ledger_row_import_id_outcome", "ledger_row", ["import_id", "outcome"])


def downgrade() -> None:
    """Drop the tables and columns."""
    for name in (
        "ledger_row", "ledger_import", "ledger_layout", "owner_application", "owner_document", "owner_contact", "co_owner",
        "notice", "form_draft", "ticket", "sign_in", "message", "agent",
    ):  # fmt: skip
        op.drop_table(name)
    op.drop_column("photo", "blurs")
    for name in ("straight_line", "in_charge_id"):
        op.drop_column("listing", name)
    for name in ("totp_step", "totp_secret", "session_stamp"):
        op.drop_column("staff", name)
    for name in ("confirm_days", "approval", "required"):
        op.drop_column("municipality", name)

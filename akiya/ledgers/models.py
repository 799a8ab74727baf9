"""Tables of the columns of each municipality's ledger, and of every imported ledger with its rows."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from akiya.choices import Choice
from akiya.db import Model, Moment, choice, now
from akiya.language import N_
from akiya.listings.models import Changes
from akiya.municipalities.models import Municipality
from akiya.values import JsonObject


class Phase(Choice):
    """A phase of the import of a ledger."""

    WAITING = "waiting", N_("読み取り待ち")
    CHECKING = "checking", N_("読み取り中")
    CHECKED = "checked", N_("確認してください")
    APPLYING = "applying", N_("反映中")
    APPLIED = "applied", N_("反映しました")
    UNDOING = "undoing", N_("取り消し中")
    UNDONE = "undone", N_("取り消しました")
    FAILED = "failed", N_("読み取れませんでした")


BUSY = (Phase.WAITING, Phase.CHECKING, Phase.APPLYING, Phase.UNDOING)


class RowOutcome(Choice):
    """The effect of a row of a ledger on its home, as the check found it."""

    NEW = "new", N_("新規")
    CHANGED = "changed", N_("変更")
    UNCHANGED = "unchanged", N_("変更なし")
    REFUSED = "refused", N_("取り込めない")


class RowState(Choice):
    """The state of a row of a ledger: not applied, applied, undone, or undone in part at most."""

    PLANNED = "planned", N_("反映前")
    APPLIED = "applied", N_("反映済み")
    UNDONE = "undone", N_("元に戻した")
    KEPT = "kept", N_("一部または全部を戻していない")


class Layout(Model):
    """The remembered columns of a municipality's ledger, in order: `columns` is [[header, field or ""], …]."""

    __tablename__ = "ledger_layout"

    municipality_code: Mapped[str] = mapped_column(
        ForeignKey("municipality.code", ondelete="CASCADE"), primary_key=True
    )
    columns: Mapped[list[list[str]]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Import(Model):
    """A ledger that somebody sent; without a municipality it is one of the whole prefecture.

    `key` is its private storage key ("" once the file is deleted), `columns` are as in Layout, `actor` is the account that
    acted last. `reading` is what was found in the file, such as its sheets and samples, and the number of `tries`.
    """

    __tablename__ = "ledger_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code", ondelete="CASCADE"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200))
    phase: Mapped[Phase] = mapped_column(choice(Phase), default=Phase.WAITING, index=True)
    columns: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    reading: Mapped[JsonObject] = mapped_column(JSON, default=dict)
    rows: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    worked_at: Mapped[datetime | None] = mapped_column(Moment)
    applied_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)

    municipality: Mapped[Municipality | None] = relationship()


class Row(Model):
    """The plan and result for a row: `changes` is {field: [from, to]}, `problems` is [[cell, column, value, reason], …].

    `municipality_code` and `number` identify the home.
    """

    __tablename__ = "ledger_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("ledger_import.id", ondelete="CASCADE"))
    row: Mapped[int]
    outcome: Mapped[RowOutcome] = mapped_column(choice(RowOutcome))
    state: Mapped[RowState] = mapped_column(choice(RowState), default=RowState.PLANNED)
    municipality_code: Mapped[str] = mapped_column(String(5), default="")
    number: Mapped[str] = mapped_column(String(60), default="")
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id", ondelete="SET NULL"))
    changes: Mapped[Changes] = mapped_column(JSON, default=dict)
    problems: Mapped[list[list[str]]] = mapped_column(JSON, default=list)

    __table_args__ = (Index("ix_ledger_row_import_id_outcome", "import_id", "outcome"),)

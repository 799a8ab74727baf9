"""Staff accounts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from akiya.choices import Choice
from akiya.db import Model, Moment, choice, now
from akiya.municipalities.models import Municipality


class Role(Choice):
    STAFF = "staff", "担当者", "Staff"
    READ_ONLY = "read_only", "閲覧のみ", "Read only"
    PREFECTURE = "prefecture", "県担当者", "Prefecture"


class AccountState(Choice):
    """Whether the person can sign in: not before an invitation is accepted."""

    INVITED = "invited", "招待中", "Invited"
    ACTIVE = "active", "有効", "Active"
    STOPPED = "stopped", "停止", "Stopped"


class SignInOutcome(Choice):
    """How an attempt to sign in ended."""

    OK = "ok", "サインインした", "Signed in"
    STOPPED = "stopped", "停止中なので入れなかった", "Refused: the account is stopped"
    WRONG_PASSWORD = "password", "パスワードが違った", "Wrong password"
    WRONG_CODE = "code", "確認コードが違った", "Wrong code"
    RESET = "reset", "パスワードを決め直した", "Password set anew"


class Purpose(Choice):
    """What the bearer of a ticket may do, once."""

    INVITATION = "invitation", "招待", "Invitation"
    RESET = "reset", "パスワードの再設定", "Password reset"
    CONFIRM = "confirm", "募集の確認", "Confirming a listing"


class Staff(Model):
    """A person who signs in. Prefecture accounts have no municipality and see all.

    `password_hash` is "" until an invitation is accepted. A session holds `session_stamp` and ends when it changes.
    `totp_step` is the last time step whose code was used.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(choice(Role))
    municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    active: Mapped[bool] = mapped_column(default=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    session_stamp: Mapped[str] = mapped_column(String(32), default="")
    totp_secret: Mapped[str] = mapped_column(String(64), default="")
    totp_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    municipality: Mapped[Municipality | None] = relationship()

    @property
    def is_prefecture(self) -> bool:
        return self.role is Role.PREFECTURE

    @property
    def can_write(self) -> bool:
        return self.role is not Role.READ_ONLY

    @property
    def state(self) -> AccountState:
        if not self.active:
            return AccountState.STOPPED
        return AccountState.ACTIVE if self.password_hash else AccountState.INVITED

    @property
    def must_set_up_totp(self) -> bool:
        """Coordinators see everything, so a password alone is not enough. A demonstration's work on this machine only."""
        return self.is_prefecture and not self.totp_secret and not self.demonstration


class SignIn(Model):
    """One attempt to sign in as a known account; `network` is the address without its last part."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    outcome: Mapped[SignInOutcome] = mapped_column(choice(SignInOutcome))
    network: Mapped[str] = mapped_column(String(45), default="")
    device: Mapped[str] = mapped_column(String(80), default="")

    __table_args__ = (Index("ix_sign_in_staff_id_id", "staff_id", "id"),)


class Ticket(Model):
    """The right to do one thing once, carried by a signed link. `subject_id` is the listing of a confirmation."""

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    subject_id: Mapped[int | None]
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class FormDraft(Model):
    """What somebody typed into the form at `page` and has not yet saved."""

    __tablename__ = "form_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    page: Mapped[str] = mapped_column(String(200))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(Moment, default=now)

    __table_args__ = (UniqueConstraint("staff_id", "page"),)

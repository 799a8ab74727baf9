"""Tables of staff accounts, their sign-ins, tickets and drafts."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from akiya.choices import Choice
from akiya.db import Model, Moment, choice, now
from akiya.language import N_, NP_
from akiya.municipalities.models import Municipality


class Role(Choice):
    """The rights of an account: to write or only read for a municipality, or to write for the whole prefecture."""

    STAFF = "staff", N_("担当者")
    READ_ONLY = "read_only", N_("閲覧のみ")
    PREFECTURE = "prefecture", N_("県担当者")


class AccountState(Choice):
    """The state of an account; an invited one cannot sign in before it has accepted the invitation."""

    INVITED = "invited", N_("招待中")
    ACTIVE = "active", N_("有効")
    STOPPED = "stopped", N_("停止")


class SignInOutcome(Choice):
    """The outcome of an attempt to sign in."""

    OK = "ok", N_("サインインした")
    STOPPED = "stopped", N_("停止中なので入れなかった")
    WRONG_PASSWORD = "password", N_("パスワードが違った")
    WRONG_CODE = "code", N_("確認コードが違った")
    RESET = "reset", N_("パスワードを決め直した")


class Purpose(Choice):
    """The one action that a ticket allows the person who has its link."""

    INVITATION = "invitation", N_("招待")
    RESET = "reset", N_("パスワードの再設定")
    CONFIRM = "confirm", NP_("purpose", "募集の確認")


class Staff(Model):
    """An account of a person who signs in. Accounts of the prefecture have no municipality and see everything.

    `password_hash` is "" until the invitation is accepted. A session holds a copy of `session_stamp` and ends when the
    stamp changes. `totp_step` is the time step (RFC 6238) of the last confirmation code that was used.
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
        """Return whether the account is one of the prefecture's."""
        return self.role is Role.PREFECTURE

    @property
    def can_write(self) -> bool:
        """Return whether the account may change anything."""
        return self.role is not Role.READ_ONLY

    @property
    def state(self) -> AccountState:
        """Return whether the account is invited, active or stopped."""
        if not self.active:
            return AccountState.STOPPED
        return AccountState.ACTIVE if self.password_hash else AccountState.INVITED

    @property
    def must_set_up_totp(self) -> bool:
        """Return whether the account must set up confirmation codes before any other page opens."""
        # The prefecture's accounts see everything, so a password is not enough for them. Accounts of a demonstration
        # are exempt: they are refused on a server that can be reached from outside.
        return self.is_prefecture and not self.totp_secret and not self.demonstration


class SignIn(Model):
    """One attempt to sign in to an existing account. `network` is the IP network, never the full address."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    outcome: Mapped[SignInOutcome] = mapped_column(choice(SignInOutcome))
    network: Mapped[str] = mapped_column(String(45), default="")
    device: Mapped[str] = mapped_column(String(80), default="")

    __table_args__ = (Index("ix_sign_in_staff_id_id", "staff_id", "id"),)


class Ticket(Model):
    """The right to perform one action once, carried by a signed link. `subject_id` is the listing to be confirmed."""

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    subject_id: Mapped[int | None]
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class FormDraft(Model):
    """The unsaved input of an account in the form at the address `page`."""

    __tablename__ = "form_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    page: Mapped[str] = mapped_column(String(200))
    values: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(Moment, default=now)

    __table_args__ = (UniqueConstraint("staff_id", "page"),)

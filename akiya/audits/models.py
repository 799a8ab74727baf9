"""The audit log: actions of staff that no other table records."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from akiya.choices import Choice
from akiya.db import Model, Moment, choice, now
from akiya.language import N_
from akiya.values import JsonObject


class AuditKind(Choice):
    """Kinds of actions in the list of what staff did."""

    LISTING = "listing", N_("物件の変更")
    SIGN_IN = "sign_in", N_("サインイン")
    ACCOUNT = "account", N_("アカウントの変更")
    EXPORT = "export", N_("ファイルの保存")
    DOCUMENT = "document", N_("書類の取り出し")
    SETTING = "setting", N_("設定の変更")
    SEEN = "seen", N_("非公開の情報の閲覧")


class AuditLine(Model):
    """An action of an account: `what` is an endpoint or the kind of data seen, `ids` the records, only by their ids."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    kind: Mapped[AuditKind] = mapped_column(choice(AuditKind))
    what: Mapped[str] = mapped_column(String(60))
    municipality_code: Mapped[str | None] = mapped_column(String(5))
    ids: Mapped[JsonObject] = mapped_column(JSON, default=dict)

    __table_args__ = (Index("ix_audit_at", "at"),)

"""Show the events of a listing as lines for staff, and find what a field held before an event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any  # what JSON holds for a field of any type

from akiya.choices import Choice
from akiya.db import now
from akiya.listings.enums import DatePrecision, Status
from akiya.listings.fields import BY_NAME, FieldType
from akiya.listings.models import Event
from akiya.values import Values

UNDO_FOR = timedelta(hours=24)
"""The time during which an action on many listings at once can be undone."""
_LABELS = {
    "status": "状態",
    "municipality_code": "市町村コード",
    "reason": "理由",
    "way": "方法",
    "precision": "位置の精度",
    "in_charge": "担当",
    "photo": "写真",
    "co_owner": "共有者",
    "contact": "方法",
    "document": "種類",
    "inquiry": "記録",
    "blurs": "ぼかした範囲の数",
    "confirmed_on": "確認日",
    "valid_until": "有効期限",
    "built_precision": "建築年月の細かさ",
    "panorama": "360度画像",
    "straight_line": "直線で測った距離",
}
_MARKS = ("bulk", "bulk_undone")
_CHOICES: dict[str, type[Choice]] = {"status": Status, "built_precision": DatePrecision}


class EventKind(Choice):
    """A kind of event. The values are stored in Event.action, so none is ever changed or given another meaning."""

    CREATED = "created", "登録"
    CHANGED = "changed", "変更"
    MOVED = "moved", "状態の変更"
    CONFIRMED = "confirmed", "募集中の確認"
    CLOSE_ASKED = "close_asked", "終了の依頼"
    EXTENDED = "extended", "有効期限の延長"
    CLOSED = "closed", "終了"
    COMPLETED = "completed", "終了の記録の変更"
    IMPORTED = "imported", "取り込み"
    KEPT = "kept", "ファイルの値の見送り"
    PLACED = "placed", "公開する位置の計算"
    HANDED_OVER = "handed_over", "担当者の変更"
    BULK_UNDONE = "bulk_undone", "まとめてした操作の取り消し"
    LEDGER = "ledger", "台帳の取り込み"
    LEDGER_UNDONE = "ledger_undone", "台帳の取り込みの取り消し"
    PHOTO_ADDED = "photo_added", "写真の追加"
    PHOTO_CHANGED = "photo_changed", "写真の変更"
    PHOTO_REMOVED = "photo_removed", "写真の削除"
    PHOTO_BLURRED = "photo_blurred", "写真のぼかし"
    PHOTOS_ORDERED = "photos_ordered", "写真の並べ替え"
    PANORAMA_ADDED = "panorama_added", "360度画像の追加"
    PANORAMA_REMOVED = "panorama_removed", "360度画像の削除"
    PANORAMA_CHANGED = "panorama_changed", "360度画像の変更"
    PANORAMAS_ORDERED = "panoramas_ordered", "360度画像の並べ替え"
    TOUR_PUBLISHED = "tour_published", "360度画像の公開"
    TOUR_WITHDRAWN = "tour_withdrawn", "360度画像の公開の取りやめ"
    CO_OWNER_ADDED = "co_owner_added", "共有者の追加"
    CO_OWNER_CHANGED = "co_owner_changed", "共有者の変更"
    CO_OWNER_REMOVED = "co_owner_removed", "共有者の削除"
    CONTACT_ADDED = "contact_added", "所有者との連絡の記録"
    DOCUMENT_ADDED = "document_added", "書類の追加"
    DOCUMENT_REMOVED = "document_removed", "書類の削除"
    INQUIRY_CHANGED = "inquiry_changed", "問合せなどの記録の変更"
    INQUIRY_REMOVED = "inquiry_removed", "問合せなどの記録の取り消し"
    MERGED = "merged", "市町村の合併"


@dataclass(frozen=True)
class Change:
    """A field with its text before and after an event; `restorable` is true when the earlier value can be put back."""

    name: str
    label: str
    before: str
    after: str
    restorable: bool


@dataclass(frozen=True)
class EventLine:
    """An event for display. `bulk` is the token of an action on many listings while it can be undone, else ""."""

    id: int
    at: datetime
    actor: str
    action: str
    changes: list[Change]
    bulk: str


def lines(events: Iterable[Event]) -> list[EventLine]:
    """Return the events as lines for display, in the same order."""
    return [
        EventLine(
            event.id,
            event.at,
            event.actor,
            action(event.action),
            [
                Change(name, label(name), text(name, old), text(name, new), restorable(event, name))
                for name, (old, new) in event.changes.items()
                if name not in _MARKS
            ],
            event.changes.get("bulk", (None, ""))[1] if event.at > now() - UNDO_FOR else "",
        )
        for event in events
    ]


def restorable(event: Event, name: str) -> bool:
    """Return whether the event changed this field of an existing listing, so that the earlier value can be put back."""
    return name in BY_NAME and name in event.changes and event.action != EventKind.CREATED


def earlier(event: Event, name: str) -> Values:
    """Return the values that set the field back to its state before the event.

    Raise ValueError when the earlier value is a choice that no longer exists.
    """
    values = {name: _value(name, event.changes[name][0])}
    if name == "built_on" and "built_precision" in event.changes:  # the two say one thing
        kept = event.changes["built_precision"][0]
        values["built_precision"] = DatePrecision(kept) if kept else None
    return values


def action(stored: str) -> str:
    """Return the label of an event's stored kind; a kind that this version does not know is shown as it is stored."""
    kind = EventKind.of(stored)
    return stored if kind is None else kind.label


def label(name: str) -> str:
    """Return the Japanese label of a field or of another key of an event's changes; an unknown key as it is."""
    return BY_NAME[name].label if name in BY_NAME else _LABELS.get(name, name)


def text(name: str, value: object) -> str:
    """Return a field's value, as stored in an event, as Japanese text for display."""
    if value is None or value == "":
        return "（なし）"
    field = BY_NAME.get(name)
    choices = field.choices if field is not None else _CHOICES.get(name)
    if choices is not None:
        return next((member.label for member in choices if member == value), str(value))
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if field is not None and field.type is FieldType.YEN:
        return f"{value:,}円"
    return str(value)


def _value(name: str, kept: Any) -> object:
    field = BY_NAME[name]
    if field.choices is not None:
        return None if kept is None else field.choices(kept)
    if field.type is FieldType.DATE:
        return None if kept is None else date.fromisoformat(kept)
    return "" if kept is None and field.type in (FieldType.TEXT, FieldType.LONG) else kept

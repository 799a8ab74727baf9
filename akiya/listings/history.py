"""The events of a listing as lines that a clerk reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from akiya.listings.enums import Status
from akiya.listings.fields import BY_NAME, Type
from akiya.listings.models import Event

_ACTIONS = {
    "created": "登録",
    "changed": "変更",
    "moved": "状態の変更",
    "confirmed": "募集中の確認",
    "closed": "終了",
    "imported": "取り込み",
    "photo_added": "写真の追加",
    "photo_changed": "写真の変更",
    "photo_removed": "写真の削除",
    "panorama_added": "360度画像の追加",
    "panorama_removed": "360度画像の削除",
}
_LABELS = {"status": "状態", "photo": "写真", "confirmed_on": "確認日", "panorama": "360度画像"}


@dataclass(frozen=True)
class Line:
    """Who did what, when, and each field with its text before and after."""

    at: datetime
    actor: str
    action: str
    changes: list[tuple[str, str, str]]


def lines(events: Iterable[Event]) -> list[Line]:
    """A line for each event."""
    return [
        Line(
            event.at,
            event.actor,
            _ACTIONS.get(event.action, event.action),
            [(_label(name), _text(name, old), _text(name, new)) for name, (old, new) in event.changes.items()],
        )
        for event in events
    ]


def _label(name: str) -> str:
    return BY_NAME[name].ja if name in BY_NAME else _LABELS.get(name, name)


def _text(name: str, value: Any) -> str:
    if value is None or value == "":
        return "（なし）"
    field = BY_NAME.get(name)
    if name == "status":
        return Status(value).ja
    if field is not None and field.choices is not None:
        return field.choices(value).ja
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if field is not None and field.type is Type.YEN:
        return f"{value:,}円"
    return str(value)

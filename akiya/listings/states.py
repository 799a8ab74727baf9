"""The states of a listing: which moves are allowed from each, and what each move asks for."""

from akiya.listings.enums import CLOSED, LISTED, MIDDLE_STEPS, Status
from akiya.municipalities.enums import Approval

_LABELS = {
    Status.SUBMITTED: "申請する",
    Status.SURVEY: "現地確認に進める",
    Status.APPROVED: "承認する",
    Status.OPEN: "公開する",
    Status.NEGOTIATING: "商談中にする",
    Status.RETURNED: "差し戻す",
    Status.REJECTED: "登録しない",
}
_WAY = (Status.DRAFT, *MIDDLE_STEPS, Status.OPEN)
ASK_WHY = (Status.RETURNED, Status.REJECTED, Status.WITHDRAWN)


def way(steps: str, approval: Approval) -> list[Status]:
    """Return the states from draft to publication that a municipality uses.

    `steps` are its optional middle states, separated by commas. A municipality with approval always has "submitted" before it.
    """
    used = set(steps.split(","))
    if approval is not Approval.NONE:
        used |= {Status.SUBMITTED, Status.APPROVED}
    return [Status.DRAFT, *(step for step in MIDDLE_STEPS if step in used), Status.OPEN]


def moves(status: Status, steps: str, approval: Approval = Approval.NONE) -> list[Status]:
    """Return the states that a listing may move to from `status`; there is always at least one.

    Closing (contracted, withdrawn, expired) is not a move: it asks for more, and has a function of its own.
    """
    if status in LISTED:
        return [other for other in LISTED if other is not status]
    if status in CLOSED:
        return [Status.OPEN]
    if status is Status.REJECTED:
        return [Status.DRAFT]
    if status is Status.RETURNED:
        return [Status.DRAFT, Status.REJECTED]
    # The state may be one that the municipality does not use: an owner applied, or it has stopped using the step since.
    onward = next(step for step in way(steps, approval) if _WAY.index(step) > _WAY.index(status))
    back = {Status.DRAFT: [], Status.SUBMITTED: [Status.DRAFT, Status.RETURNED]}.get(status, [Status.RETURNED])
    return [onward, *back, Status.REJECTED]


def asks(status: Status, to: Status) -> bool:
    """Return whether the move asks for a day or a reason before it is made."""
    return to is Status.NEGOTIATING or to in ASK_WHY or (to is Status.OPEN and status in CLOSED)


def label(status: Status, to: Status) -> str:
    """Return the Japanese text on the button of a move."""
    if to is Status.DRAFT:
        return "下書きに引き取る" if status is Status.SUBMITTED else "下書きに戻す"
    if to is Status.OPEN and status in (Status.NEGOTIATING, *CLOSED):
        return "募集中に戻す"
    return _LABELS[to]

"""The life of a listing: which moves are allowed from where."""

from akiya.listings.enums import CLOSED, LISTED, MIDDLE_STEPS, Status

_LABELS = {
    Status.SUBMITTED: "申請する",
    Status.SURVEY: "現地確認に進める",
    Status.APPROVED: "承認する",
    Status.OPEN: "公開する",
    Status.NEGOTIATING: "商談中にする",
    Status.RETURNED: "差し戻す",
    Status.REJECTED: "登録しない",
}


def moves(status: Status, steps: str) -> list[Status]:
    """Where a listing may go from `status`; `steps` are the middle steps its municipality uses, by comma.

    Closing (contracted, withdrawn, expired) is not a move: it asks for more and has its own way.
    """
    chain = [Status.DRAFT, *[step for step in MIDDLE_STEPS if step in steps.split(",")], Status.OPEN]
    if status in LISTED:
        return [other for other in LISTED if other is not status]
    if status in CLOSED:
        return [Status.OPEN]
    if status in (Status.RETURNED, Status.REJECTED):
        return [Status.DRAFT]
    if status not in chain:  # the municipality gave up a step while a listing stood on it
        return [Status.OPEN, Status.RETURNED]
    onward = [chain[chain.index(status) + 1]]
    return onward if status is Status.DRAFT else [*onward, Status.RETURNED, Status.REJECTED]


def label(status: Status, to: Status) -> str:
    """What the button of a move says."""
    if to is Status.DRAFT:
        return "下書きに戻す"
    if to is Status.OPEN and status in (Status.NEGOTIATING, *CLOSED):
        return "募集中に戻す"
    return _LABELS[to]

"""The moves from each state, what each move asks for, and the text of its button."""

import pytest

from akiya.listings import states
from akiya.listings.enums import Status
from akiya.municipalities.enums import Approval

S = Status
ALL = "submitted,survey,approved"


@pytest.mark.parametrize(
    ("steps", "approval", "way"),
    [
        ("", Approval.NONE, [S.DRAFT, S.OPEN]),
        ("survey", Approval.NONE, [S.DRAFT, S.SURVEY, S.OPEN]),
        ("approved,submitted", Approval.NONE, [S.DRAFT, S.SUBMITTED, S.APPROVED, S.OPEN]),
        (ALL, Approval.NONE, [S.DRAFT, S.SUBMITTED, S.SURVEY, S.APPROVED, S.OPEN]),
        ("", Approval.SECOND, [S.DRAFT, S.SUBMITTED, S.APPROVED, S.OPEN]),
        ("survey", Approval.PREFECTURE, [S.DRAFT, S.SUBMITTED, S.SURVEY, S.APPROVED, S.OPEN]),
    ],
)
def test_the_way_of_a_municipality(steps: str, approval: Approval, way: list[Status]) -> None:
    assert states.way(steps, approval) == way


MOVES = [
    (S.DRAFT, "", [S.OPEN, S.REJECTED]),
    (S.DRAFT, "survey", [S.SURVEY, S.REJECTED]),
    (S.DRAFT, ALL, [S.SUBMITTED, S.REJECTED]),
    (S.SUBMITTED, "", [S.OPEN, S.DRAFT, S.RETURNED, S.REJECTED]),
    (S.SUBMITTED, ALL, [S.SURVEY, S.DRAFT, S.RETURNED, S.REJECTED]),
    (S.SURVEY, "", [S.OPEN, S.RETURNED, S.REJECTED]),
    (S.SURVEY, ALL, [S.APPROVED, S.RETURNED, S.REJECTED]),
    (S.APPROVED, ALL, [S.OPEN, S.RETURNED, S.REJECTED]),
    (S.OPEN, ALL, [S.NEGOTIATING]),
    (S.NEGOTIATING, ALL, [S.OPEN]),
    (S.CONTRACTED, ALL, [S.OPEN]),
    (S.WITHDRAWN, ALL, [S.OPEN]),
    (S.EXPIRED, ALL, [S.OPEN]),
    (S.REJECTED, ALL, [S.DRAFT]),
    (S.RETURNED, ALL, [S.DRAFT, S.REJECTED]),
]


@pytest.mark.parametrize(("status", "steps", "onward"), MOVES)
def test_the_moves_from_a_state(status: Status, steps: str, onward: list[Status]) -> None:
    assert states.moves(status, steps) == onward


def test_with_an_approval_a_draft_is_handed_in_first() -> None:
    assert states.moves(S.DRAFT, "", Approval.SECOND) == [S.SUBMITTED, S.REJECTED]
    assert states.moves(S.SUBMITTED, "", Approval.PREFECTURE) == [S.APPROVED, S.DRAFT, S.RETURNED, S.REJECTED]


LABELS = {
    (S.DRAFT, S.SUBMITTED): "申請する",
    (S.DRAFT, S.SURVEY): "現地確認に進める",
    (S.DRAFT, S.OPEN): "公開する",
    (S.DRAFT, S.REJECTED): "登録しない",
    (S.SUBMITTED, S.SURVEY): "現地確認に進める",
    (S.SUBMITTED, S.OPEN): "公開する",
    (S.SUBMITTED, S.DRAFT): "下書きに引き取る",
    (S.SUBMITTED, S.RETURNED): "差し戻す",
    (S.SUBMITTED, S.REJECTED): "登録しない",
    (S.SURVEY, S.APPROVED): "承認する",
    (S.SURVEY, S.OPEN): "公開する",
    (S.SURVEY, S.RETURNED): "差し戻す",
    (S.SURVEY, S.REJECTED): "登録しない",
    (S.APPROVED, S.OPEN): "公開する",
    (S.APPROVED, S.RETURNED): "差し戻す",
    (S.APPROVED, S.REJECTED): "登録しない",
    (S.OPEN, S.NEGOTIATING): "商談中にする",
    (S.NEGOTIATING, S.OPEN): "募集中に戻す",
    (S.CONTRACTED, S.OPEN): "募集中に戻す",
    (S.WITHDRAWN, S.OPEN): "募集中に戻す",
    (S.EXPIRED, S.OPEN): "募集中に戻す",
    (S.REJECTED, S.DRAFT): "下書きに戻す",
    (S.RETURNED, S.DRAFT): "下書きに戻す",
    (S.RETURNED, S.REJECTED): "登録しない",
}


def test_what_the_button_of_every_move_says() -> None:
    offered = [(status, to) for status, _steps, onward in MOVES for to in onward]
    assert {move: states.label(*move) for move in offered} == LABELS


def test_which_moves_ask_for_a_day_or_a_reason() -> None:
    assert {move for move in LABELS if states.asks(*move)} == {
        *(move for move in LABELS if move[1] in (S.RETURNED, S.REJECTED, S.NEGOTIATING)),
        (S.CONTRACTED, S.OPEN),
        (S.WITHDRAWN, S.OPEN),
        (S.EXPIRED, S.OPEN),
    }
    assert states.asks(S.OPEN, S.WITHDRAWN)
    assert not states.asks(S.OPEN, S.CONTRACTED)

"""The texts of the buttons on a listing's page for staff in each state."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from akiya.db import transaction
from akiya.listings import lifecycle, service
from akiya.listings.enums import Status
from akiya.listings.models import Listing
from tests import factories
from tests.pages.browser import Browser

ALWAYS = ["内容を変更する", "写して新しい物件を作る"]
CLOSE, AMEND = "終了する（成約・取下げなど）", "終了の記録を直す"


def buttons(markup: str) -> list[str]:
    """Return the texts of the buttons and links for actions on the listing."""
    (actions,) = re.findall(r'aria-label="この物件でできること">(.*?)</div>', markup, re.S)
    return [
        re.sub(r"<[^>]*>", "", each).strip() for each in re.findall(r"<(?:a|button)\b.*?</(?:a|button)>", actions, re.S)
    ]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.DRAFT, [*ALWAYS, "公開する", "登録しない"]),
        (Status.SUBMITTED, [*ALWAYS, "公開する", "下書きに引き取る", "差し戻す", "登録しない"]),
        (Status.RETURNED, [*ALWAYS, "下書きに戻す", "登録しない"]),
        (Status.REJECTED, [*ALWAYS, "下書きに戻す"]),
        (Status.OPEN, [*ALWAYS, "商談中にする", "今も募集中と確認する", CLOSE, "公開ページを見る"]),
        (Status.NEGOTIATING, [*ALWAYS, "募集中に戻す", "今も募集中と確認する", CLOSE, "公開ページを見る"]),
        (Status.CONTRACTED, [*ALWAYS, "募集中に戻す", AMEND, "公開ページを見る"]),
    ],
)
def test_each_state_offers_its_buttons(app: Flask, people: dict[str, int], visit: Browser, status: Status, words: list[str]) -> None:  # fmt: skip
    with app.app_context():
        home = factories.listing(people["aoi"], status=Status.DRAFT if status is Status.DRAFT else Status.OPEN)
        if status not in (Status.DRAFT, Status.OPEN):
            with transaction() as session:
                lifecycle.set_status(session, session.get(Listing, home), None, status, service.today())
    visit.sign_in("aoi")
    assert buttons(visit.get(f"/staff/listings/{home}").markup) == words


def test_near_its_end_the_validity_can_be_extended(app: Flask, people: dict[str, int], visit: Browser) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"])
        with transaction() as session:
            session.get(Listing, home).valid_until = service.today() + timedelta(days=60)
    visit.sign_in("aoi")
    assert "有効期限を24か月延ばす" in buttons(visit.get(f"/staff/listings/{home}").markup)


def test_who_only_reads_has_no_button_that_changes(app: Flask, people: dict[str, int], visit: Browser) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"])
    visit.sign_in("ren")
    assert buttons(visit.get(f"/staff/listings/{home}").markup) == ["公開ページを見る"]

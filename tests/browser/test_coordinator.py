"""A coordinator's work for the whole prefecture: select many homes, preview, act, undo, notify, read the audit log."""

import pytest
from playwright.sync_api import Page, expect

from akiya.db import today
from tests.browser.conftest import Site
from tests.browser.test_flows import check_page, sign_in


@pytest.mark.parametrize("page", [1280, 360], indirect=True)
def test_many_are_assigned_and_put_back_a_notice_is_written_and_all_of_it_is_on_record(page: Page, site: Site) -> None:
    sign_in(page, site, "hana")
    page.goto(f"{site.url}/staff/?kind=house")
    check_page(page)
    page.get_by_label("借家1を選ぶ").check()
    page.get_by_role("button", name="担当を変える").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("まとめて：担当の変更")
    check_page(page)
    page.get_by_label("担当にする人").select_option("担当を決めない")
    page.get_by_role("button", name="担当を変える").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("まとめてした操作：担当の変更")
    check_page(page)
    page.get_by_role("button", name="1件を元に戻す").click()
    expect(page.get_by_text("元に戻した物件（1件）")).to_be_visible()
    page.goto(f"{site.url}/prefecture/notices/new")
    check_page(page)
    page.get_by_label("見出し").fill("点検のお知らせ")
    page.get_by_label("本文").fill("夜に止まります。")
    page.get_by_label("いつまで出すか").fill(today().isoformat())
    page.get_by_role("button", name="お知らせを出す").click()
    expect(page.get_by_text("お知らせを出しました")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="今日で終わりにする").click()
    page.goto(f"{site.url}/prefecture/audit")
    expect(page.get_by_role("cell", name="市町村へのお知らせの終わり").first).to_be_visible()
    check_page(page)

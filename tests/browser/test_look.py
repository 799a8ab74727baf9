"""The check of every page in a browser finds the faults that it looks for, so it can fail."""

from playwright.sync_api import Page

from tests.browser.test_flows import faults

PAGE = """<!DOCTYPE html><html lang="ja"><title>頁</title><style>
p, td { background: #fff; color: #222 } .pale { color: #bbb } .dark { background: #333 } .over { position: absolute; background: #444 }
</style><main><h1>頁</h1>{}</main></html>"""


def test_a_page_without_a_fault_has_none(page: Page) -> None:
    page.set_content(PAGE.replace("{}", "<p>読める</p>" * 50))
    assert faults(page) == []


def test_letters_too_pale_for_their_ground_are_found_among_many_that_are_not(page: Page) -> None:
    many = "<p>読める</p>" * 50
    for wrong in (
        '<p class="pale">薄い</p>',
        '<p class="dark">暗い地に暗い字</p>',
        '<table><tr><th>列<tr><td>よい<tr><td style="opacity: .4">透ける</table>',
        '<p style="position: relative">下<b class="over">上に乗る</b></p>',
        '<label>名前 <input value="薄い" style="color: #ccc; background: #fff"></label>',
    ):
        page.set_content(PAGE.replace("{}", many + wrong + many))
        assert [fault.split(":")[0] for fault in faults(page)] == ["color-contrast"], wrong


def test_a_control_without_a_name_is_found(page: Page) -> None:
    page.set_content(PAGE.replace("{}", "<p>読める</p><input>"))
    assert [fault.split(":")[0] for fault in faults(page)] == ["label"]

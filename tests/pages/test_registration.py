"""What pages/__init__ registers: every address with its endpoint, the hooks, exemptions from tokens, and the guards."""

from pathlib import Path

import pytest
from flask import Flask

from akiya.pages import guard

ADDRESSES = Path(__file__).with_name("addresses.txt")


def addresses(app: Flask) -> list[str]:
    return sorted(
        f"{rule.rule} {','.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith("/media/")
    )


def test_every_address_is_that_of_the_list(app: Flask) -> None:
    # People and programs store addresses: this shows one that disappears or is answered by another view.
    assert addresses(app) == ADDRESSES.read_text(encoding="utf-8").splitlines()


def test_forms_without_a_token_are_those_that_check_it_themselves_or_have_no_session(app: Flask) -> None:
    csrf = app.extensions["csrf"]
    assert {blueprint.name for blueprint in csrf._exempt_blueprints} == {"owners", "visits"}
    assert not csrf._exempt_views


def test_the_hooks_run_in_this_order(app: Flask) -> None:
    before = [hook.__name__ for hook in app.before_request_funcs[None]]
    assert before == ["csrf_protect", "_check_request_limit", "start", "_show_again"]
    # Flask calls these in reverse order: the audit line first, then headers, the log line and the limits' partial.
    after = [getattr(hook, "__name__", type(hook).__name__) for hook in app.after_request_funcs[None]]
    assert after == ["partial", "headers", "_update_remember_cookie", "_forget_saved", "record"]


def test_a_staff_view_without_a_mark_stops_the_start() -> None:
    app = Flask("akiya")
    app.add_url_rule("/staff/new-page", "new_page", lambda: "")
    with pytest.raises(RuntimeError, match=r"new_page \(/staff/new-page\) has no mark of pages/guard"):
        guard.check(app)
    app.view_functions["new_page"] = guard.open_to_all(lambda: "")
    guard.check(app)

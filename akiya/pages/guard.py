"""Control who may open a page: decorators for views, and the signed-in account.

A session ends after two hours without a request (its cookie is not renewed), after twelve hours in any case, and when
the account's session stamp changes.
"""

import time
from collections.abc import Callable
from functools import wraps
from hmac import compare_digest
from typing import ParamSpec, TypeVar

from flask import Flask, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from akiya.accounts import search
from akiya.accounts.models import Role, Staff
from akiya.config import LOOPBACK
from akiya.pages import audit_log
from akiya.web import running
from akiya.web.language import is_staff_path

P = ParamSpec("P")
R = TypeVar("R")

manager = LoginManager()
manager.login_view = "accounts.sign_in"
manager.login_message = "続けるにはサインインしてください。"
manager.session_protection = "strong"
_LONGEST_S = 12 * 60 * 60
_SECOND_STEP_S = 10 * 60


class SignedIn(UserMixin):
    """The user object of Flask-Login; the session stores an account's id and its session stamp at sign-in."""

    def __init__(self, staff: Staff) -> None:
        self.id = f"{staff.id}.{staff.session_stamp}"
        self.staff = staff


@manager.user_loader
def _load(signed_in: str) -> SignedIn | None:
    staff_id, _dot, stamp = signed_in.partition(".")
    staff = search.by_id(int(staff_id))
    if staff is None or not compare_digest(stamp, staff.session_stamp):
        return None
    if time.time() - session.get("since", 0) > _LONGEST_S or (staff.demonstration and not demonstration_allowed()):
        return None
    return SignedIn(staff)


def demonstration_allowed() -> bool:
    """Return whether demonstration accounts may be used: only if server and visitor are this machine."""
    host = request.host.rsplit(":", 1)[0].strip("[]")
    # Such a header shows a proxy, which has an address of its own: the visitor may be anywhere.
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"))
    outside = running.config().reachable_from_outside or forwarded
    return not outside and host in LOOPBACK and request.remote_addr in LOOPBACK


def sign_in(staff: Staff) -> None:
    """Start a new session for `staff`, discarding what the old one held."""
    session.clear()
    session.permanent = True
    session["since"] = int(time.time())
    login_user(SignedIn(staff))
    _forget_the_old_session()


def ask_for_code(staff: Staff, then: str) -> None:
    """Store in a new session that `staff` gave the right password and may enter the confirmation code.

    This is not a sign-in yet. `then` is the address to open after it.
    """
    session.clear()
    session.permanent = True
    session["second_step"] = [staff.id, staff.session_stamp, int(time.time()), then]
    _forget_the_old_session()


def _forget_the_old_session() -> None:
    # What this request has read from it: a page that is rendered now must have a token of the new one.
    for name in ("staff", "csrf_token"):
        g.pop(name, None)


def asked_for_code() -> tuple[Staff, str] | None:
    """Return the account whose confirmation code this session may enter, and the address to open after it.

    None if the session has no such account, or the password was entered too long ago.
    """
    staff_id, stamp, since, then = session.get("second_step") or (0, "", 0, "")
    staff = search.by_id(staff_id) if time.time() - since <= _SECOND_STEP_S else None
    if staff is None or not compare_digest(stamp, staff.session_stamp) or not staff.totp_secret:
        return None
    return (staff, then) if demonstration_allowed() or not staff.demonstration else None


def sign_out() -> None:
    """End the session."""
    logout_user()
    session.clear()


def current_staff() -> Staff | None:
    """Return the signed-in account, or None."""
    if "staff" not in g:
        g.staff = current_user.staff if isinstance(current_user, SignedIn) else None
    staff: Staff | None = g.staff
    return staff


def me() -> Staff:
    """Return the signed-in account, in a view that is guarded. Raise Forbidden without one."""
    staff = current_staff()
    if staff is None:
        raise Forbidden
    return staff


def seen(what: str, listing_id: int) -> None:
    """Log that a coordinator viewed something that a municipality keeps private."""
    if me().is_prefecture:
        audit_log.seen(what, me().id, listing_id=listing_id)


class Guard:
    """A decorator of views, which only an account that is `allowed` reaches; `whole` means after all its setting up."""

    def __init__(self, allowed: Callable[[Staff], bool], *, whole: bool = True) -> None:
        self.allowed, self.whole = allowed, whole

    def __call__(self, view: Callable[P, R]) -> Callable[P, R | Response]:
        """Return the guarded view. It raises Forbidden, or redirects an account that must sign in or set up codes."""

        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            staff = current_staff()
            if staff is None:
                return manager.unauthorized()
            if self.whole and staff.must_set_up_totp:
                return redirect(url_for("accounts_me.set_up"), 303)
            if not self.allowed(staff):
                raise Forbidden
            return view(*args, **kwargs)

        guarded.guarded = True  # type: ignore[attr-defined]  # read by check(), and by what keeps typed forms
        return guarded


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view at a staff address that needs no account, such as the sign-in page."""
    view.open_to_all = True  # type: ignore[attr-defined]  # read by check()
    return view


def check(app: Flask) -> None:
    """Raise RuntimeError if a view of `app` at a staff address is marked by no decorator of this module."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        marked = getattr(view, "guarded", False) or getattr(view, "open_to_all", False)
        if is_staff_path(rule.rule) and not marked:
            raise RuntimeError(f"{rule.endpoint} ({rule.rule}) has no mark of pages/guard: who may open it?")


signed_in = Guard(lambda staff: True)
# For the pages on which an account that must set up confirmation codes does so.
setting_up = Guard(lambda staff: True, whole=False)
writer = Guard(lambda staff: staff.can_write)
prefecture = Guard(lambda staff: staff.role is Role.PREFECTURE)

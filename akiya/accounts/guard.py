"""Who may open a page: decorators for views, and the signed-in account."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.exceptions import Forbidden

from akiya.accounts import search
from akiya.accounts.models import Role, Staff
from akiya.config import LOOPBACK

P = ParamSpec("P")
R = TypeVar("R")

manager = LoginManager()
manager.login_view = "accounts.sign_in"
manager.login_message = "続けるにはサインインしてください。"
manager.session_protection = "strong"


class SignedIn(UserMixin):
    """What Flask-Login keeps in the session: the id of an account."""

    def __init__(self, staff: Staff) -> None:
        self.id = staff.id
        self.staff = staff


@manager.user_loader
def _load(staff_id: str) -> SignedIn | None:
    staff = search.by_id(int(staff_id))
    if staff is None or (staff.demonstration and not demonstration_allowed()):
        return None
    return SignedIn(staff)


def demonstration_allowed() -> bool:
    """Whether the demonstration's accounts may be used: the server and the visitor are this machine."""
    host = request.host.rsplit(":", 1)[0].strip("[]")
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"))
    outside = current_app.config["AKIYA"].reachable_from_outside or forwarded
    return not outside and host in LOOPBACK and request.remote_addr in LOOPBACK


def sign_in(staff: Staff) -> None:
    """A new session for `staff`; what the old one held is gone."""
    session.clear()
    session.permanent = True
    login_user(SignedIn(staff))


def sign_out() -> None:
    """The session is ended."""
    logout_user()
    session.clear()


def current_staff() -> Staff | None:
    """The signed-in account, if any."""
    if "staff" not in g:
        g.staff = current_user.staff if current_user and current_user.is_authenticated else None
    return g.staff


def me() -> Staff:
    """The signed-in account of a view that is guarded."""
    staff = current_staff()
    if staff is None:
        raise Forbidden
    return staff


def _guard(allowed: Callable[[Staff], bool]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            staff = current_staff()
            if staff is None:
                return manager.unauthorized()
            if not allowed(staff):
                raise Forbidden
            return view(*args, **kwargs)

        guarded.guarded = True  # type: ignore[attr-defined]
        return guarded

    return decorate


signed_in: Any = _guard(lambda staff: True)
writer: Any = _guard(lambda staff: staff.can_write)
prefecture: Any = _guard(lambda staff: staff.role is Role.PREFECTURE)

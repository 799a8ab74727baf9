"""Signing in, in one step or two, and signing out."""

import time

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response

from akiya.accounts import search, service
from akiya.accounts.models import SignInOutcome, Staff
from akiya.accounts.sign_in_origin import Origin
from akiya.pages import guard
from akiya.pages.staff.accounts import resume
from akiya.pages.staff.accounts.forms import CodeForm, SignInForm
from akiya.web.limits import limiter, no_sooner_than
from akiya.web.urls import local_path

blueprint = Blueprint("accounts", __name__, url_prefix="/staff")
FAILURE_S = 0.5
"""Seconds that a failed sign-in takes at least, so that its time does not reveal whether the account exists."""
_WRONG = "メールアドレスかパスワードが違います。確かめて、もう一度入れてください。"
_WRONG_CODE = "確認コードが違うか、もう使われています。アプリに出ている新しい6桁の数字を入れてください。"
_TOO_LATE = "時間がたったので、もう一度メールアドレスとパスワードから始めてください。"


def origin() -> Origin:
    """Return where the request comes from: network address and browser."""
    return Origin.of(request.remote_addr, request.user_agent.string)


def account() -> str:
    """Return the key of the account that a form names, for limits: the same however the address is written."""
    return f"account:{service.address(request.form.get('email', ''))[:254]}"


def failed(response: Response) -> bool:
    """Return whether the response is a failure: limits count only these."""
    return response.status_code == 400


def _account_from_here() -> str:
    return f"{account()}:{get_remote_address()}"


def _second_step() -> str:
    asked = guard.asked_for_code()
    return f"code:{asked[0].id if asked else get_remote_address()}"


@blueprint.get("/sign-in")
@guard.open_to_all
def sign_in() -> str:
    """Show the sign-in page."""
    return page(SignInForm(data={"next": request.args.get("next", "")}))


@blueprint.post("/sign-in")
@guard.open_to_all
@limiter.limit("60/hour;20/minute")
@limiter.limit("10/15 minutes", key_func=_account_from_here, deduct_when=failed)
# For attempts from many addresses: too few to guess a password, enough that strangers cannot easily lock it out.
@limiter.limit("100/day", key_func=account, deduct_when=failed)
def check_sign_in() -> Response | str | tuple[str, int]:
    """Check address and password, then sign in or ask for the confirmation code."""
    began, form = time.monotonic(), SignInForm()
    if not form.validate_on_submit():
        return page(form), 400
    allowed = guard.demonstration_allowed()
    staff = service.authenticate(
        form.email.data or "", form.password.data or "", origin(), demonstration_allowed=allowed
    )
    if staff is None:
        form.form_errors.append(_WRONG)
        no_sooner_than(FAILURE_S, began)
        return page(form), 400
    then = local_path(form.next.data) or ""
    if not staff.totp_secret:
        return _let_in(staff, then, form.kept.data)
    guard.ask_for_code(staff, then)
    if not form.kept.data:
        return redirect(url_for("accounts.second_step"), 303)
    # What was typed before the session ended stays in the form; it is not stored before the code is right.
    return render_template("staff/accounts/code.html", form=CodeForm(formdata=None, data={"kept": form.kept.data}))


@blueprint.get("/sign-in/code")
@guard.open_to_all
def second_step() -> Response | str | tuple[str, int]:
    """Show the form of the confirmation code."""
    if guard.asked_for_code() is None:
        return _too_late()
    return render_template("staff/accounts/code.html", form=CodeForm())


@blueprint.post("/sign-in/code")
@guard.open_to_all
# Only a person who knows the password can use these up. Guessing at this pace takes forty years for an even chance.
@limiter.limit("5/15 minutes;15/day", key_func=_second_step, deduct_when=failed)
def check_second_step() -> Response | tuple[str, int]:
    """Check the confirmation code, and sign in."""
    asked, form = guard.asked_for_code(), CodeForm()
    if asked is None:
        return _too_late(form.kept.data)
    staff, then = asked
    if form.validate_on_submit():
        if service.accept_code(staff, form.code.data or "", origin()):
            return _let_in(staff, then, form.kept.data)
        form.code.errors = [_WRONG_CODE]
    form.code.data, form.code.raw_data = "", None
    return render_template("staff/accounts/code.html", form=form), 400


@blueprint.post("/sign-out")
@guard.open_to_all
def sign_out() -> Response:
    """Sign out."""
    guard.sign_out()
    flash("サインアウトしました。", "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _let_in(staff: Staff, then: str, kept: str | None) -> Response:
    service.record(staff, SignInOutcome.OK, origin())
    guard.sign_in(staff)
    default = url_for("reports_staff.index") if staff.is_prefecture else url_for("listings_staff.index")
    return redirect(resume.resume(staff, kept) or then or default, 303)


def _too_late(kept: str | None = None) -> Response | tuple[str, int]:
    session.pop("second_step", None)
    if kept:
        form = SignInForm(formdata=None, data={"kept": kept})
        form.form_errors.append(_TOO_LATE)
        return page(form), 400
    flash(_TOO_LATE, "info")
    return redirect(url_for("accounts.sign_in"), 303)


def page(form: SignInForm) -> str:
    """Render the sign-in page, with the demonstration's accounts where these may be used."""
    accounts = []
    if guard.demonstration_allowed():
        accounts = [
            (s.email, service.DEMONSTRATION_PASSWORD, s.role.label, s.municipality.name if s.municipality else "県全体")
            for s in search.demonstration()
        ]
    return render_template("staff/accounts/sign_in.html", form=form, demo_accounts=accounts)

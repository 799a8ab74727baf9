"""Signing in and out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from akiya.accounts import guard, search, service
from akiya.accounts.forms import SignInForm
from akiya.web.limits import limiter
from akiya.web.urls import local_path

blueprint = Blueprint("accounts", __name__, url_prefix="/staff")


def _address() -> str:
    return f"sign-in:{request.form.get('email', '').strip().lower()}"


@blueprint.get("/sign-in")
def sign_in() -> str:
    return _page(SignInForm(data={"next": request.args.get("next", "")}))


@blueprint.post("/sign-in")
@limiter.limit("60/hour;20/minute")
@limiter.limit("10/15 minutes", key_func=_address)
def check_sign_in() -> Response | tuple[str, int]:
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form), 400
    staff = service.authenticate(
        form.email.data, form.password.data, demonstration_allowed=guard.demonstration_allowed()
    )
    if staff is None:
        form.form_errors.append("メールアドレスかパスワードが違います。確かめて、もう一度入れてください。")
        return _page(form), 400
    guard.sign_in(staff)
    default = url_for("reports_staff.index") if staff.is_prefecture else url_for("listings_staff.index")
    return redirect(local_path(form.next.data) or default, 303)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    guard.sign_out()
    flash("サインアウトしました。", "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _page(form: SignInForm) -> str:
    accounts = []
    if guard.demonstration_allowed():
        accounts = [
            (s.email, service.DEMONSTRATION_PASSWORD, s.role.ja, s.municipality.name if s.municipality else "県全体")
            for s in search.demonstration()
        ]
    return render_template("accounts/sign_in.html", form=form, demo_accounts=accounts)

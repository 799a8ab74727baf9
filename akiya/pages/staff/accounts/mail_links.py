"""Pages that links in mails open: accepting an invitation, and setting a new password after asking for it."""

import time

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from akiya.accounts import invitations, service
from akiya.accounts.models import SignInOutcome
from akiya.errors import Invalid
from akiya.pages import guard
from akiya.pages.staff.accounts.forms import ForgottenForm, NewPasswordForm, WelcomeForm
from akiya.pages.staff.accounts.sign_in import FAILURE_S, account, origin
from akiya.web import running
from akiya.web.limits import limiter, no_sooner_than

blueprint = Blueprint("accounts_mailed", __name__, url_prefix="/staff")


@blueprint.get("/forgotten")
@guard.open_to_all
def forgotten() -> ResponseReturnValue:
    """Show the form that asks for a new password."""
    return render_template("staff/accounts/forgotten.html", form=ForgottenForm(), sent=False)


@blueprint.post("/forgotten")
@guard.open_to_all
@limiter.limit("10/hour")
@limiter.limit("3/hour", key_func=lambda: f"forgotten:{account()}")
def send_reset() -> ResponseReturnValue:
    """Mail a link for a new password if the address has an account; the response is the same either way."""
    began, form = time.monotonic(), ForgottenForm()
    if not form.validate_on_submit():
        return render_template("staff/accounts/forgotten.html", form=form, sent=False), 400
    invitations.forgotten(form.email.data or "", running.config())
    running.wake("outbox")
    # The same text after the same time, so that the page reveals to nobody who has an account.
    no_sooner_than(FAILURE_S, began)
    return render_template("staff/accounts/forgotten.html", form=form, sent=True)


@blueprint.route("/new-password/<reset>", methods=["GET", "POST"])
@guard.open_to_all
@limiter.limit("60/hour")
def new_password(reset: str) -> ResponseReturnValue:
    """Show the form of a new password, and set it."""
    form, key = NewPasswordForm(), running.config().secret_key
    try:
        staff = invitations.forgetful(reset, key)
    except Invalid as error:
        return _useless(error, url_for("accounts_mailed.forgotten"), "もう一度メールを送る")
    if form.validate_on_submit():
        try:
            invitations.reset(reset, form.password.data or "", origin(), key)
        except Invalid as error:
            form.show(error)
        else:
            guard.sign_out()
            flash("新しいパスワードにしました。新しいパスワードでサインインしてください。", "success")
            return redirect(url_for("accounts.sign_in"), 303)
    page = render_template("staff/accounts/new_password.html", form=form, email=staff.email)
    return (page, 400) if form.failed else page


@blueprint.route("/welcome/<invitation>", methods=["GET", "POST"])
@guard.open_to_all
@limiter.limit("60/hour")
def welcome(invitation: str) -> ResponseReturnValue:
    """Show an invitation, and let the invited person choose name and password."""
    key = running.config().secret_key
    try:
        staff = invitations.invited(invitation, key)
    except Invalid as error:
        return _useless(error, url_for("accounts.sign_in"), "サインインのページへ")
    form = WelcomeForm(data={"name": staff.name})
    if form.validate_on_submit():
        try:
            staff = invitations.accept(invitation, form.name.data or "", form.password.data or "", key)
        except Invalid as error:
            form.show(error)
        else:
            service.record(staff, SignInOutcome.OK, origin())
            guard.sign_in(staff)
            flash(f"{staff.name}さん、ようこそ。次からはメールアドレスとパスワードでサインインします。", "success")
            return redirect(url_for("listings_staff.index"), 303)
    page = render_template("staff/accounts/welcome.html", form=form, invited=staff)
    return (page, 400) if form.failed else page


def _useless(error: Invalid, url: str, text: str) -> ResponseReturnValue:
    return render_template("staff/accounts/useless_link.html", message=str(error), url=url, text=text), 400

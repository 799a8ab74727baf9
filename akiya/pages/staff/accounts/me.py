"""The account's own page: name, password, confirmation codes, and its latest sign-ins."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from akiya.accounts import search, service, totp
from akiya.errors import Invalid
from akiya.pages import guard
from akiya.pages.staff.accounts.forms import ChangePasswordForm, NameForm, RemoveForm, ReplaceForm, SetUpForm
from akiya.web.forms import Form
from akiya.web.limits import limiter

blueprint = Blueprint("accounts_me", __name__, url_prefix="/staff/me")


def _guessing() -> str:
    return f"me:{guard.me().id}"


def _failed(response: Response) -> bool:
    return response.status_code == 400


# A person at somebody else's signed-in computer must not be able to guess the password or take over the account.
_guesses = limiter.shared_limit("10/15 minutes", scope="password", key_func=_guessing, deduct_when=_failed)


@blueprint.get("")
@guard.signed_in
def show() -> ResponseReturnValue:
    """Show the signed-in account."""
    return _page()


@blueprint.post("/name")
@guard.signed_in
def rename() -> ResponseReturnValue:
    """Change the account's name."""
    form = NameForm(prefix="me-")
    if form.validate_on_submit():
        try:
            service.rename(guard.me(), form.name.data or "")
        except Invalid as error:
            form.show(error)
        else:
            return _done("お名前を変えました。")
    return _page(name=form)


@blueprint.post("/password")
@guard.signed_in
@_guesses
def change_password() -> ResponseReturnValue:
    """Change the account's password, and end its other sessions."""
    staff, form = guard.me(), ChangePasswordForm()
    if form.validate_on_submit():
        try:
            service.change_password(staff, form.current_password.data or "", form.password.data or "")
        except Invalid as error:
            form.show(error)
        else:
            guard.sign_in(staff)
            return _done("パスワードを変えました。ほかの端末ではサインアウトになりました。")
    return _page(password=form)


@blueprint.route("/codes", methods=["GET", "POST"])
@guard.setting_up
@_guesses
def set_up() -> ResponseReturnValue:
    """Show a new secret for an authenticator app, and start using it once a code of it is entered."""
    staff = guard.me()
    form = ReplaceForm() if staff.totp_secret else SetUpForm()
    secret = session.setdefault("new_secret", totp.new_secret())
    if form.validate_on_submit():
        try:
            if staff.totp_secret or staff.demonstration:
                password = form.current_password.data if isinstance(form, ReplaceForm) else ""
                service.prove(staff, password or "", "current_password")
            service.set_up_totp(staff, secret, form.code.data or "")
        except Invalid as error:
            form.show(error)
        else:
            guard.sign_in(staff)
            flash("確認コードを使うようにしました。次のサインインから、アプリの6桁の数字も入れます。", "success")
            return redirect(url_for("accounts_me.show"), 303)
    page = render_template(
        "staff/accounts/set_up.html",
        form=form,
        forced=staff.must_set_up_totp,
        replaced=bool(staff.totp_secret),
        picture=totp.picture(secret, staff.email),
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
    )
    return (page, 400) if form.failed else page


@blueprint.post("/codes/remove")
@guard.signed_in
@_guesses
def remove_codes() -> ResponseReturnValue:
    """Stop asking for confirmation codes."""
    staff, form = guard.me(), RemoveForm(prefix="codes-")
    if form.validate_on_submit():
        try:
            service.remove_totp(staff, form.password.data or "")
        except Invalid as error:
            form.show(error)
        else:
            guard.sign_in(staff)
            return _done("確認コードを使わないようにしました。")
    return _page(remove=form)


@blueprint.post("/sign-out-everywhere")
@guard.signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """End all sessions of the account."""
    service.end_sessions(guard.me())
    guard.sign_out()
    flash("すべての端末でサインアウトしました。", "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _done(message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("accounts_me.show"), 303)


def _page(name: Form | None = None, password: Form | None = None, remove: Form | None = None) -> ResponseReturnValue:
    staff = guard.me()
    sent_back = next((form for form in (name, password, remove) if form is not None), None)
    page = render_template(
        "staff/accounts/me.html",
        me=staff,
        name_form=name or NameForm(prefix="me-", formdata=None, data={"name": staff.name}),
        password_form=password or ChangePasswordForm(formdata=None),
        remove_form=remove or RemoveForm(prefix="codes-", formdata=None),
        sent_back=sent_back,
        sign_ins=search.sign_ins(staff.id),
    )
    return (page, 400) if sent_back else page

"""Keeping what was typed into a staff form when the session ends.

The sign-in page carries it along, and then the form shows it. Nothing of it is saved except a draft of the account that
signed in.
"""

import json

from flask import Flask, Response, current_app, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login.utils import login_url
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict

from akiya.accounts import drafts
from akiya.accounts.models import Staff
from akiya.pages import guard
from akiya.pages.staff.accounts.forms import SignInForm
from akiya.web import handlers
from akiya.web.language import is_staff_path
from akiya.web.urls import local_path

_SIGN_IN_AGAIN = (
    "時間がたったので、もう一度サインインしてください。入力した内容は残っています。サインインすると元の画面に出ます。"
)
_TOO_LATE = "時間がたったので、もう一度サインインしてください。"
_UNSAVED = "前に入力した内容を出しました。まだ保存していません。確かめてから保存してください。"


def init_app(app: Flask) -> None:
    """Make the staff forms of `app` survive the end of a session."""
    guard.manager.unauthorized_handler(_signed_out)
    app.register_error_handler(CSRFError, _refused)
    app.before_request(_show_again)
    app.after_request(_forget_saved)


def _typed() -> str:
    """Return the form that was sent, as text without secrets; "" if there is none to keep.

    It is kept only if the page at its address also shows the form.
    """
    rule, view = request.url_rule, current_app.view_functions.get(request.endpoint or "")
    if request.method != "POST" or rule is None or "GET" not in (rule.methods or ()) or _from_elsewhere():
        return ""
    if not getattr(view, "guarded", False):
        return ""
    values = {name: texts for name, texts in request.form.to_dict(flat=False).items() if not _secret(name)}
    if not any(text for texts in values.values() for text in texts):
        return ""
    text = json.dumps({"page": request.path, "values": values}, ensure_ascii=False)
    return text if len(text) <= drafts.LARGEST else ""


def _secret(name: str) -> bool:
    return name == "code" or any(word in name.lower() for word in ("token", "password", "secret"))


def _from_elsewhere() -> bool:
    """Return whether another site's page sent the form, whose text is not what a clerk typed."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin", "")
    return bool(origin) and origin != request.host_url.rstrip("/")


def _signed_out() -> ResponseReturnValue:
    """Render the sign-in page with what was typed, or redirect to it if that is nothing."""
    if kept := _typed():
        return _sign_in_page(kept)
    flash(str(guard.manager.login_message), "message")
    opens = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    return redirect(login_url("accounts.sign_in", request.url if opens else None))


def _refused(error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose CSRF token is missing or of an older session."""
    if request.endpoint == "accounts.check_sign_in":
        form = SignInForm()
        form.form_errors.append("時間がたちました。もう一度パスワードを入れて、サインインしてください。")
        return _page(form), 400
    if request.endpoint == "accounts.check_second_step":
        return _sign_in_page(request.form.get("kept", ""))
    kept = _typed() if is_staff_path(request.path) else ""
    if not kept:
        return handlers.expired(error)
    staff = guard.current_staff()
    if staff is None:
        return _sign_in_page(kept)
    return redirect(resume(staff, kept) or request.path)


def _sign_in_page(kept: str) -> ResponseReturnValue:
    form = SignInForm(formdata=None, data={"kept": kept})
    form.form_errors.append(_SIGN_IN_AGAIN if kept else _TOO_LATE)
    return _page(form), 401


def _page(form: SignInForm) -> str:
    return render_template("staff/accounts/sign_in.html", form=form)


def resume(staff: Staff, kept: str | None) -> str | None:
    """Save what the sign-in page carried as the account's draft, and return the address at which the form shows it.

    None if it carried no valid form.
    """
    try:
        held = json.loads(kept or "")
        page, values = held["page"], {str(n): [str(t) for t in texts] for n, texts in held["values"].items()}
        json.dumps(values, ensure_ascii=False).encode()  # raises for half a character, which no browser sends
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if not isinstance(page, str) or not is_staff_path(page) or local_path(page) is None or "?" in page:
        return None
    return url_with_draft(page) if drafts.save(staff, page, values) else None


def url_with_draft(page: str) -> str:
    """Return the address of the form at `page` that shows the account's draft."""
    return f"{page}?draft=1"


def _show_again() -> None:
    if request.method == "GET" and request.args.get("draft") and is_staff_path(request.path):
        staff = guard.current_staff()
        draft = drafts.read(staff, request.path) if staff else None
        if draft is not None:
            g.typed = MultiDict(draft.values)
            flash(_UNSAVED, "info")


def _forget_saved(response: Response) -> Response:
    """Drop the draft of a form that was saved, or of a page that the account may not open.

    A draft that waits next to the form and was not resumed is kept.
    """
    saved = request.method == "POST" and response.status_code == 303 and request.form.get("draft") != "waiting"
    refused = "typed" in g and response.status_code in (403, 404)
    staff = g.get("staff")
    if (saved or refused) and staff is not None and is_staff_path(request.path):
        drafts.drop(staff, request.path)
    return response

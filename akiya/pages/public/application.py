"""The public pages for owners: the application, its receipt, and the form on paper."""

import time

from flask import Blueprint, Response, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field

from akiya import formatting
from akiya.errors import BadImage, Invalid, StorageFailed
from akiya.imaging import formats
from akiya.language import NP_, is_source, language
from akiya.language import gettext as _
from akiya.listings import photos
from akiya.municipalities import search as municipalities
from akiya.owners import applications
from akiya.pages.application_form import FOLDED, SECTIONS, ApplicationForm
from akiya.web import running
from akiya.web.language import Text
from akiya.web.limits import limiter
from akiya.web.uploads import on_disk

blueprint = Blueprint("owners", __name__, url_prefix="/owners")
QUICKEST_S = 5
"""Seconds from opening to sending the form: nobody fills it in faster, but programs do."""
LARGEST_PHOTO = 20 * 1024 * 1024
_RECEIPT = "owner_application"
_BETWEEN, _OR, _AND = NP_("list", "・"), NP_("or", "・"), NP_("and", "・")
"""What stands between the names of a list, and before the last one."""


def _accepted(response: AnyResponse) -> bool:
    return response.status_code == 303


def _too_many(limit: RequestLimit) -> Response:
    form = _form()
    form.form_errors.append(
        _("申込が続いたため、しばらく受け付けられません。1時間ほどたってから、もう一度送ってください。")
    )
    return Response(_page(form), 429, mimetype="text/html")


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    """Forbid caching of pages with a token or a receipt, which belong to one person."""
    if request.endpoint != "owners.paper":
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/apply")
def apply() -> ResponseReturnValue:
    """Show the form, with the municipality of the address chosen."""
    form = _form()
    code = request.args.get("municipality", "")
    form.municipality_code.data = code if code in form.offered else ""
    form.opened.data = _signer().sign("apply").decode()
    return _page(form)


@blueprint.post("/apply")
@limiter.limit("60/hour", on_breach=_too_many)
@limiter.limit("10/hour;30/day", deduct_when=_accepted, on_breach=_too_many)
def send() -> ResponseReturnValue:
    """Receive an application with its photos and redirect to its receipt, or show the form again with what is wrong."""
    form = _form()
    sound = form.validate() and not _is_a_program(form)
    if sound:
        try:
            application = applications.receive(
                form.municipality_code.data, form.facts(), (form.lot_number.data or "").strip(), form.applicant(),
                form.sent(), language=language(), address=running.config().address,
            )  # fmt: skip
        except Invalid as error:
            form.show(error)
        else:
            running.wake("outbox")
            taken, problems = _take_photos(application.listing_id, form.files())
            session[_RECEIPT] = {
                "receipt": application.receipt,
                "code": form.municipality_code.data,
                "mailed": bool(application.email),
                "photos": taken,
                "problems": problems,
            }
            return redirect(url_for("owners.receipt"), 303)
    return _page(form), 400


@blueprint.get("/receipt")
def receipt() -> ResponseReturnValue:
    """Show the receipt of the application that this session sent; 404 if there is none."""
    kept = session.get(_RECEIPT)
    found = municipalities.served_by_code(kept["code"]) if kept else None
    page = render_template(
        "public/application/receipt.html", receipt=kept if found else None, municipality=found, noindex=True
    )
    return page if found else (page, 404)


@blueprint.get("/apply/print")
def paper() -> ResponseReturnValue:
    """Show the form for printing."""
    code = request.args.get("municipality", "")
    found = municipalities.served_by_code(code)
    joined = found if found and found.joined else None
    return render_template("public/application/paper.html", sections=_sections(_form()), municipality=joined)


def _form() -> ApplicationForm:
    form = ApplicationForm()
    form.offer([(m.code, formatting.name(m)) for m in municipalities.served() if m.joined])
    return form


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.config["SECRET_KEY"], salt="owner application")


def _is_a_program(form: ApplicationForm) -> bool:
    """Return whether the sender looks like a program.

    The form then says what to do, so that a person who was mistaken for one can simply send it again.
    """
    try:
        opened = _signer().unsign(form.opened.data or "", return_timestamp=True)[1].timestamp()
    except BadSignature:
        form.opened.data, opened = _signer().sign("apply").decode(), time.time()
    if form.website.data:
        form.form_errors.append(
            _("見えない欄に文字が入っていました。消しましたので、もう一度「送る」を押してください。")
        )
        form.website.data = ""
        return True
    if time.time() - opened < QUICKEST_S:
        form.form_errors.append(
            _("とても早く送られたため、確かめています。少し待って、もう一度「送る」を押してください。")
        )
        return True
    return False


def _take_photos(listing_id: int, files: list[FileStorage]) -> tuple[int, list[tuple[str, str]]]:
    """Store the photos; return how many, and (file name, reason) for each that could not be used."""
    storage, taken, problems = running.storage(), 0, []
    for file in files:
        try:
            with on_disk(file) as path:
                if path.stat().st_size > LARGEST_PHOTO:
                    raise BadImage("20MBを超えています。縮小してから、担当者に送ってください。")
                # The file's name is not stored: it may contain a person's name.
                photos.offer(listing_id, "", path, storage, applications.ACTOR)
            taken += 1
        except (BadImage, Invalid) as error:
            names = formats.listed(formats.PHOTO, _(_BETWEEN), _(_AND))
            general = _("写真として使えませんでした。%(formats)s の写真（20MBまで）だけを使えます。", formats=names)
            problems.append(((file.filename or "")[-40:], str(error) if is_source() else general))
        except StorageFailed:  # no error page: the application itself has been received, and must be acknowledged
            told = _("今は写真を保存できません。写真はあとで担当者に送ってください。")
            problems += [((late.filename or "")[-40:], told) for late in files[files.index(file) :]]
            break
    return taken, problems


def _page(form: ApplicationForm) -> str:
    if form.is_submitted() and form.files():
        form.photos.errors = [
            *form.photos.errors,
            _("写真は、お手数ですがもう一度選んでください。ほかの入力は残っています。"),
        ]
    return render_template(
        "public/application/form.html",
        form=form,
        sections=_sections(form),
        folded=FOLDED,
        photo_formats=formats.listed(formats.PHOTO, _(_BETWEEN), _(_OR)),
        photo_accept=formats.accept(formats.PHOTO),
        noindex=bool(request.args),
    )


def _sections(form: ApplicationForm) -> list[tuple[str, Text, list[Field]]]:
    return [(key, heading, [form[name] for name in names]) for key, heading, names in SECTIONS]

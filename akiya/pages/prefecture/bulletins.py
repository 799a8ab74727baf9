"""The pages of notices: written and followed by coordinators, read by the staff of municipalities."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from akiya.accounts import guard
from akiya.bulletins import search, service
from akiya.bulletins.forms import BulletinForm
from akiya.errors import Invalid
from akiya.municipalities import search as municipalities
from akiya.web import running
from akiya.web.pagination import Page, page_number
from akiya.web.urls import local_path

blueprint = Blueprint("bulletins_staff", __name__)
PER_PAGE = 50
Answer = str | Response | tuple[str, int]


@blueprint.get("/staff/notices")
@guard.signed_in
def current() -> str:
    staff = guard.me()
    unread = {each.id for each in search.unread(staff)}
    return render_template("bulletins/current.html", bulletins=search.current(staff), unread=unread)


@blueprint.post("/staff/notices/<id:bulletin_id>/read")
@guard.signed_in
def read(bulletin_id: int) -> Answer:
    service.read(guard.me(), bulletin_id)
    return redirect(local_path(request.form.get("next")) or url_for(".current"), 303)


@blueprint.get("/prefecture/notices")
@guard.prefecture
def index() -> str:
    number = page_number()
    items, total = search.page(PER_PAGE, (number - 1) * PER_PAGE)
    page = Page(items, total, number, PER_PAGE, lambda n: url_for(".index", page=n))
    return render_template("bulletins/index.html", page=page, names=_names())


@blueprint.route("/prefecture/notices/new", methods=["GET", "POST"])
@guard.prefecture
def new() -> Answer:
    form = BulletinForm()
    form.offer(_names().items())
    if form.validate_on_submit():
        site = running.config().address if form.mail.data else None
        try:
            made = service.write(
                guard.me(), form.title.data, form.text.data, form.codes.data, form.until.data, mail_from=site
            )
        except Invalid as error:
            form.show(error)
        else:
            if made.mailed:
                running.wake("outbox")
            flash("お知らせを出しました。", "success")
            return redirect(url_for(".show", bulletin_id=made.id), 303)
    page = render_template("bulletins/new.html", form=form)
    return (page, 400) if form.failed else page


@blueprint.get("/prefecture/notices/<id:bulletin_id>")
@guard.prefecture
def show(bulletin_id: int) -> str:
    bulletin = search.of_staff(guard.me(), bulletin_id)
    people = search.addressees(bulletin)
    count = sum(at is not None for _person, _place, at in people)
    return render_template("bulletins/show.html", bulletin=bulletin, people=people, count=count, names=_names())


@blueprint.post("/prefecture/notices/<id:bulletin_id>/end")
@guard.prefecture
def end(bulletin_id: int) -> Answer:
    try:
        service.end(guard.me(), bulletin_id)
    except Invalid as error:
        flash(str(error), "info")
    else:
        flash("お知らせを終わりにしました。もうだれのページにも出ません。", "success")
    return redirect(url_for(".show", bulletin_id=bulletin_id), 303)


def _names() -> dict[str, str]:
    return {place.code: place.name for place in municipalities.served()}

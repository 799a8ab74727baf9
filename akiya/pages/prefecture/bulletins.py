"""The pages on which coordinators write notices to municipalities and see who has read them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from akiya.bulletins import search, service
from akiya.errors import Invalid
from akiya.municipalities import search as municipalities
from akiya.pages import guard
from akiya.pages.blueprints import bulletins_staff
from akiya.pages.prefecture.bulletin_forms import BulletinForm
from akiya.web import running
from akiya.web.pagination import Page, page_number

PER_PAGE = 50


@bulletins_staff.get("/prefecture/notices")
@guard.prefecture
def index() -> str:
    """List the notices."""
    number = page_number()
    items, total = search.page(PER_PAGE, (number - 1) * PER_PAGE)
    page = Page(items, total, number, PER_PAGE, lambda n: url_for(".index", page=n))
    return render_template("prefecture/bulletins/index.html", page=page, names=_names())


@bulletins_staff.route("/prefecture/notices/new", methods=["GET", "POST"])
@guard.prefecture
def new() -> ResponseReturnValue:
    """Show the form of a new notice, and publish it."""
    form = BulletinForm()
    form.offer(_names().items())
    if form.validate_on_submit():
        site = running.config().address if form.mail.data else None
        try:
            made = service.write(
                guard.me(),
                form.title.data or "",
                form.text.data or "",
                form.codes.data,
                form.until.data,
                mail_from=site,
            )
        except Invalid as error:
            form.show(error)
        else:
            if made.mailed:
                running.wake("outbox")
            flash("お知らせを出しました。", "success")
            return redirect(url_for(".show", bulletin_id=made.id), 303)
    page = render_template("prefecture/bulletins/new.html", form=form)
    return (page, 400) if form.failed else page


@bulletins_staff.get("/prefecture/notices/<id:bulletin_id>")
@guard.prefecture
def show(bulletin_id: int) -> str:
    """Show a notice and who has read it."""
    bulletin = search.of_staff(guard.me(), bulletin_id)
    people = search.addressees(bulletin)
    count = sum(at is not None for _person, _place, at in people)
    return render_template(
        "prefecture/bulletins/show.html", bulletin=bulletin, people=people, count=count, names=_names()
    )


@bulletins_staff.post("/prefecture/notices/<id:bulletin_id>/end")
@guard.prefecture
def end(bulletin_id: int) -> ResponseReturnValue:
    """End a notice, so that no page shows it any more."""
    try:
        service.end(guard.me(), bulletin_id)
    except Invalid as error:
        flash(str(error), "info")
    else:
        flash("お知らせを終わりにしました。もうだれのページにも出ません。", "success")
    return redirect(url_for(".show", bulletin_id=bulletin_id), 303)


def _names() -> dict[str, str]:
    return {place.code: place.name for place in municipalities.served()}

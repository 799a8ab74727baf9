"""The staff's page of a panorama: upload, state, preview, removal."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from akiya.accounts import guard
from akiya.errors import Invalid, NotFound
from akiya.listings import cards
from akiya.listings import search as listings
from akiya.panoramas import public, search, service
from akiya.panoramas.forms import PanoramaForm
from akiya.panoramas.models import State
from akiya.web import running
from akiya.web.uploads import on_disk

blueprint = Blueprint("panoramas_staff", __name__, url_prefix="/staff/listings/<id:listing_id>/panorama")
Answer = str | AnyResponse | tuple[str, int]


@blueprint.get("")
@guard.signed_in
def show(listing_id: int) -> Answer:
    return _page(listing_id, PanoramaForm())


@blueprint.post("")
@guard.writer
def upload(listing_id: int) -> Answer:
    listings.for_staff(guard.me(), listing_id)
    form = PanoramaForm()
    if not form.validate_on_submit():
        return _page(listing_id, form), 400
    with on_disk(form.file.data) as path:
        storage = running.storage()
        try:
            service.receive(
                guard.me(), listing_id, path, storage, title=form.title.data or "", description=form.description.data
            )
        except Invalid as error:
            for name, message in error.errors.items():
                form[name].errors = [*form[name].errors, message]
            return _page(listing_id, form), 400
    running.wake("panoramas")
    flash("360度画像を受け取りました。変換が終わると公開されます。このページを閉じても続きます。", "success")
    return redirect(url_for("panoramas_staff.show", listing_id=listing_id), 303)


@blueprint.post("/retry")
@guard.writer
def retry(listing_id: int) -> Answer:
    try:
        service.retry(guard.me(), listing_id)
    except Invalid as error:
        return _page(listing_id, PanoramaForm(), [str(error)]), 400
    running.wake("panoramas")
    return redirect(url_for("panoramas_staff.show", listing_id=listing_id), 303)


@blueprint.post("/remove")
@guard.writer
def remove(listing_id: int) -> Answer:
    try:
        service.remove(guard.me(), listing_id, running.storage())
    except Invalid as error:
        return _page(listing_id, PanoramaForm(), [str(error)]), 400
    flash("360度画像を消しました。", "success")
    return redirect(url_for("panoramas_staff.show", listing_id=listing_id), 303)


@blueprint.get("/config.json")
@guard.signed_in
def config(listing_id: int) -> Response:
    listings.for_staff(guard.me(), listing_id)
    panorama = search.of_listing(listing_id)
    if panorama is None or panorama.state is not State.READY:
        raise NotFound("表示できる360度画像がありません。")
    return public.configuration(panorama)


def _page(listing_id: int, form: PanoramaForm, problems: list[str] | None = None) -> str:
    listing = listings.for_staff(guard.me(), listing_id)
    panorama = search.of_listing(listing_id)
    ready = panorama is not None and panorama.state is State.READY
    preview = (
        public.view(panorama, url_for("panoramas_staff.config", listing_id=listing_id)) if panorama and ready else None
    )
    return render_template(
        "panoramas/staff.html",
        listing=listing,
        title=cards.title(listing, listing.municipality.name),
        panorama=panorama,
        preview=preview,
        form=form,
        working=panorama is not None and panorama.state in (State.WAITING, State.WORKING),
        can_write=guard.me().can_write,
        problems=problems or [],
    )

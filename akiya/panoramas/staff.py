"""The staff's pages of a tour: upload, state, preview, publishing, removal."""

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

blueprint = Blueprint("panoramas_staff", __name__, url_prefix="/staff")
Answer = str | AnyResponse | tuple[str, int]


@blueprint.get("/listings/<id:listing_id>/tour")
@guard.signed_in
def show(listing_id: int) -> Answer:
    return _page(listing_id, PanoramaForm())


@blueprint.post("/listings/<id:listing_id>/tour")
@guard.writer
def upload(listing_id: int) -> Answer:
    listings.for_staff(guard.me(), listing_id)
    form = PanoramaForm()
    if not form.validate_on_submit():
        return _page(listing_id, form), 400
    with on_disk(form.file.data) as path:
        storage = running.storage()
        try:
            service.add(
                guard.me(), listing_id, path, storage, title=form.title.data or "", description=form.description.data
            )
        except Invalid as error:
            for name, message in error.errors.items():
                form[name].errors = [*form[name].errors, message]
            return _page(listing_id, form), 400
    running.wake("panoramas")
    flash("360度画像を受け取りました。変換が終わったら、見て確かめてから公開してください。", "success")
    return redirect(url_for("panoramas_staff.show", listing_id=listing_id), 303)


@blueprint.post("/listings/<id:listing_id>/tour/publish")
@guard.writer
def publish(listing_id: int) -> Answer:
    try:
        service.publish(guard.me(), listing_id)
    except Invalid as error:
        return _page(listing_id, PanoramaForm(), [str(error)]), 400
    flash("360度画像を公開しました。", "success")
    return redirect(url_for("panoramas_staff.show", listing_id=listing_id), 303)


@blueprint.post("/listings/<id:listing_id>/tour/unpublish")
@guard.writer
def unpublish(listing_id: int) -> Answer:
    try:
        service.unpublish(guard.me(), listing_id, running.storage())
    except Invalid as error:
        return _page(listing_id, PanoramaForm(), [str(error)]), 400
    running.wake("panoramas")
    flash("360度画像の公開をやめました。", "success")
    return redirect(url_for("panoramas_staff.show", listing_id=listing_id), 303)


@blueprint.post("/scenes/<id:scene_id>/retry")
@guard.writer
def retry(scene_id: int) -> Answer:
    listing_id = search.for_staff(guard.me(), scene_id).listing_id
    try:
        service.retry(guard.me(), scene_id)
    except Invalid as error:
        return _page(listing_id, PanoramaForm(), [str(error)]), 400
    running.wake("panoramas")
    return redirect(url_for("panoramas_staff.show", listing_id=listing_id), 303)


@blueprint.post("/scenes/<id:scene_id>/remove")
@guard.writer
def remove(scene_id: int) -> Answer:
    listing_id = search.for_staff(guard.me(), scene_id).listing_id
    service.remove(guard.me(), scene_id, running.storage())
    flash("360度画像を消しました。", "success")
    return redirect(url_for("panoramas_staff.show", listing_id=listing_id), 303)


@blueprint.get("/listings/<id:listing_id>/tour/config.json")
@guard.signed_in
def config(listing_id: int) -> Response:
    listings.for_staff(guard.me(), listing_id)
    scenes = [scene for scene in search.of_listing(listing_id) if scene.state is State.READY]
    if not scenes:
        raise NotFound("表示できる360度画像がありません。")
    return public.configuration(scenes)


def _page(listing_id: int, form: PanoramaForm, problems: list[str] | None = None) -> str:
    listing = listings.for_staff(guard.me(), listing_id)
    scenes = search.of_listing(listing_id)
    ready = [scene for scene in scenes if scene.state is State.READY]
    return render_template(
        "panoramas/staff.html",
        listing=listing,
        title=cards.title(listing, listing.municipality.name),
        scenes=scenes,
        preview=public.tour(ready, url_for("panoramas_staff.config", listing_id=listing_id)),
        form=form,
        working=any(scene.state in (State.WAITING, State.WORKING) for scene in scenes),
        can_write=guard.me().can_write,
        problems=problems or [],
    )

"""The staff's page of a tour: upload, progress, order, preview and publication.

Scripts, which ask for JSON in the Accept header, get JSON from the same addresses: `problems`, texts for people, and
`items`, the HTML of the scenes that were added.
"""

from flask import Blueprint, Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from akiya.errors import Invalid, NotFound
from akiya.listings import search as listings
from akiya.listings import titles
from akiya.pages import guard, tour_view
from akiya.pages.staff.tours.forms import PictureForm, TitleForm
from akiya.panoramas import receiving, search, service, tiling
from akiya.panoramas.models import Scene, SceneState
from akiya.values import Values
from akiya.web import running
from akiya.web.uploads import on_disk

blueprint = Blueprint("panoramas_staff", __name__, url_prefix="/staff")


@blueprint.get("/listings/<id:listing_id>/tour")
@guard.signed_in
def show(listing_id: int) -> ResponseReturnValue:
    """Show the staff's page of a listing's tour."""
    return page(listing_id)


@blueprint.post("/listings/<id:listing_id>/tour")
@guard.writer
def upload(listing_id: int) -> ResponseReturnValue:
    """Receive a 360° picture as a new scene; the worker then makes its tiles."""
    listings.for_staff(guard.me(), listing_id)
    form, scene = PictureForm(), None
    if form.validate_on_submit():
        try:
            with on_disk(form.file.data) as path:
                scene = service.add(guard.me(), listing_id, path, running.storage())
        except Invalid as error:
            form.show(error)
    if scene is None:
        problems = list(form.error_messages().values())
        return to_script(problems) if asks_a_script() else (page(listing_id, form=form), 400)
    running.wake("panoramas")
    if asks_a_script():
        count = len(search.of_listing(listing_id))
        return to_script([], [render_template("staff/tours/_scene.html", number=count, **_row(scene))])
    flash("360度画像を受け取りました。変換が終わったら、見て確かめてから公開してください。", "success")
    return _to_tour(listing_id)


@blueprint.get("/listings/<id:listing_id>/tour/state.json")
@guard.signed_in
def state(listing_id: int) -> Response:
    """Return the progress of the tour: parts of the page as HTML."""
    context = _context(listing_id)
    rows = {row["scene"].id: render_template("staff/tours/_state.html", **row) for row in context["rows"]}
    checks = render_template("staff/tours/_checks.html", **context)
    return jsonify(working=context["working"], scenes=rows, checks=checks)


@blueprint.post("/listings/<id:listing_id>/tour/order")
@guard.writer
def order(listing_id: int) -> ResponseReturnValue:
    """Put the scenes in the order that was sent."""
    try:
        service.order(guard.me(), listing_id, request.form.getlist("item", type=int))
    except Invalid as error:
        return _refused(listing_id, error)
    return _done(listing_id, "順番を変えました。")


@blueprint.post("/listings/<id:listing_id>/tour/publish")
@guard.writer
def publish(listing_id: int) -> ResponseReturnValue:
    """Publish the tour."""
    try:
        service.publish(guard.me(), listing_id)
    except Invalid as error:
        return _refused(listing_id, error)
    return _done(listing_id, "360度画像を公開しました。")


@blueprint.post("/listings/<id:listing_id>/tour/unpublish")
@guard.writer
def unpublish(listing_id: int) -> ResponseReturnValue:
    """Withdraw the tour from the public page."""
    try:
        service.unpublish(guard.me(), listing_id, running.storage())
    except Invalid as error:
        return _refused(listing_id, error)
    running.wake("panoramas")
    return _done(listing_id, "360度画像の公開をやめました。")


@blueprint.get("/listings/<id:listing_id>/tour/config.json")
@guard.signed_in
def config(listing_id: int) -> Response:
    """Return the viewer's configuration of all scenes with tiles, published or not."""
    listings.for_staff(guard.me(), listing_id)
    scenes = [scene for scene in search.of_listing(listing_id) if scene.tiles_key]
    if not scenes:
        raise NotFound("表示できる360度画像がありません。")
    return tour_view.configuration(scenes)


@blueprint.post("/scenes/<id:scene_id>/title")
@guard.writer
def rename(scene_id: int) -> ResponseReturnValue:
    """Change the name of a room."""
    listing_id, form = search.for_staff(guard.me(), scene_id).listing_id, TitleForm()
    if not form.validate_on_submit():
        return _refused(listing_id, Invalid("".join(form.error_messages().values())))
    service.rename(guard.me(), scene_id, form.title.data or "")
    return _done(listing_id, "部屋の名前を保存しました。")


@blueprint.post("/scenes/<id:scene_id>/move")
@guard.writer
def move(scene_id: int) -> ResponseReturnValue:
    """Move a scene one place earlier or later."""
    listing_id = search.for_staff(guard.me(), scene_id).listing_id
    try:
        service.move(guard.me(), scene_id, request.form.get("to", ""))
    except Invalid as error:
        return _refused(listing_id, error)
    return _done(listing_id, "順番を変えました。")


@blueprint.post("/scenes/<id:scene_id>/retry")
@guard.writer
def retry(scene_id: int) -> ResponseReturnValue:
    """Let the worker try a failed picture again."""
    listing_id = search.for_staff(guard.me(), scene_id).listing_id
    try:
        service.retry(guard.me(), scene_id)
    except Invalid as error:
        return _refused(listing_id, error)
    running.wake("panoramas")
    return _done(listing_id, "もう一度変換します。")


@blueprint.post("/scenes/<id:scene_id>/remove")
@guard.writer
def remove(scene_id: int) -> ResponseReturnValue:
    """Remove a scene and its files."""
    listing_id = search.for_staff(guard.me(), scene_id).listing_id
    service.remove(guard.me(), scene_id, running.storage())
    return _done(listing_id, "360度画像を消しました。")


def page(listing_id: int, problems: list[str] | None = None, form: PictureForm | None = None) -> str:
    """Render the page of the tour."""
    context = _context(listing_id)
    shown = [scene for scene in context["scenes"] if scene.tiles_key]
    return render_template(
        "staff/tours/tour.html",
        title=titles.title(context["listing"], context["listing"].municipality.name),
        preview=tour_view.tour(shown, url_for("panoramas_staff.config", listing_id=listing_id)),
        form=form or PictureForm(),
        problems=problems or [],
        most_bytes=receiving.LARGEST_BYTES,
        most_scenes=service.MOST_SCENES,
        embed_url=_embed_url(listing_id),
        **context,
    )


def asks_a_script() -> bool:
    """Return whether the request asks for JSON, as the page's script does."""
    return request.accept_mimetypes.best == "application/json"


def to_script(problems: list[str], items: list[str] | None = None) -> ResponseReturnValue:
    """Return the JSON for a script, with status 400 if there are problems."""
    return jsonify(problems=problems, items=items or []), 400 if problems else 200


def _context(listing_id: int) -> Values:
    listing = listings.for_staff(guard.me(), listing_id)
    scenes = search.of_listing(listing_id)
    places = tiling.places()
    return {
        "listing": listing,
        "scenes": scenes,
        "rows": [_row(scene, places) for scene in scenes],
        "missing": service.missing_to_publish(scenes),
        "working": any(scene.state in (SceneState.WAITING, SceneState.WORKING) for scene in scenes),
        "unpublished": [scene for scene in scenes if not scene.published],
        "can_write": guard.me().can_write,
    }


def _row(scene: Scene, places: dict[int, int] | None = None) -> Values:
    place = (tiling.places() if places is None else places).get(scene.id, 0)
    return {"scene": scene, "place": place, "can_write": guard.me().can_write}


def _embed_url(listing_id: int) -> str:
    """Return the public address that other sites can embed, "" if there is none."""
    if "panoramas.embed" not in current_app.view_functions or not search.published(listing_id):
        return ""
    return url_for("panoramas.embed", listing_id=listing_id, _external=True)


def _refused(listing_id: int, error: Invalid) -> ResponseReturnValue:
    return to_script([str(error)]) if asks_a_script() else (page(listing_id, [str(error)]), 400)


def _done(listing_id: int, message: str) -> ResponseReturnValue:
    if asks_a_script():
        return to_script([])
    flash(message, "success")
    return _to_tour(listing_id)


def _to_tour(listing_id: int) -> AnyResponse:
    return redirect(url_for("panoramas_staff.show", listing_id=listing_id), 303)

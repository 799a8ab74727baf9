"""The staff's page of one scene: its texts and marks, its horizon, its picture."""

from types import EllipsisType

from flask import Blueprint, Response, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from akiya.accounts import drafts
from akiya.errors import Invalid, NotFound
from akiya.listings.enums import PhotoKind
from akiya.listings.models import Photo
from akiya.pages import cards, guard, tour_view
from akiya.pages.pannellum import View, viewer_config
from akiya.pages.staff.tours.forms import HorizonForm, PictureForm, PosedSceneForm, SceneForm, filled
from akiya.panoramas import editing, search, service, tiling
from akiya.panoramas.models import Scene, SceneState
from akiya.web import running
from akiya.web.filters import local
from akiya.web.forms import Typed
from akiya.web.uploads import on_disk

blueprint = Blueprint("scenes_staff", __name__, url_prefix="/staff")
_BLANK_ROWS = 2
_SHAPE = ("cube", "tile", "levels", "yaw", "pitch", "north_offset", "horizon_pitch", "horizon_roll")


@blueprint.route("/scenes/<id:scene_id>", methods=["GET", "POST"])
@guard.writer
def show(scene_id: int) -> ResponseReturnValue:
    """Show the editor of a scene, and save its changes; 409 if somebody has changed it meanwhile."""
    scene = search.for_staff(guard.me(), scene_id)
    if request.form.get("draft") == "discard":  # accounts/resume drops it after the 303
        flash("下書きを捨てました。", "success")
        return redirect(request.path, 303)
    form = _form(scene)
    differences: list[tuple[str, str, str]] = []
    if form.validate_on_submit():
        try:
            editing.change(guard.me(), scene_id, form.values(), form.seen.data or "", running.storage())
        except editing.EditedMeanwhile as error:
            differences = error.differences
            scene = search.for_staff(guard.me(), scene_id)
            form.seen.data, form.seen.raw_data = editing.mark(scene, form.values()), None
        except Invalid as error:
            form.show(error)
        else:
            running.wake("panoramas")
            flash("保存しました。", "success")
            return redirect(request.path, 303)
    answer = _page(scene_id, form, differences=differences)
    if differences:
        return answer, 409
    return (answer, 400) if form.failed else answer


@blueprint.post("/scenes/<id:scene_id>/draft")
@guard.writer
def draft(scene_id: int) -> Response:
    """Save what was typed as a draft.

    An older draft is not overwritten before the clerk has decided about it.
    """
    search.for_staff(guard.me(), scene_id)
    if request.form.get("draft") == "waiting":
        return jsonify(
            kept=False, saved="前の下書きが残っています。上で「続きから」か「捨てる」を選ぶと、自動で保存します"
        )
    typed = {field: texts for field, texts in request.form.to_dict(flat=False).items() if field != "csrf_token"}
    saved_at = drafts.save(guard.me(), url_for("scenes_staff.show", scene_id=scene_id), typed)
    if saved_at is None:
        return jsonify(kept=False, saved="入力が長すぎて、下書きを保存できません")
    return jsonify(kept=True, saved=f"{local(saved_at):%H:%M} に下書きを保存しました")


@blueprint.post("/scenes/<id:scene_id>/way-back")
@guard.writer
def add_way_back(scene_id: int) -> ResponseReturnValue:
    """Add a way back to this room in another one, to which this one has a way."""
    try:
        editing.add_way_back(guard.me(), scene_id, request.form.get("to", 0, int))
    except Invalid as error:
        return _page(scene_id, _form(search.for_staff(guard.me(), scene_id), None), problems=[str(error)]), 400
    flash("戻る入口を作りました。向きがずれていたら、その部屋の画面で直してください。", "success")
    return _to_scene(scene_id)


@blueprint.route("/scenes/<id:scene_id>/horizon", methods=["GET", "POST"])
@guard.writer
def horizon(scene_id: int) -> ResponseReturnValue:
    """Show how far the camera leaned, and correct the horizon."""
    scene = search.for_staff(guard.me(), scene_id)
    form = HorizonForm(obj=scene)
    if form.validate_on_submit():
        try:
            editing.level(guard.me(), scene_id, form.horizon_pitch.data or 0.0, form.horizon_roll.data or 0.0)
        except Invalid as error:
            form.show(error)
        else:
            running.wake("panoramas")
            flash("水平を直しました。印は、写っている物に合わせて動かしました。", "success")
            return _to_scene(scene_id)
    answer = render_template("staff/tours/horizon.html", form=form, **_context(scene))
    return (answer, 400) if form.failed else answer


@blueprint.route("/scenes/<id:scene_id>/picture", methods=["GET", "POST"])
@guard.writer
def replace(scene_id: int) -> ResponseReturnValue:
    """Show the form of another picture, and replace the scene's picture with it."""
    scene, form = search.for_staff(guard.me(), scene_id), PictureForm()
    if form.validate_on_submit():
        try:
            with on_disk(form.file.data) as path:
                service.replace(guard.me(), scene_id, path, running.storage())
        except Invalid as error:
            form.show(error)
        else:
            running.wake("panoramas")
            flash(
                "新しい画像を受け取りました。変換が終わったら、入口や印の位置を確かめて、公開し直してください。",
                "success",
            )
            return redirect(url_for("panoramas_staff.show", listing_id=scene.listing_id), 303)
    answer = render_template("staff/tours/picture.html", form=form, **_context(scene))
    return (answer, 400) if form.failed else answer


@blueprint.get("/scenes/<id:scene_id>/config.json")
@guard.writer
def config(scene_id: int) -> Response:
    """Return the viewer's configuration of this scene without marks, because the editor draws those in its form."""
    scene = search.for_staff(guard.me(), scene_id)
    if not scene.tiles_key:
        raise NotFound("表示できる360度画像がありません。")
    shape = {field: getattr(scene, field) for field in _SHAPE}
    view = View(f"scene-{scene.id}", scene.title, running.storage().url(scene.tiles_key), **shape)
    return jsonify(viewer_config([view], full=request.args.get("full") == "1"))


def _form(scene: Scene, sent: Typed | EllipsisType | None = ...) -> SceneForm:
    """Return the form of the scene, with what was sent or is a draft, unless `sent` is None.

    If the clerk began to write before the picture was processed, the form has no marks and leaves them unchanged.
    """
    if sent is ...:
        sent = request.form if request.method == "POST" else g.get("typed")
    marks = scene.posed and (sent is None or "yaw" in sent)
    held = editing.held(scene)
    seen = editing.mark(scene, held if marks else editing.TEXTS)
    kind = PosedSceneForm if marks else SceneForm
    form: SceneForm = kind(sent, data={**filled(held), "seen": seen})
    rooms = [(other.id, service.name(other)) for other in search.of_listing(scene.listing_id) if other.id != scene.id]
    form.offer(
        rooms, [(photo.id, photo.caption or f"間取り図{number}") for number, photo in enumerate(_plans(scene), 1)]
    )
    return form


def _page(
    scene_id: int,
    form: SceneForm,
    problems: list[str] | None = None,
    differences: list[tuple[str, str, str]] | None = None,
) -> str:
    scene = search.for_staff(guard.me(), scene_id)
    if isinstance(form, PosedSceneForm):
        form.add_blank_rows(_BLANK_ROWS)
    waits = request.form.get("draft") == "waiting" if request.method == "POST" else not request.args.get("draft")
    return render_template(
        "staff/tours/scene.html",
        form=form,
        problems=problems or [],
        differences=differences or [],
        draft=drafts.read(guard.me(), url_for("scenes_staff.show", scene_id=scene_id)) if waits else None,
        one_way=search.without_way_back(scene),
        plans=[(photo.id, cards.picture(photo)) for photo in _plans(scene)],
        pictures={other.id: other for other in search.of_listing(scene.listing_id)},
        place=tiling.places().get(scene.id, 0),
        **_context(scene),
    )


def _context(scene: Scene) -> dict[str, object]:
    shown = [scene] if scene.tiles_key else []
    return {
        "scene": scene,
        "name": service.name(scene),
        "listing": scene.listing,
        "viewer_of": tour_view.tour(shown, url_for("scenes_staff.config", scene_id=scene.id)),
        "failed": scene.state is SceneState.FAILED,
        "can_write": True,
    }


def _plans(scene: Scene) -> list[Photo]:
    return [photo for photo in scene.listing.photos if photo.kind is PhotoKind.PLAN]


def _to_scene(scene_id: int) -> AnyResponse:
    return redirect(url_for("scenes_staff.show", scene_id=scene_id), 303)

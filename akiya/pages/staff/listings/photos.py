"""The staff's pages of a listing's photos: add, describe, order, blur and delete them.

Scripts, which ask for JSON in the Accept header, get JSON from the same addresses: `problems`, texts for people, and
`items`, the HTML of the photos that were added.
"""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from akiya.errors import BadImage, Invalid, StorageFailed
from akiya.listings import photos, search, titles
from akiya.listings.enums import PhotoKind
from akiya.listings.models import Photo
from akiya.pages import cards, guard
from akiya.pages.staff.listings.photo_forms import BlurForm, PhotoForm
from akiya.pages.staff.listings.show import listing_page
from akiya.web import running
from akiya.web.uploads import on_disk

blueprint = Blueprint("photos_staff", __name__, url_prefix="/staff")
_BLANK_ROWS = 2


@blueprint.post("/listings/<id:listing_id>/photos")
@guard.writer
def add(listing_id: int) -> ResponseReturnValue:
    """Add photos to the listing; what cannot be used is refused with its reason."""
    search.for_staff(guard.me(), listing_id)
    files = [file for file in request.files.getlist("photos") if file.filename]
    problems = [] if files else ["写真が選ばれていません。「写真を選ぶ」から選んで送ってください。"]
    added = []
    for file in files:
        name = _name(file)
        try:
            added.append(_add(listing_id, file, name))
        except (BadImage, Invalid) as error:
            problems.append(f"{name}：{error}")
        except StorageFailed as error:  # the others could not be stored either, so stop without trying them
            problems.append(f"{name}：入れられませんでした。{error}")
            if rest := len(files) - files.index(file) - 1:
                problems.append(f"残りの{rest}枚は、まだ入れていません。")
            break
    if _asks_a_script():
        return _to_script(problems, [_item(photo) for photo in added])
    if added:
        flash(f"{len(added)}枚の写真を入れました。", "success")
    return listing_page(listing_id, problems) if problems else _to_photos(listing_id)


@blueprint.post("/listings/<id:listing_id>/photos/order")
@guard.writer
def order(listing_id: int) -> ResponseReturnValue:
    """Put the listing's photos in the order that was sent."""
    try:
        photos.order(guard.me(), listing_id, request.form.getlist("photo", type=int))
    except Invalid as error:
        return _refused(listing_id, [str(error)])
    return _done(listing_id, "写真の順番を変えました。")


@blueprint.post("/photos/<id:photo_id>")
@guard.writer
def edit(photo_id: int) -> ResponseReturnValue:
    """Save the kind and caption of a photo."""
    photo = search.photo_for_staff(guard.me(), photo_id)
    form = PhotoForm()
    if not form.validate_on_submit():
        return _refused(photo.listing_id, list(form.error_messages().values()))
    photo = photos.describe(guard.me(), photo_id, form.kind.data, form.caption.data or "")
    return _done(photo.listing_id, "写真の説明を保存しました。")


@blueprint.post("/photos/<id:photo_id>/move")
@guard.writer
def move(photo_id: int) -> ResponseReturnValue:
    """Move a photo to the first place, or one place earlier or later."""
    listing_id = search.photo_for_staff(guard.me(), photo_id).listing_id
    try:
        photos.move(guard.me(), photo_id, request.form.get("to", ""))
    except Invalid as error:
        return _refused(listing_id, [str(error)])
    return _done(listing_id, "写真の順番を変えました。")


@blueprint.post("/photos/<id:photo_id>/delete")
@guard.writer
def delete(photo_id: int) -> ResponseReturnValue:
    """Delete a photo and its files."""
    listing_id = photos.delete(guard.me(), photo_id, running.storage())
    return _done(listing_id, "写真を消しました。")


@blueprint.route("/photos/<id:photo_id>/blur", methods=["GET", "POST"])
@guard.writer
def blur(photo_id: int) -> ResponseReturnValue:
    """Show the areas of a photo that are blurred, and save them."""
    photo = search.photo_for_staff(guard.me(), photo_id)
    stored = [[round(share * 100, 2) for share in area] for area in photo.blurs]
    names = ("left", "top", "width", "height")
    form = BlurForm(data={"areas": [dict(zip(names, area, strict=True)) for area in stored]})
    if form.validate_on_submit():
        try:
            photos.blur(guard.me(), photo_id, form.shares(), running.storage())
        except (Invalid, BadImage) as error:
            form.form_errors.append(str(error))
        else:
            flash("写真のぼかしを保存しました。", "success")
            return _to_photos(photo.listing_id)
    failed = bool(form.failed)
    if not failed or not form.areas.entries:
        for _row in range(_BLANK_ROWS):
            form.areas.append_entry()
    listing = search.for_staff(guard.me(), photo.listing_id)
    page = render_template(
        "staff/listings/blur.html",
        form=form,
        photo=cards.picture(photo),
        listing=listing,
        title=titles.title(listing, listing.municipality.name),
        most=photos.MOST_BLURS,
    )
    return (page, 400) if failed else page


@blueprint.get("/photos/<id:photo_id>/unblurred.jpg")
@guard.writer
def unblurred(photo_id: int) -> ResponseReturnValue:
    """Return the photo without blur, for the page that draws the areas; only people who may write see it."""
    content = photos.unblurred(guard.me(), photo_id, running.storage())
    return Response(content, mimetype="image/jpeg", headers={"Cache-Control": "private, no-store"})


def _add(listing_id: int, file: FileStorage, name: str) -> Photo:
    with on_disk(file) as path:
        return photos.add(guard.me(), listing_id, name, path, running.storage())


def _name(file: FileStorage) -> str:
    """Return the file's name as it can be shown."""
    return "".join(sign for sign in file.filename or "" if sign.isprintable())[:100] or "名前のないファイル"


def _item(photo: Photo) -> str:
    return render_template(
        "staff/listings/_photo.html", photo=cards.picture(photo), photo_kinds=list(PhotoKind), can_write=True
    )


def _asks_a_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _to_script(problems: list[str], items: list[str]) -> ResponseReturnValue:
    return jsonify(problems=problems, items=items), 400 if problems else 200


def _refused(listing_id: int, problems: list[str]) -> ResponseReturnValue:
    return _to_script(problems, []) if _asks_a_script() else listing_page(listing_id, problems)


def _done(listing_id: int, message: str) -> ResponseReturnValue:
    if _asks_a_script():
        return _to_script([], [])
    flash(message, "success")
    return _to_photos(listing_id)


def _to_photos(listing_id: int) -> Response:
    return redirect(url_for("listings_staff.show", listing_id=listing_id, _anchor="photos"), 303)

"""The page about the open data, the current files, and the catalogue."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from akiya.catalogue.answer import SearchResult, version
from akiya.catalogue.parameters import Criteria
from akiya.catalogue.records import COLUMNS
from akiya.errors import NotFound
from akiya.language import gettext, in_every_language
from akiya.municipalities import search as municipalities
from akiya.opendata import dcat, files, licence, search, service
from akiya.opendata.models import CHANGES, DICTIONARY, LICENCE
from akiya.web import filters, running
from akiya.web.caching import PUBLIC

blueprint = Blueprint("opendata", __name__, url_prefix="/opendata")


def _site() -> str:
    return request.root_url.rstrip("/")


def _page() -> str:
    return url_for("opendata.index", _external=True)


@blueprint.get("/")
def index() -> str:
    """Show the page about the open data."""
    storage = running.storage()
    answer = SearchResult(Criteria())
    return render_template(
        "public/opendata.html",
        formats=files.FORMATS.values(),
        total=answer.total,
        changed_at=answer.changed_at(),
        licence_name=gettext(licence.NAME),
        licence_url=gettext(licence.URL),
        citation=service.citation(_page()),
        columns=[(column, *files.described(column)) for column in COLUMNS],
        snapshots=[(snapshot, storage.url(snapshot.key)) for snapshot in search.snapshots()],
        others=(CHANGES, DICTIONARY, LICENCE),
        api=url_for("api.landing", _external=True),
    )


@blueprint.get("/listings.<suffix>")
def download(suffix: str) -> AnyResponse:
    """Stream every home on offer as a file in the format of `suffix`; it is never complete in memory."""
    form = files.FORMATS.get(f"listings.{suffix}")
    if form is None:
        raise NotFound("この形のファイルはありません。")
    records = service.all_records(_site(), running.storage())
    response = _given(form.write(records, service.citation(_page())), form.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{form.file}"'
    response.headers["Cache-Control"] = PUBLIC
    response.set_etag(f"{version()}-{filters.today():%Y%m%d}", weak=True)
    return response.make_conditional(request)


@blueprint.get(f"/{DICTIONARY}")
def dictionary() -> Response:
    """Return the columns of the open data and what they mean, as CSV."""
    return _given(b"".join(files.dictionary()), "text/csv")


@blueprint.get("/catalogue.jsonld")
def catalogue() -> Response:
    """Return the catalogue of the open data as JSON-LD (DCAT)."""
    names = in_every_language(municipalities.site_name)
    changed_at = SearchResult(Criteria()).changed_at()
    body = dcat.catalogue(names, _site(), changed_at, search.snapshots(), running.storage())
    return _given(files.json_text(body), "application/ld+json")


def _given(content: Iterator[bytes] | bytes | str, media_type: str) -> Response:
    body = content if isinstance(content, bytes | str) else stream_with_context(content)
    response = Response(body, mimetype=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Link"] = f'<{licence.URL}>; rel="license"'
    return response

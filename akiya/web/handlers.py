"""Error pages, security headers, request ids, log lines, and the address that says that the server is alive."""

import json
import logging
import secrets
import sys
import time
from datetime import UTC, datetime

from flask import Blueprint, Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from akiya.config import Config
from akiya.errors import Invalid, NotAllowed, NotFound, StorageFailed, TooSlow
from akiya.language import gettext, is_source
from akiya.storage.base import Storage
from akiya.web.caching import finish
from akiya.web.language import is_staff_path
from akiya.web.problems import is_api_path, problem

blueprint = Blueprint("web", __name__)
log = logging.getLogger("akiya")
_PAGES = (400, 403, 404, 405, 413, 429, 500)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer that the process is alive, without asking the database."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


def content_security_policy(media: str) -> str:
    """Return the policy of every page: our own files, map tiles, and `media`, the storage's origin."""
    host = f" {media}" if media else ""
    tiles = "https://cyberjapandata.gsi.go.jp https://disaportaldata.gsi.go.jp"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"img-src 'self' data: blob: {tiles}{host}; connect-src 'self'{host}; font-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


def init_app(app: Flask) -> None:
    """Give every response of `app` its headers, every error its page, and every request its log line."""
    config: Config = app.config["AKIYA"]
    storage: Storage = app.extensions["akiya_storage"]
    always = [
        ("Content-Security-Policy", content_security_policy(storage.origin())),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ]
    if config.site_url.startswith("https://"):
        always.append(("Strict-Transport-Security", "max-age=31536000"))
    _log_to_stderr()
    app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(NotFound, lambda error: _page(404))
    app.register_error_handler(NotAllowed, lambda error: _page(403, str(error)))
    app.register_error_handler(Invalid, lambda error: _page(400, str(error)))
    app.register_error_handler(TooSlow, lambda error: _page(503, str(error)))
    app.register_error_handler(StorageFailed, _storage_failed)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(Exception, _unexpected)

    @app.before_request
    def start() -> AnyResponse | None:
        g.request_id, g.started = secrets.token_hex(6), time.perf_counter()
        if not is_source() and is_staff_path(request.path):
            return redirect(request.full_path.rstrip("?"))
        if request.method == "POST" or is_staff_path(request.path):
            _refuse_nul(request.args, request.form)
        return None

    @app.after_request
    def headers(response: Response) -> Response:
        own = {name.lower() for name, _value in response.headers}
        response.headers.extend([(name, value) for name, value in always if name.lower() not in own])
        response = finish(response)
        _log_request(response)
        return response


def _refuse_nul(*given: MultiDict[str, str]) -> None:
    """Raise Invalid for U+0000, which PostgreSQL cannot store. The public search checks its own parameters."""
    for values in given:
        for name, value in values.items(multi=True):
            if "\0" in name + value:
                raise Invalid(f"「{name[:40]}」に使えない文字（U+0000）が入っています。消してから送ってください。")


_EXPIRED = (
    "ページを開いてから時間がたち、送信を受け付けられませんでした。前のページに戻って開き直し、もう一度送ってください。"
)


def _in_short(status: int) -> str:
    """Return a short message for programs; people read longer ones on the pages."""
    return {
        403: gettext("このアドレスは開けません。"),
        405: gettext("この方法では聞けません。GET で聞いてください。"),
        404: gettext("このアドレスには何もありません。アドレスを確かめてください。"),
        429: gettext("短い時間に多くの問い合わせがありました。1分待ってから、もう一度お試しください。"),
        500: gettext("サーバーの側で問題が起きました。しばらくしてから、もう一度お試しください。"),
    }.get(status, gettext("この問い合わせには答えられません。アドレスとパラメータを確かめてください。"))


def _page(status: int, message: str = "") -> ResponseReturnValue:
    if is_api_path(request.path):
        # The advice that a page gives is of no use to a program.
        return problem(status, _in_short(status) if status in _PAGES else message)
    template = {405: 400, 413: 400, 503: 400}.get(status, status)
    return (
        render_template(f"errors/{template}.html", message=message, request_id=g.get("request_id", ""), status=status),
        status,
    )


def expired(error: CSRFError) -> ResponseReturnValue:
    """Render the error page for a form whose CSRF token is missing, wrong or too old."""
    return _page(400, _EXPIRED)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400 or error.response is not None:
        return error.get_response()
    if error.code == 413:
        return _page(413, "ファイルが大きすぎます。写真は1枚40MBまで、360度画像は60MBまでにしてください。")
    if isinstance(error, MethodNotAllowed):
        answer = make_response(_page(405, "このページはこの方法では開けません。前のページに戻ってください。"))
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return answer
    return _page(error.code if error.code in _PAGES else 400)


def _storage_failed(error: StorageFailed) -> ResponseReturnValue:
    log.error("storage failed: %r", error.__cause__, extra={"request_id": g.get("request_id", "")})
    return _page(503, str(error))


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.exception("unexpected error", extra={"request_id": g.get("request_id", "")})
    return _page(500)


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": record.levelname.lower()}
        line.update(getattr(record, "fields", {}))
        if request_id := getattr(record, "request_id", ""):
            line["request_id"] = request_id
        line["message"] = record.getMessage()
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _log_to_stderr() -> None:
    if not log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_JsonLines())
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False


def _log_request(response: Response) -> None:
    if request.path == url_for("web.healthz") or "started" not in g:
        return
    # Only the endpoint and ids: a query may hold what a person searched for, a path the secret ticket of a mailed link.
    ids = {n: v for n, v in (request.view_args or {}).items() if n == "code" or n.endswith("_id")}
    fields = {
        "request_id": g.request_id,
        "method": request.method,
        "endpoint": request.endpoint,
        "ids": ids,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.started) * 1000, 1),
    }
    log.info("request", extra={"fields": fields})

"""Files that staff download: they hold private data, so no cache may keep them."""

from collections.abc import Iterable

from flask import Response

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes | Iterable[bytes], name: str, content_type: str = CSV) -> Response:
    """Return a response that is saved as the file `name`, and cached nowhere.

    `content` is bytes or an iterable of bytes; `name` is plain ASCII of our own, never a user's text.
    """
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, content_type=content_type, headers=headers)

"""Files that staff save: what they hold is not public, so no cache keeps them."""

from typing import Any

from flask import Response

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: Any, name: str, content_type: str = CSV) -> Response:
    """`content` (bytes, or an iterable of them) as a file to be saved as `name`, a plain ASCII name of ours."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, content_type=content_type, headers=headers)

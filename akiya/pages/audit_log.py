"""Logging who viewed or downloaded personal data. Both the log lines and the stored records hold only ids."""

import logging

from flask import g

log = logging.getLogger("akiya")


def seen(what: str, staff_id: int, **ids: int) -> None:
    """Log that the account viewed `what`, named by its ids; `g.audited` collects it to be stored after the request."""
    fields = {"request_id": g.get("request_id", ""), "what": what, "staff_id": staff_id, **ids}
    log.info("audit", extra={"fields": fields})
    g.setdefault("audited", []).append((what, ids))

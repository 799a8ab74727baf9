"""Who saw or took away personal data: a log line, and what is recorded after the request. Both hold ids and nothing else."""

import logging

from flask import g

log = logging.getLogger("akiya")


def seen(what: str, staff_id: int, **ids: int) -> None:
    """The account saw `what`, named by its ids: a log line "audit", and one of `g.audited`."""
    fields = {"request_id": g.get("request_id", ""), "what": what, "staff_id": staff_id, **ids}
    log.info("audit", extra={"fields": fields})
    g.setdefault("audited", []).append((what, ids))

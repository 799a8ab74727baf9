"""Log lines that say who saw or took away personal data. They hold ids and nothing else."""

import logging

from flask import g

log = logging.getLogger("akiya")


def seen(what: str, staff_id: int, **ids: int) -> None:
    """A log line "audit": the account saw `what`, named by its ids."""
    fields = {"request_id": g.get("request_id", ""), "what": what, "staff_id": staff_id, **ids}
    log.info("audit", extra={"fields": fields})

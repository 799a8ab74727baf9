"""Make the reports that an account may see, and close months."""

from datetime import date

from akiya.accounts.models import Staff
from akiya.db import insert_once, now, today, transaction
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.reports import registry
from akiya.reports.models import ClosedMonth
from akiya.reports.monthly import counting
from akiya.reports.monthly.figures import COLUMNS
from akiya.reports.periods import Period, month_end
from akiya.reports.registry import Report, Scope


def offered(staff: Staff) -> list[registry.ReportDefinition]:
    """Return the reports that the account may see."""
    return [sort for sort in registry.SORTS.values() if staff.is_prefecture or sort.own]


def make(staff: Staff, key: str, scope: Scope) -> Report:
    """Return the report with this key. Raise NotFound for an unknown key, NotAllowed if the account may not see it."""
    sort = registry.SORTS.get(key)
    if sort is None:
        raise NotFound("この報告はありません。")
    if staff.is_prefecture:
        return registry.make(sort, scope)
    if not sort.own or scope.municipality != staff.municipality_code:
        raise NotAllowed("この報告は、県の担当者が見るものです。")
    return registry.make(sort, scope)


def close_month(staff: Staff, month: date) -> ClosedMonth:
    """Close the month: store its figures of now as final. Raise NotAllowed unless the account is the prefecture's.

    Raise Invalid for a month that is not over or is closed already.
    """
    if not staff.is_prefecture:
        raise NotAllowed("月を確定できるのは、県の担当者だけです。")
    first = month.replace(day=1)
    last = month_end(first, date.max)
    if last >= today():
        raise Invalid(f"{first:%Y-%m} はまだ終わっていません。翌月になってから確定してください。")
    # Counted before the transaction: ten years of records take a second, during which others should be able to write.
    rows = counting.rows_of(counting.count(Period(first, last)), 0, whole=True)
    values = {
        "month": first,
        "columns": [column.key for column in COLUMNS],
        "rows": [list(row) for row in rows],
        "staff_id": staff.id,
        "actor": staff.name,
        "closed_at": now(),
    }
    with transaction(public=False) as session:
        once = insert_once(session, ClosedMonth, [values], ["month"]).returning(ClosedMonth.month)
        if session.scalar(once) is None:
            raise Invalid(
                f"{first:%Y-%m} はもう確定しています。確定は取り消せません。あとの違いは「訂正一覧」に出ます。"
            )
        closed: ClosedMonth = session.get_one(ClosedMonth, first)
    return closed

"""Read the scope of a report from what a user typed."""

from collections.abc import Mapping
from datetime import date

from akiya.errors import Invalid
from akiya.municipalities import search as municipalities
from akiya.reports.periods import fiscal_year, month, of_fiscal_year, period
from akiya.reports.registry import Scope

FIRST_YEAR = 2014
"""The oldest fiscal year that pages offer; earlier months can be typed."""


def scope(asked: Mapping[str, str], today: date, own: str | None) -> Scope:
    """Return the scope of the typed parameters; without a period, this fiscal year. Raise Invalid.

    `own` is the only municipality that the account may see, None for all.
    """
    year = asked.get("fiscal_year", "")
    if year:
        if not (year.isascii() and year.isdecimal() and len(year) == 4):
            raise Invalid(f"「{year[:20]}」は年度ではありません。2026 のように西暦で入れてください。")
        wanted = of_fiscal_year(int(year), today)
    else:
        since = month(asked["since"][:20]) if asked.get("since") else date(fiscal_year(today), 4, 1)
        until = month(asked["until"][:20]) if asked.get("until") else max(today, since)
        wanted = period(since, until, today)
    code = own or asked.get("municipality") or None
    if code is not None and municipalities.by_code(code) is None:
        raise Invalid(f"「{code[:20]}」という市町村はありません。5桁のコードで指定してください。")
    return Scope(today, wanted, code, fiscal=asked.get("years") != "calendar")

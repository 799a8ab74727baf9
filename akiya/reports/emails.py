"""The text of the mail with a month's key figures."""

from collections.abc import Sequence
from datetime import date

from akiya.reports.table import era_month


def figures(name: str, last: date, lines: Sequence[str], address: str) -> tuple[str, str]:
    """Return the subject and text of the mail with the figures of the month that ends on `last`, one a line."""
    month = f"{last:%Y-%m}"
    text = "\n".join(
        [
            f"{name} 様\n",
            f"{last.year}年{last.month}月（{era_month(last)}）の県全体の数字です。月末の状態と、その月の件数です。\n",
            *lines,
            f"\n市町村ごとの報告：{address}/prefecture/reports/monthly?since={month}&until={month}",
            f"図と地図：{address}/prefecture/?since={month}&until={month}\n",
            "数字は、あとで記録が直されると変わります。変わらないようにするには、報告のページで月を確定してください。",
            "このメールは、空き家バンクが自動で送っています。\n",
        ]
    )
    return f"【空き家バンク】{last.year}年{last.month}月の数字", text

"""Text of the daily mail to staff: homes to confirm, homes whose validity ends soon, homes that have expired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from akiya.listings.enums import NoticeKind

MOST_HOMES = 100
"""Maximum number of homes that a section lists; the rest is a number and a link."""


@dataclass(frozen=True)
class Section:
    """The wording of a part of the mail about some kinds of notices; {days} in `words` is how long a link is valid."""

    kinds: frozenset[NoticeKind]
    subject: str
    heading: str
    words: str
    day: str
    query: str


SECTIONS = (
    Section(
        frozenset({NoticeKind.REVIEW}),
        "募集の確認のお願い",
        "募集の確認をお願いします",
        "リンクを開くと、サインインせずに「今も募集中」か「終了にしたい」を選べます。"
        "リンクは{days}日間、一度だけ使えます。",
        "確認の期日",
        "need=review",
    ),
    Section(
        frozenset({NoticeKind.VALIDITY_7, NoticeKind.VALIDITY_30, NoticeKind.VALIDITY_60}),
        "有効期限のお知らせ",
        "有効期限が近づいています",
        "続けるときは、物件のページで「有効期限を延ばす」を押してください。"
        "期限の翌日に「期限満了」になります（商談中は除きます）。",
        "有効期限",
        "status=open",
    ),
    Section(
        frozenset({NoticeKind.EXPIRED}),
        "期限満了のお知らせ",
        "期限満了になりました",
        "公開の一覧から外れました。続けるときは、物件のページで「募集中に戻す」を押してください。",
        "終わった日",
        "status=expired",
    ),
)


@dataclass(frozen=True)
class Home:
    """A home in the mail, with public facts only; `on` is the day that the section is about, such as the due date."""

    number: str
    title: str
    on: date
    link: str


@dataclass(frozen=True)
class Part:
    """A section with the homes that it lists, of `count` homes in total."""

    section: Section
    homes: Sequence[Home]
    count: int


def reminder(name: str, municipality: str, parts: Sequence[Part], address: str, days: int) -> tuple[str, str]:
    """Return subject and text of the daily mail to `name`; confirmation links are valid for `days`."""
    subjects, lines = [], [f"{name} 様\n\n{municipality}の空き家バンクから、お願いとお知らせです。\n"]
    for part in parts:
        section = part.section
        subjects.append(f"{section.subject}（{part.count}件）")
        lines.append(f"■ {section.heading}（{part.count}件）\n{section.words.format(days=days)}\n")
        for home in part.homes:
            named = f"・{home.number} {home.title}".rstrip()
            lines.append(f"{named}\n  {section.day}：{home.on}\n  {home.link}\n")
        if (more := part.count - len(part.homes)) > 0:
            lines.append(f"ほか{more:,}件は一覧で：{address}/staff/?{section.query}\n")
    lines.append(f"一覧：{address}/staff/\nこのメールは、空き家バンクが自動で送っています。\n")
    return f"【空き家バンク】{'・'.join(subjects)}", "\n".join(lines)

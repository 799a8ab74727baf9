"""Compute from what is stored which tasks a municipality has done before it takes part, and what it leaves behind."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnExpressionArgument, func, select
from sqlalchemy.orm import InstrumentedAttribute

from akiya.accounts.models import Role, Staff
from akiya.choices import Choice
from akiya.db import db
from akiya.language import N_
from akiya.ledgers.models import Import, Phase
from akiya.listings.enums import LISTED
from akiya.listings.models import Listing
from akiya.municipalities import settings
from akiya.municipalities.enums import MunicipalityAction
from akiya.municipalities.models import Agent, Municipality, MunicipalityEvent, Town


class ChecklistTask(Choice):
    """A task to be done before a municipality takes part."""

    CONTACT = "contact", N_("問合せ先を書く")
    TEXT = "text", N_("市町村の紹介を書く")
    URL = "url", N_("市町村の空き家バンクやサイトの住所を入れる")
    STAFF = "staff", N_("入力する担当者を招待する")
    STEPS = "steps", N_("公開までの段階と有効期間を確かめる")
    AGENTS = "agents", N_("仲介業者を入れる（なければ「いない」）")
    MAP = "map", N_("区域と町・字を取り込む")
    BLUR = "blur", N_("地図で見せる位置を決める")
    HOMES = "homes", N_("はじめの物件を登録するか、台帳を取り込む")


@dataclass(frozen=True)
class ChecklistItem:
    """A task of the check list, whether it is done, and a Japanese note on what is stored about it."""

    task: ChecklistTask
    done: bool
    note: str


@dataclass(frozen=True)
class Progress:
    """The check list of a municipality."""

    items: Sequence[ChecklistItem]

    @property
    def done(self) -> int:
        """Return the number of tasks that are done."""
        return sum(item.done for item in self.items)

    @property
    def next(self) -> ChecklistItem | None:
        """Return the first task that is not done, or None."""
        return next((item for item in self.items if not item.done), None)


def progress(municipalities: Sequence[Municipality]) -> dict[str, Progress]:
    """Return the check list of each of these municipalities, by code."""
    towns, agents, homes = (_counts(model.municipality_code) for model in (Town, Agent, Listing))
    writers = _counts(Staff.municipality_code, Staff.active, Staff.role == Role.STAFF)
    ledgers = _counts(Import.municipality_code, Import.phase == Phase.APPLIED)
    settled: dict[str, set[MunicipalityAction]] = defaultdict(set)
    for code, action in db.session.execute(select(MunicipalityEvent.municipality_code, MunicipalityEvent.action)):
        settled[code].add(action)
    return {
        m.code: Progress(
            [
                _contact(m),
                ChecklistItem(ChecklistTask.TEXT, bool(m.text), _beginning(m.text)),
                ChecklistItem(ChecklistTask.URL, bool(m.url) or m.joined, m.url),
                ChecklistItem(ChecklistTask.STAFF, writers[m.code] > 0, f"{writers[m.code]}人"),
                _steps(m, settled[m.code]),
                _agents(agents[m.code], settled[m.code]),
                _map(m, towns[m.code]),
                _blur(m, settled[m.code]),
                ChecklistItem(
                    ChecklistTask.HOMES,
                    homes[m.code] > 0 or ledgers[m.code] > 0,
                    f"物件{homes[m.code]:,}件、反映した台帳{ledgers[m.code]:,}件",
                ),
            ]
        )
        for m in municipalities
    }


def events(code: str) -> Sequence[MunicipalityEvent]:
    """Return the events of the municipality's membership, newest first."""
    query = select(MunicipalityEvent).where(MunicipalityEvent.municipality_code == code)
    return db.session.scalars(query.order_by(MunicipalityEvent.id.desc())).all()


@dataclass(frozen=True)
class Leaving:
    """What a leaving municipality still has.

    `offered` is the number of homes on offer, `waiting` that of other homes without a closing day, and `staff` are the
    accounts that can sign in.
    """

    offered: int
    waiting: int
    staff: Sequence[Staff]


def leaving(code: str) -> Leaving:
    """Return the homes and accounts about which has to be decided when the municipality leaves."""
    listed = _counts(Listing.municipality_code, Listing.status.in_(LISTED))[code]
    waiting = _counts(Listing.municipality_code, Listing.closed_on.is_(None), Listing.status.not_in(LISTED))[code]
    people = select(Staff).where(Staff.municipality_code == code, Staff.active).order_by(Staff.id)
    return Leaving(listed, waiting, db.session.scalars(people).all())


_Code = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


def _counts(code: _Code, *conditions: ColumnExpressionArgument[bool]) -> dict[str, int]:
    query = select(code, func.count()).where(code.is_not(None), *conditions).group_by(code)
    return defaultdict(int, {key: count for key, count in db.session.execute(query) if key is not None})


def _contact(m: Municipality) -> ChecklistItem:
    return ChecklistItem(ChecklistTask.CONTACT, bool(m.contact), _beginning(m.contact))


def _steps(m: Municipality, settled: set[MunicipalityAction]) -> ChecklistItem:
    stated = not all(settings.is_default(m, name) for name in ("steps", "approval", "valid_months", "confirm_days"))
    note = f"承認：{m.approval.message}。有効期間{m.valid_months}か月、確認の間隔{m.confirm_days}日"
    return ChecklistItem(ChecklistTask.STEPS, stated or MunicipalityAction.STEPS_SETTLED in settled, note)


def _agents(count: int, settled: set[MunicipalityAction]) -> ChecklistItem:
    none = MunicipalityAction.NO_AGENTS in settled
    return ChecklistItem(ChecklistTask.AGENTS, count > 0 or none, f"{count}件" if count or not none else "いない")


def _map(m: Municipality, towns: int) -> ChecklistItem:
    area = "あり" if m.boundary is not None else "なし"
    return ChecklistItem(ChecklistTask.MAP, m.boundary is not None and towns > 0, f"区域{area}、町・字{towns:,}件")


def _blur(m: Municipality, settled: set[MunicipalityAction]) -> ChecklistItem:
    done = not settings.is_default(m, "blur") or MunicipalityAction.BLUR_SETTLED in settled
    return ChecklistItem(ChecklistTask.BLUR, done, m.blur.message)


def _beginning(text: str) -> str:
    line = text.split("\n", 1)[0]
    return f"{line[:40]}…" if len(line) > 40 or line != text else line

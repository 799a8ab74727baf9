"""Merge a municipality into another one: preview what would change, then do it in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from geoalchemy2.shape import from_shape, to_shape
from shapely import unary_union
from shapely.geometry import MultiPolygon
from sqlalchemy import delete, func, or_, select, update

from akiya.accounts.models import Staff
from akiya.db import AnyRow, Session, db, now, today, transaction
from akiya.errors import Invalid, NotFound
from akiya.inquiries.models import Inquiry
from akiya.ledgers.models import BUSY, Import, Layout, Phase
from akiya.listings import blur
from akiya.listings.derived import derive
from akiya.listings.enums import LISTED, Precision
from akiya.listings.events import EventKind
from akiya.listings.models import Changes, Listing
from akiya.listings.service import plain, record
from akiya.membership.service import may_take_in
from akiya.municipalities import service as municipalities
from akiya.municipalities.enums import MunicipalityAction
from akiya.municipalities.models import Agent, Municipality, Town
from akiya.outbox.models import Message
from akiya.values import Values

_NUMBER = 60


@dataclass(frozen=True)
class Preview:
    """The effects of merging the municipality `old` into `new`. While there are `problems`, nothing can be merged.

    `renumbered` is {listing id: (number, new number)}. `renamed_homes` and `renamed_towns` are the ids of homes and
    towns whose town name gets the name of `old` in front, because `new` has a town of a similar name. `stay` is the
    number of inquiries that stay under the code of `old`, `offered` that of `listings` on offer; `problems` are
    Japanese sentences.
    """

    old: Municipality
    new: Municipality
    on: date
    listings: int
    offered: int
    renumbered: dict[int, tuple[str, str]]
    renamed_homes: frozenset[int]
    renamed_towns: frozenset[int]
    towns: int
    agents: int
    staff: int
    imports: int
    stay: int
    problems: Sequence[str]

    def lines(self) -> list[str]:
        """Return the preview as Japanese sentences, without the problems."""
        old, new = self.old.name, self.new.name
        return [
            f"{old}（{self.old.code}）を、{self.on} から {new}（{self.new.code}）に合併します。",
            f"物件 {self.listings:,}件（公開中 {self.offered:,}件）を{new}に移します。物件の住所（URL）は変わりません。",
            *[f"物件番号が重なるので変えます：{was} → {to}" for was, to in self.renumbered.values()],
            f"同じ名前の町・字などと紛れないよう「{old}」を前につけるもの：物件 {len(self.renamed_homes):,}件、"
            f"町・字 {len(self.renamed_towns):,}件",
            f"町・字 {self.towns:,}件、仲介業者 {self.agents:,}件、職員 {self.staff:,}人、"
            f"台帳の取り込み {self.imports:,}件を移します。",
            f"問合せなどの記録 {self.stay:,}件は、合併前の月の報告のために{old}のまま残し、{new}の職員も見られるようにします。",
        ]


def preview(staff: Staff | None, old_code: str, new_code: str, on: date | None) -> Preview:
    """Return what merging `old_code` into `new_code` from the day `on` (default: today) would do, changing nothing.

    `staff` is None for the command line. Raise NotFound if `old_code` is unknown, Invalid if `new_code` is, and
    NotAllowed for an account that is not the prefecture's.
    """
    if staff is not None:
        may_take_in(staff)
    return _plan(lambda code: db.session.get(Municipality, code), old_code, new_code, on or today())


def merge(staff: Staff | None, old_code: str, new_code: str, on: date | None) -> Preview:
    """Merge `old_code` into `new_code` as `preview` describes, and return that preview. Raise Invalid for a problem."""
    if staff is not None:
        may_take_in(staff)
    with transaction() as session:
        for code in sorted((old_code, new_code)):  # always in one order, so that two mergers cannot wait for each other
            session.get(Municipality, code, with_for_update=True)
        plan = _plan(lambda code: session.get(Municipality, code), old_code, new_code, on or today())
        if plan.problems:
            raise Invalid("".join(plan.problems))
        _move_listings(session, staff, plan)
        _move_towns(session, plan)
        _move_others(session, plan)
        _join_boundaries(plan.old, plan.new)
        plan.old.joined, plan.old.successor_code, plan.old.merged_on = False, new_code, plan.on
        actor = staff.name if staff else "システムの管理者"
        done = MunicipalityAction.MERGED
        municipalities.note(session, plan.old, actor, done, plan.on, into=new_code, listings=plan.listings)
        municipalities.note(session, plan.new, actor, done, plan.on, of=old_code, listings=plan.listings)
    return plan


def _plan(get: Callable[[str], Municipality | None], old_code: str, new_code: str, on: date) -> Preview:
    old, new = get(old_code), get(new_code)
    if old is None:
        raise NotFound("この市町村は登録されていません。")
    if new is None:
        message = f"合併先「{new_code[:20]}」は登録されていません。先に市町村を加えてください。"
        raise Invalid(message, {"into": message})
    homes = db.session.execute(
        select(Listing.id, Listing.number, Listing.town, Listing.precision, Listing.status).where(
            Listing.municipality_code == old_code
        )
    ).all()
    taken = set(db.session.scalars(select(Listing.number).where(Listing.municipality_code == new_code)))
    renumbered = {row.id: (row.number, old.name + row.number) for row in homes if row.number in taken}
    towns = {name: town_id for town_id, name in _towns(old_code)}
    theirs = [name for _id, name in _towns(new_code)]
    alike = {name for name in towns if any(name.startswith(other) or other.startswith(name) for other in theirs)}
    renamed_homes = frozenset(
        row.id
        for row in homes
        # A home at the old office, whose town is unknown: `_move_towns` adds a town called like the old municipality at
        # that point, and the home is found there again only if its town begins with that name.
        if row.precision is Precision.OFFICE or (row.town and row.town.startswith((*alike, *theirs)))
    )
    pending = _pending(old_code)
    return Preview(
        old=old,
        new=new,
        on=on,
        listings=len(homes),
        offered=sum(row.status in LISTED for row in homes),
        renumbered=renumbered,
        renamed_homes=renamed_homes,
        renamed_towns=frozenset(towns[name] for name in alike),
        towns=len(towns),
        agents=_count(Agent, old_code),
        staff=_count(Staff, old_code),
        imports=_count(Import, old_code),
        stay=_count(Inquiry, old_code),
        problems=[*_standing_problems(old, new, on), *_number_problems(homes, renumbered, taken), *pending],
    )


def _standing_problems(old: Municipality, new: Municipality, on: date) -> list[str]:
    found = []
    if old.code == new.code:
        found.append(f"合併先が{old.name}自身です。別の市町村を選んでください。")
    found += [f"{each.name}は{each.merged_on}に合併しています。" for each in (old, new) if each.successor_code]
    if old.prefecture_code != new.prefecture_code:
        found.append(f"{new.name}は別の都道府県です。同じ都道府県の市町村を選んでください。")
    if old.joined and not new.joined:
        found.append(f"{new.name}は参加していません。先に{new.name}の参加を始めてください。")
    if on > today():
        found.append(f"{on} は先の日付です。合併は、その日になってから行ってください（今日は {today()}）。")
    return found


def _number_problems(homes: Sequence[AnyRow], renumbered: dict[int, tuple[str, str]], taken: set[str]) -> list[str]:
    taken = taken | {row.number for row in homes}
    return [
        f"物件番号「{was}」は重なりますが、「{to}」も使えません（長すぎるか、登録済みです）。先に番号を直してください。"
        for was, to in renumbered.values()
        if len(to) > _NUMBER or to in taken
    ]


def _pending(old_code: str) -> list[str]:
    """Return a problem for each unfinished ledger: it was checked against homes and numbers that the merger changes."""
    mine = or_(Import.municipality_code == old_code, Import.municipality_code.is_(None))
    names = db.session.scalars(select(Import.name).where(mine, Import.phase.in_((*BUSY, Phase.CHECKED))))
    return [f"台帳「{name}」の取り込みが終わっていません。先に、反映するか取りやめてください。" for name in names]


def _towns(code: str) -> list[tuple[int, str]]:
    return [(*row,) for row in db.session.execute(select(Town.id, Town.name).where(Town.municipality_code == code))]


def _count(model: type[Agent] | type[Staff] | type[Import] | type[Inquiry], code: str) -> int:
    return db.session.scalar(select(func.count()).where(model.municipality_code == code)) or 0


def _move_listings(session: Session, staff: Staff | None, plan: Preview) -> None:
    old, new = plan.old, plan.new
    rows = session.scalars(select(Listing).where(Listing.municipality_code == old.code).order_by(Listing.id)).all()
    for listing in rows:
        changes: Changes = {"municipality_code": [old.code, new.code]}
        values: Values = {}
        if listing.id in plan.renumbered:
            values["number"] = plan.renumbered[listing.id][1]
        if listing.id in plan.renamed_homes:
            values["town"] = (old.name + listing.town)[:120]
        if listing.blur is None and old.blur is not new.blur:
            # Homes that followed the old municipality's blur keep it: that is what their owners agreed to.
            values["blur"] = blur.allowed(old.blur, consented=listing.private.consent_on is not None)
        for name, value in values.items():
            changes[name] = [plain(getattr(listing, name)), plain(value)]
            setattr(listing, name, value)
        listing.municipality, listing.updated_at = new, now()
        for name, value in derive(listing, new.name).items():
            setattr(listing, name, value)
        record(session, listing, staff, EventKind.MERGED, changes, on=plan.on)
    session.flush()


def _move_towns(session: Session, plan: Preview) -> None:
    old, new = plan.old, plan.new
    renamed = Town.id.in_(plan.renamed_towns)
    for town in session.scalars(select(Town).where(renamed)).all() if plan.renamed_towns else ():
        town.name = (old.name + town.name)[:120]
    session.flush()
    session.execute(update(Town).where(Town.municipality_code == old.code).values(municipality_code=new.code))
    called = select(Town.id).where(Town.municipality_code == new.code, Town.name == old.name)
    if session.scalar(called) is None:
        session.add(Town(municipality_code=new.code, name=old.name, kana=old.kana, lon=old.lon, lat=old.lat))


def _move_others(session: Session, plan: Preview) -> None:
    old, new = plan.old.code, plan.new.code
    known = {(a.name, a.licence, a.phone) for a in session.scalars(select(Agent).where(Agent.municipality_code == new))}
    for agent in session.scalars(select(Agent).where(Agent.municipality_code == old)).all():
        if (agent.name, agent.licence, agent.phone) in known:
            session.delete(agent)
        else:
            agent.municipality_code = new
    for model in (Staff, Import, Message):
        session.execute(update(model).where(model.municipality_code == old).values(municipality_code=new))
    if session.get(Layout, new) is None:
        session.execute(update(Layout).where(Layout.municipality_code == old).values(municipality_code=new))
    else:
        session.execute(delete(Layout).where(Layout.municipality_code == old))


def _join_boundaries(old: Municipality, new: Municipality) -> None:
    """Set the boundary of `new` to the union of both; without an old boundary it does not change."""
    parts = [to_shape(each.boundary) for each in (old, new) if each.boundary is not None]
    if old.boundary is not None:
        whole = unary_union(parts)
        polygons = [part for part in getattr(whole, "geoms", [whole]) if part.geom_type == "Polygon"]
        new.boundary = from_shape(MultiPolygon(polygons), srid=4326)

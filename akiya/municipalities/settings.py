"""What a municipality says of itself, how it works and with whom: read, compared and changed in one way."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from akiya.db import db, transaction
from akiya.errors import Invalid, NotFound
from akiya.municipalities.enums import Approval, Blur, Tag
from akiya.municipalities.models import Agent, Municipality

MOST_AGENTS = 50
MONTHS, DAYS = (1, 120), (7, 365)
_LONGEST_ADDRESS = 300
NAMES = (
    "joined", "contact", "text", "url", "hazard_map_url", "tags", "steps", "approval", "valid_months", "confirm_days",
    "required", "blur", "live_viewing", "live_viewing_note",
)  # fmt: skip
"""The columns of a municipality that `change` takes."""


class ChangedMeanwhile(Invalid):
    """Somebody else changed the municipality after its page was opened."""


def find(code: str) -> Municipality:
    """The municipality as it is stored now. Raises NotFound."""
    found = db.session.get(Municipality, code)
    if found is None:
        raise NotFound("この市町村は登録されていません。")
    return found


def agents(code: str) -> Sequence[Agent]:
    """The agents the municipality works with, in the order in which they were added."""
    return db.session.scalars(select(Agent).where(Agent.municipality_code == code).order_by(Agent.id)).all()


def mark(municipality: Municipality) -> str:
    """What differs whenever any of the municipality's settings or agents does."""
    values: list[Any] = [str(getattr(municipality, name)) for name in NAMES]
    values += [[agent.id, agent.name, agent.licence, agent.phone] for agent in agents(municipality.code)]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:32]


def change(
    code: str, values: Mapping[str, Any], given: Sequence[Mapping[str, Any]] | None = None, seen: str | None = None
) -> Municipality:
    """The municipality with these values of NAMES and, where they are `given`, its agents.

    An agent is {"id", "name", "licence", "phone", "remove"}; without an id it is new; those not named stay. Raises Invalid
    with a message for each wrong value, and ChangedMeanwhile when `seen` is not the mark of what is stored. Names in
    `steps` and `required` are those of listings, and not checked here. A new blur holds for homes that are saved from now
    on; listings.service.place_again moves those that are there.
    """
    with transaction() as session:
        municipality = session.get(Municipality, code, with_for_update=True)
        if municipality is None:
            raise Invalid(
                f"市町村コード {code}：登録されていません。akiya municipalities import で取り込んでください。"
            )
        if seen is not None and seen != mark(municipality):
            raise ChangedMeanwhile("あなたがこの画面を開いたあとに、別の人が設定を変更しました。")
        if wrong := {name: text for name, value in values.items() if (text := _problem(name, value))}:
            raise Invalid("、".join(wrong.values()), wrong)
        for name, value in values.items():
            setattr(municipality, name, _KINDS[name](value) if name in _KINDS else value)
        if given is not None:
            _set_agents(session, code, given)
    return municipality


_KINDS: dict[str, Any] = {"blur": Blur, "approval": Approval}
_BOUNDS = {"valid_months": MONTHS, "confirm_days": DAYS}


def _problem(name: str, value: Any) -> str:
    """Why `value` cannot be that of `name`, or nothing."""
    if name == "tags":
        known = [str(tag) for tag in Tag]
        wrong = ",".join(tag for tag in value.split(",") if tag and tag not in known)
        return f"tags={wrong}：使えるのは {'、'.join(known)} です。" if wrong else ""
    if name in _KINDS:
        known = [str(member) for member in _KINDS[name]]
        return "" if str(value) in known else f"{name}={value}：使えるのは {'、'.join(known)} です。"
    if name in _BOUNDS:
        least, most = _BOUNDS[name]
        return "" if least <= value <= most else f"{name}={value}：{least}〜{most} の値を入れてください。"
    return address_problem(value) if name in ("url", "hazard_map_url") else ""


def address_problem(value: str) -> str:
    """Why `value` is no address of a web page, or nothing."""
    shown = f"「{value[:60]}」"
    if len(value) > _LONGEST_ADDRESS:
        return f"{shown}は長すぎます（{_LONGEST_ADDRESS}文字まで）。短い住所のページを選んでください。"
    try:
        parts = urlsplit(value)
        right = not value or (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        right = False
    # Whoever writes an address with a name before the host wants people to misread it.
    if right and value.isprintable() and not any(sign.isspace() or sign in '"<>@\\' for sign in value):
        return ""
    return f"{shown}はウェブの住所として読めません。ブラウザーの上の欄から、https:// で始まる住所を写してください。"


def _set_agents(session: Any, code: str, given: Sequence[Mapping[str, Any]]) -> None:
    known = {agent.id: agent for agent in agents(code)}
    for row in given:
        agent = known.get(row["id"]) if row.get("id") else Agent(municipality_code=code)
        if agent is None:
            raise Invalid("ほかの人が消した業者があります。画面を開き直してください。")
        if row.get("remove"):
            if agent.id:
                session.delete(known.pop(agent.id))
            continue
        agent.name, agent.licence, agent.phone = row["name"], row["licence"], row["phone"]
        session.add(agent)
        session.flush()
        known[agent.id] = agent
    if len(known) > MOST_AGENTS:
        raise Invalid(f"仲介業者は{MOST_AGENTS}件までです。取引のない業者を消してください。")

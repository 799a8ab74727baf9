"""Read, compare and change a municipality's settings, each declared in one row of SETTINGS, and its agents.

The staff form, `akiya municipalities set` and the archive's README are made from that table.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any  # columns of an agent, each of its own type
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from akiya.choices import Choice
from akiya.db import Session, db, transaction
from akiya.errors import Invalid, NotFound
from akiya.language import N_, NP_, Labelled
from akiya.municipalities.enums import Approval, Blur, Tag
from akiya.municipalities.models import Agent, Municipality

MOST_AGENTS = 50
_LONGEST_ADDRESS = 300


class SettingKind(Enum):
    """A type of setting: it decides the form's field and how a value is checked."""

    LONG = "long"
    ADDRESS = "address"
    FLAG = "flag"
    COUNT = "count"
    CHOICE = "choice"
    SEVERAL = "several"


class SettingGroup(Choice):
    """A part of the settings page, with its heading."""

    PUBLIC = "public", N_("公開ページで伝えること")
    WORK = "work", N_("公開までの進め方")


@dataclass(frozen=True)
class Setting(Labelled):
    """A setting, stored in the column `name` of Municipality.

    `message` and `help` are the label and help text of the form, `archive` the description in the archive.
    `option` is the help text of the command's option; a setting without one can only be changed on the page. `choices`
    are the values of a CHOICE or SEVERAL; those of a SEVERAL are stored separated by commas. A SEVERAL without
    `choices` has values that listings define, and the form adds them. `bounds` (least, most) and `unit` belong to a
    COUNT, and `most` is the greatest length of a LONG.
    """

    name: str
    group: SettingGroup
    kind: SettingKind
    message: str
    help: str
    archive: str
    option: str = ""
    choices: type[Choice] | None = None
    bounds: tuple[int, int] = (0, 0)
    unit: str = ""
    most: int = 0


_G, _K = SettingGroup, SettingKind
# In the order of the form within each group, and of the command's options.
SETTINGS: tuple[Setting, ...] = (
    Setting(
        "contact", _G.PUBLIC, _K.LONG, "問合せ先",
        "担当課、電話、受付の時間。公開されます。例：まちづくり課 空き家担当 0967-00-0000（平日8:30〜17:15）",
        NP_("archive", "連絡先"), "Whom people ask.", most=2000,
    ),
    Setting(
        "text", _G.PUBLIC, _K.LONG, "市町村の紹介",
        "市町村のページの初めに出ます。暮らし、支援、申込みの流れなど。",
        NP_("archive", "本文"), "What the municipality says of itself on its page.", most=5000,
    ),
    Setting(
        "url", _G.PUBLIC, _K.ADDRESS, "市町村のサイト",
        "空き家バンクや移住のページ。例：https://www.example.jp/akiya/",
        NP_("archive", "ホームページ"),
        "Address of its own site: of its own bank while it does not take part in this one.",
    ),
    Setting(
        "hazard_map_url", _G.PUBLIC, _K.ADDRESS, "ハザードマップ",
        "市町村が公開しているハザードマップのページ。地図と物件のページから案内します。",
        NP_("archive", "ハザードマップのアドレス"), "Address of the municipality's own hazard map.",
    ),
    Setting(
        "tags", _G.PUBLIC, _K.SEVERAL, "条件・支援", "さがす画面で選べます。当てはまるものすべて。",
        NP_("archive", "特色（コンマ区切り）"), f"With commas between: {', '.join(map(str, Tag))}.", choices=Tag,
    ),
    Setting(
        "steps", _G.WORK, _K.SEVERAL, "公開までの段階",
        "下書きと公開の間に置く段階です。使わなければ、下書きからすぐに公開できます。",
        NP_("archive", "申込みの手順"),
    ),
    Setting(
        "approval", _G.WORK, _K.CHOICE, "公開の承認", "公開の前に、だれの承認が要るか。",
        NP_("archive", "公開前の承認"), choices=Approval,
    ),
    Setting(
        "valid_months", _G.WORK, _K.COUNT, "登録の有効期間", "か月。公開した日から数えます。多くは 24 か 36 です。",
        NP_("archive", "登録の有効期間（月）"), bounds=(1, 120), unit="か月",
    ),
    Setting(
        "confirm_days", _G.WORK, _K.COUNT, "募集の確認の間隔",
        "日。今も募集中かを、この間隔で確かめます。ふつうは 60 です。次の確認から変わります。",
        NP_("archive", "募集を確認する間隔（日）"), bounds=(7, 365), unit="日",
    ),
    Setting(
        "required", _G.WORK, _K.SEVERAL, "公開に必ず要る項目",
        "ここで選んだ項目が空欄の物件は公開できません。建物の項目は、土地だけの物件では求めません。",
        NP_("archive", "必須にしている項目（コンマ区切り）"),
    ),
    Setting(
        "blur", _G.WORK, _K.CHOICE, "地図で見せる位置",
        "物件ごとに変えることもできます。変えると、公開中の物件の位置も計算し直します。",
        NP_("archive", "公開する位置のぼかし方"), "How near public points may be to the homes.",
        choices=Blur,
    ),
    Setting(
        "live_viewing", _G.PUBLIC, _K.FLAG, "ビデオ通話で内見できる",
        "物件のページに出て、さがす人が条件に選べます。物件ごとに変えることもできます。",
        NP_("archive", "オンライン内見ができるか"), "Whether homes can be viewed by video call.",
    ),
    Setting(
        "live_viewing_note", _G.PUBLIC, _K.LONG, "ビデオ通話での内見の案内",
        "内見できる曜日と時間、使うアプリ、申し込み方。できる物件のページに、問合せ先と一緒に出ます。"
        "例：平日10時〜16時。LINEかZoomで、職員が家の中をお見せします。3日前までに電話でお申し込みください。",
        NP_("archive", "オンライン内見の説明"),
        "How viewing by video call goes: days, apps, how to book.", most=1000,
    ),
)  # fmt: skip
BY_NAME: dict[str, Setting] = {setting.name: setting for setting in SETTINGS}
# `joined` is not a setting of the form, but membership/service changes it through `change` too.
_CHANGED = ("joined", *BY_NAME)


class ChangedMeanwhile(Invalid):
    """Somebody else changed the municipality's settings after the page was opened."""


def find(code: str) -> Municipality:
    """Return the municipality as it is stored now. Raise NotFound if there is none with this code."""
    found = db.session.get(Municipality, code)
    if found is None:
        raise NotFound("この市町村は登録されていません。")
    return found


def agents(code: str) -> Sequence[Agent]:
    """Return the agents that the municipality works with, in the order in which they were added."""
    return db.session.scalars(select(Agent).where(Agent.municipality_code == code).order_by(Agent.id)).all()


def mark(municipality: Municipality) -> str:
    """Return a hash of the municipality's settings and agents, to notice that somebody else changed them."""
    values: list[object] = [str(getattr(municipality, name)) for name in _CHANGED]
    values += [[agent.id, agent.name, agent.licence, agent.phone] for agent in agents(municipality.code)]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:32]


def change(
    code: str, values: Mapping[str, object], given: Sequence[Mapping[str, Any]] | None = None, seen: str | None = None
) -> Municipality:
    """Set these settings or `joined` of the municipality, and its agents if they are `given`; return the municipality.

    An agent is {"id", "name", "licence", "phone", "remove"}: without an id it is new. Agents not given stay.
    Raise Invalid with a message for each wrong value, and ChangedMeanwhile if `seen` is not the `mark` of what is
    stored. The names in `steps` and `required` belong to listings and are not checked here. A new blur applies to homes
    that are saved from now on; `listings.service.place_again` moves the others.
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
            setattr(municipality, name, _stored(name, value))
        if given is not None:
            _set_agents(session, code, given)
    return municipality


def is_default(municipality: Municipality, name: str) -> bool:
    """Return whether the setting has its default value."""
    default = Municipality.__table__.c[name].default
    return isinstance(default, ScalarElementColumnDefault) and bool(getattr(municipality, name) == default.arg)


def _stored(name: str, value: object) -> object:
    setting = BY_NAME.get(name)
    return setting.choices(str(value)) if setting and setting.kind is SettingKind.CHOICE and setting.choices else value


def _problem(name: str, value: Any) -> str:
    """Return why `value` is not allowed for the setting `name`, or ""."""
    setting = BY_NAME.get(name)
    if setting is None:
        return ""
    if setting.kind is SettingKind.ADDRESS:
        return address_problem(value)
    if setting.kind is SettingKind.COUNT:
        least, most = setting.bounds
        return "" if least <= value <= most else f"{name}={value}：{least}〜{most} の値を入れてください。"
    if setting.choices is None:
        return ""
    known = [str(member) for member in setting.choices]
    if setting.kind is SettingKind.SEVERAL:
        wrong = [each for each in value.split(",") if each and each not in known]
    else:
        wrong = [str(value)] if str(value) not in known else []
    return f"{name}={','.join(wrong)}：使えるのは {'、'.join(known)} です。" if wrong else ""


def address_problem(value: str) -> str:
    """Return why `value` is not the address of a web page, or "" if it is one or is empty."""
    shown = f"「{value[:60]}」"
    if len(value) > _LONGEST_ADDRESS:
        return f"{shown}は長すぎます（{_LONGEST_ADDRESS}文字まで）。短い住所のページを選んでください。"
    try:
        parts = urlsplit(value)
        right = not value or (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        right = False
    # An @ would put a user name before the host (https://bank.example@other.example), which makes people misread the address.
    if right and value.isprintable() and not any(sign.isspace() or sign in '"<>@\\' for sign in value):
        return ""
    return f"{shown}はウェブの住所として読めません。ブラウザーの上の欄から、https:// で始まる住所を写してください。"


def _set_agents(session: Session, code: str, given: Sequence[Mapping[str, Any]]) -> None:
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

"""Create, authenticate, change and deactivate accounts. An `actor` of None is the operator at the command line."""

import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from akiya.accounts import passwords, search, tickets, totp
from akiya.accounts.models import AccountState, Purpose, Role, SignIn, SignInOutcome, Staff, Ticket
from akiya.accounts.sign_in_origin import Origin
from akiya.db import Session, db, execute, now, transaction
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.municipalities.models import Municipality

DEMONSTRATION_PASSWORD = "mihon-no-akiya"  # noqa: S105  (printed on the sign-in page; refused from outside)
_KEPT = timedelta(days=400)
_ADDRESS = re.compile(r"[!-?A-~]{1,64}@[!-?A-~]{1,189}")
_WRONG_PASSWORD = "いまのパスワードが違います。確かめて、もう一度入れてください。"  # noqa: S105  (a message)
_DEMONSTRATION = "見本のアカウントでは変えられません。"


def create(
    email: str,
    name: str,
    password: str,
    role: Role,
    municipality_code: str | None = None,
    *,
    demonstration: bool = False,
) -> Staff:
    """Create an account with a password. Raise Invalid with a message for each wrong field."""
    errors = {}
    problem = None if demonstration else passwords.problem(password, address(email))
    if problem:
        errors["password"] = problem
    if not name.strip():
        errors["name"] = "名前を入れてください。"
    kept = passwords.made(password)
    with transaction(public=False) as session:
        return add(
            session, email, name, role, municipality_code, errors, password_hash=kept, demonstration=demonstration
        )


def add(
    session: Session,
    email: str,
    name: str,
    role: Role,
    municipality_code: str | None,
    errors: dict[str, str],
    **more: object,
) -> Staff:
    """Add an account to the open transaction; it has no password unless `more` (other columns) sets one.

    Raise Invalid with `errors`, those that the caller found, and the ones found here.
    """
    email = address(email)
    errors = {**errors, **_name_problems(name)}
    if not _ADDRESS.fullmatch(email):
        errors["email"] = f"「{email[:80]}」はメールアドレスとして使えません。name@example.jp の形で入れてください。"
    if (role is Role.PREFECTURE) != (municipality_code is None):
        errors["municipality"] = "市町村の担当者には市町村コードが要り、県担当者には要りません。"
    if municipality_code is not None and db.session.get(Municipality, municipality_code) is None:
        errors["municipality"] = (
            f"市町村コード「{municipality_code}」は登録されていません。5桁のコードを確かめてください。"
        )
    taken = f"メールアドレス「{email}」は登録済みです。"
    if search.by_email(email) is not None:
        errors["email"] = taken
    if errors:
        raise Invalid("アカウントを作れません。" + "".join(errors.values()), errors)
    columns = {"password_hash": "", "session_stamp": _stamp(), **more}
    staff = Staff(email=email, name=name.strip(), role=role, municipality_code=municipality_code, **columns)
    session.add(staff)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else added the same person at this moment
        raise Invalid(taken, {"email": taken}) from error
    return staff


def address(email: str) -> str:
    """Return a mail address in the form it is stored in: half-width, lower case, without surrounding spaces."""
    return unicodedata.normalize("NFKC", email).strip().lower()


# ── signing in ──


def authenticate(email: str, password: str, origin: Origin, *, demonstration_allowed: bool) -> Staff | None:
    """Return the active account with this address and password, or None without saying which of the two was wrong.

    A failed attempt is recorded in the account's history. Accounts of a demonstration are refused unless
    `demonstration_allowed`.
    """
    staff = search.by_email(address(email))
    right = passwords.matches(password, staff.password_hash if staff else "")
    if staff is None or (staff.demonstration and not demonstration_allowed):
        return None
    if not right:
        record(staff, SignInOutcome.WRONG_PASSWORD, origin)
        return None
    if not staff.active:
        record(staff, SignInOutcome.STOPPED, origin)
        return None
    return staff


def accept_code(staff: Staff, code: str, origin: Origin) -> bool:
    """Use up a confirmation code and return whether it was valid: the account's own, current and not used before.

    A wrong code is recorded in the account's history.
    """
    step = totp.step_of(staff.totp_secret, code, now()) if staff.totp_secret else None
    with transaction(public=False) as session:
        unused = (Staff.id == staff.id, Staff.totp_secret == staff.totp_secret, Staff.totp_step < (step or 0))
        accepted = step is not None and execute(session, update(Staff).where(*unused).values(totp_step=step))
        if not accepted:
            record(staff, SignInOutcome.WRONG_CODE, origin)
    return bool(accepted)


def record(staff: Staff, outcome: SignInOutcome, origin: Origin) -> None:
    """Add an attempt to sign in to the account's history."""
    with transaction(public=False) as session:
        session.add(SignIn(staff_id=staff.id, outcome=outcome, network=origin.network, device=origin.device))


def forget_old(moment: datetime) -> int:
    """Delete sign-ins older than 400 days, and tickets that expired as long ago; return the number of sign-ins."""
    end = moment - _KEPT
    first = [
        db.session.scalar(select(SignIn.at).order_by(SignIn.id).limit(1)),
        db.session.scalar(select(Ticket.expires_at).order_by(Ticket.id).limit(1)),
    ]
    if not any(oldest is not None and oldest < end for oldest in first):
        return 0  # nearly always, and two rows are enough to see it
    with transaction(public=False) as session:
        session.execute(delete(Ticket).where(Ticket.expires_at < end))
        return execute(session, delete(SignIn).where(SignIn.at < end))


# ── one's own account ──


def set_password(staff: Staff, password: str) -> None:
    """Store a new password, end the account's sessions and void its links that set a password.

    Raise Invalid if the password is too short, too long or too easy to guess.
    """
    if problem := passwords.problem(password, staff.email):
        raise Invalid(problem, {"password": problem})
    with transaction(public=False):
        staff.password_hash, staff.session_stamp = passwords.made(password), _stamp()
        tickets.void(Purpose.RESET, staff.id)
        tickets.void(Purpose.INVITATION, staff.id)


def change_password(staff: Staff, current: str, password: str) -> None:
    """Replace the account's password and end all its sessions.

    Raise Invalid if either password is wrong, NotAllowed for an account of a demonstration.
    """
    prove(staff, current, "current_password")
    set_password(staff, password)


def set_up_totp(staff: Staff, secret: str, code: str) -> None:
    """Require confirmation codes of `secret` at sign-in and end the account's sessions.

    Raise Invalid if `code` is not the current code of `secret`.
    """
    step = totp.step_of(secret, code, now())
    if step is None:
        message = "確認コードが違います。アプリに出ている6桁の数字を入れてください。端末の時計が合っているかも確かめてください。"
        raise Invalid(message, {"code": message})
    with transaction(public=False):
        staff.totp_secret, staff.totp_step, staff.session_stamp = secret, step, _stamp()


def remove_totp(staff: Staff, password: str) -> None:
    """Stop asking the account for confirmation codes and end its sessions.

    Raise Invalid if the password is wrong, NotAllowed for accounts of the prefecture, which must use codes.
    """
    if staff.is_prefecture:
        raise NotAllowed("県担当者は確認コードを使わないようにはできません。")
    prove(staff, password, "password")
    with transaction(public=False):
        staff.totp_secret, staff.totp_step, staff.session_stamp = "", 0, _stamp()


def end_sessions(staff: Staff) -> None:
    """End all sessions of the account."""
    with transaction(public=False):
        staff.session_stamp = _stamp()


def rename(staff: Staff, name: str) -> None:
    """Change the name of the account's owner. Raise Invalid if it is empty, too long or has control characters."""
    problems = _name_problems(name) if name.strip() else {"name": "名前を入れてください。"}
    if problems:
        raise Invalid("".join(problems.values()), problems)
    with transaction(public=False):
        staff.name = name.strip()


def prove(staff: Staff, password: str, field: str) -> None:
    """Check that the password is the account's own before it changes something.

    Raise Invalid for the form field `field` if it is not, NotAllowed for an account of a demonstration.
    """
    if staff.demonstration:
        raise NotAllowed(_DEMONSTRATION)
    if not passwords.matches(password, staff.password_hash):
        raise Invalid(_WRONG_PASSWORD, {field: _WRONG_PASSWORD})


# ── other people's accounts ──


def managed(actor: Staff | None, staff_id: int) -> Staff:
    """Return the account that `actor` is about to change.

    Raise NotFound if there is none that `actor` may see, NotAllowed if `actor` only reads.
    """
    if actor is not None:
        may_manage(actor)
        return search.person(actor, staff_id)
    staff = db.session.get(Staff, staff_id)
    if staff is None:
        raise NotFound("このアカウントはありません。")
    return staff


def may_manage(actor: Staff) -> None:
    """Raise NotAllowed if `actor` is an account that only reads, and so may not change other accounts."""
    if not actor.can_write:
        raise NotAllowed("閲覧のみのアカウントでは、ほかの人のアカウントを変更できません。")


def may_give(actor: Staff | None, role: Role, municipality_code: str | None) -> None:
    """Raise NotAllowed if `actor` may not give somebody this role in this municipality."""
    if actor is None or actor.is_prefecture:
        return
    may_manage(actor)
    if role is Role.PREFECTURE or municipality_code != actor.municipality_code:
        raise NotAllowed("ほかの市町村や県の担当者にはできません。県の担当に頼んでください。")


def change_role(actor: Staff | None, staff_id: int, role: Role, municipality_code: str | None) -> Staff:
    """Change the role and municipality of an account.

    Raise Invalid if the two do not match, or if the account is the last active one that writes for its municipality or
    for the prefecture. Raise NotFound or NotAllowed if `actor` may not make the change.
    """
    with transaction(public=False) as session:
        staff = managed(actor, staff_id)
        may_give(actor, role, municipality_code)
        if (role is Role.PREFECTURE) != (municipality_code is None) or (
            municipality_code is not None and session.get(Municipality, municipality_code) is None
        ):
            message = "市町村の担当者には市町村を選び、県担当者には選ばないでください。"
            raise Invalid(message, {"municipality_code": message})
        if (role, municipality_code) != (staff.role, staff.municipality_code):
            _somebody_is_left(session, actor, staff)
            staff.role, staff.municipality_code = role, municipality_code
    return staff


def deactivate(actor: Staff | None, staff_id: int) -> Staff:
    """Stop an account: its sessions and links end at once, it can no longer sign in, and its history stays.

    Raise Invalid if the account is the last active one that writes for its municipality or for the prefecture, NotFound
    or NotAllowed if `actor` may not make the change.
    """
    with transaction(public=False) as session:
        staff = managed(actor, staff_id)
        _somebody_is_left(session, actor, staff)
        staff.active, staff.session_stamp = False, _stamp()
        tickets.void(Purpose.RESET, staff.id)
        tickets.void(Purpose.INVITATION, staff.id)
    return staff


def reactivate(actor: Staff | None, staff_id: int) -> Staff:
    """Let a stopped account sign in again with its old password.

    Raise NotFound or NotAllowed if `actor` may not make the change.
    """
    with transaction(public=False):
        staff = managed(actor, staff_id)
        staff.active = True
    return staff


def reset_totp(actor: Staff | None, staff_id: int) -> Staff:
    """Remove the confirmation codes of an account whose owner lost the device, and end its sessions.

    Raise NotFound, or NotAllowed unless `actor` is another account of the prefecture or the operator.
    """
    with transaction(public=False):
        staff = managed(actor, staff_id)
        if actor is not None and (not actor.is_prefecture or actor.id == staff.id):
            raise NotAllowed("確認コードを消せるのは、別の県担当者だけです。")
        staff.totp_secret, staff.totp_step, staff.session_stamp = "", 0, _stamp()
    return staff


def _somebody_is_left(session: Session, actor: Staff | None, staff: Staff) -> None:
    """Raise Invalid if this is the last active account of the prefecture, or the last of its municipality that writes."""
    if actor is None or staff.state is not AccountState.ACTIVE or not staff.can_write:
        return
    # The rows are locked: if two accounts stop each other at the same time, one of them is refused.
    peers = select(Staff).where(
        Staff.role == staff.role, Staff.municipality_code.is_not_distinct_from(staff.municipality_code)
    )
    others = [
        peer
        for peer in session.scalars(
            peers.order_by(Staff.id).with_for_update().execution_options(populate_existing=True)
        )
        if peer.id != staff.id and peer.state is AccountState.ACTIVE and (staff.demonstration or not peer.demonstration)
    ]
    if others or (actor.is_prefecture and not staff.is_prefecture):
        return
    if staff.is_prefecture:
        raise Invalid("最後の県担当者です。先に、ほかの人を県担当者にしてください。")
    raise Invalid("この市町村で入力できる最後の担当者です。先に次の人を招待するか、県の担当に頼んでください。")


def _name_problems(name: str) -> dict[str, str]:
    if len(name.strip()) > 80:
        return {"name": f"名前は80文字までにしてください。いまは{len(name.strip())}文字です。"}
    if any(unicodedata.category(c) == "Cc" for c in name.strip()):
        return {"name": "名前に、画面に出ない文字（改行など）が入っています。消してください。"}
    return {}


def _stamp() -> str:
    return secrets.token_hex(16)

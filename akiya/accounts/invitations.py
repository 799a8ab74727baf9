"""Links sent by mail that open an account: invitations and password resets."""

from datetime import timedelta

from akiya.accounts import emails, passwords, search, service, tickets
from akiya.accounts.models import AccountState, Purpose, Role, SignInOutcome, Staff
from akiya.accounts.sign_in_origin import Origin
from akiya.config import Config
from akiya.db import db, transaction
from akiya.errors import Invalid
from akiya.outbox import service as outbox

INVITATION_VALID, RESET_VALID = timedelta(days=7), timedelta(hours=1)


def invite(
    actor: Staff | None, email: str, name: str, role: Role, municipality_code: str | None, config: Config
) -> Staff:
    """Create an account without a password and mail its owner a link that sets one.

    Raise Invalid if a value is wrong, NotAllowed if `actor` may not give this role.
    """
    service.may_give(actor, role, municipality_code)
    with transaction(public=False) as session:
        staff = service.add(session, email, name, role, municipality_code, {})
        _send_invitation(actor, staff, config)
    return staff


def invite_again(actor: Staff | None, staff_id: int, config: Config) -> Staff:
    """Mail a new invitation link; the earlier ones stop working.

    Raise Invalid if an invitation was accepted already, NotFound or NotAllowed if `actor` may not change the account.
    """
    with transaction(public=False):
        staff = _waiting(actor, staff_id)
        tickets.void(Purpose.INVITATION, staff.id)
        _send_invitation(actor, staff, config)
    return staff


def withdraw(actor: Staff | None, staff_id: int) -> str:
    """Delete an account that has not accepted its invitation, with its links, and return its mail address.

    Raise Invalid if an invitation was accepted already, NotFound or NotAllowed if `actor` may not change the account.
    """
    with transaction(public=False) as session:
        staff = _waiting(actor, staff_id)
        email = staff.email
        session.delete(staff)
    return email


def invited(token: str, secret_key: str) -> Staff:
    """Return the account that an invitation link is for; the link can still be used afterwards.

    Raise Invalid if the link is wrong, used, withdrawn or expired.
    """
    return _bearer(token, Purpose.INVITATION, secret_key, AccountState.INVITED)


def accept(token: str, name: str, password: str, secret_key: str) -> Staff:
    """Use an invitation link: store the chosen name and password, and return the account, which can now sign in.

    Raise Invalid if the link, the name or the password cannot be used.
    """
    with transaction(public=False):
        staff = invited(token, secret_key)
        problems = {"password": problem} if (problem := passwords.problem(password, staff.email)) else {}
        try:
            service.rename(staff, name)
        except Invalid as error:
            problems |= error.errors
        if problems:
            raise Invalid("".join(problems.values()), problems)
        tickets.use(tickets.read(token, Purpose.INVITATION, secret_key))
        service.set_password(staff, password)
    return staff


def forgotten(email: str, config: Config) -> None:
    """Mail a password-reset link if an active account has this address; otherwise do nothing.

    The caller cannot tell the two cases apart, so the page does not reveal who has an account.
    """
    staff = search.by_email(service.address(email))
    if staff is None or staff.state is not AccountState.ACTIVE or staff.demonstration:
        return
    with transaction(public=False):
        link, key = _link(Purpose.RESET, staff, RESET_VALID, config, "new-password")
        outbox.write(key, staff.email, *emails.reset(link), staff.municipality_code)


def forgetful(token: str, secret_key: str) -> Staff:
    """Return the account that a password-reset link is for; the link can still be used afterwards.

    Raise Invalid if the link is wrong, used or expired.
    """
    return _bearer(token, Purpose.RESET, secret_key, AccountState.ACTIVE)


def reset(token: str, password: str, origin: Origin, secret_key: str) -> Staff:
    """Use a password-reset link: store the new password and return the account.

    All sessions of the account end, and its other links stop working. Raise Invalid if the link or the password
    cannot be used.
    """
    with transaction(public=False):
        staff = forgetful(token, secret_key)
        ticket = tickets.read(token, Purpose.RESET, secret_key)
        if problem := passwords.problem(password, staff.email):
            raise Invalid(problem, {"password": problem})
        tickets.use(ticket)
        service.set_password(staff, password)
        service.record(staff, SignInOutcome.RESET, origin)
    return staff


def _waiting(actor: Staff | None, staff_id: int) -> Staff:
    staff = service.managed(actor, staff_id)
    if staff.state is not AccountState.INVITED:
        raise Invalid("この人はもう招待を受けています。画面を開き直して、状態を確かめてください。")
    return staff


def _bearer(token: str, purpose: Purpose, secret_key: str, state: AccountState) -> Staff:
    ticket = tickets.read(token, purpose, secret_key)
    staff = db.session.get(Staff, ticket.staff_id)
    if staff is None or staff.state is not state:
        raise Invalid(tickets.USED)
    return staff


def _send_invitation(actor: Staff | None, staff: Staff, config: Config) -> None:
    link, key = _link(Purpose.INVITATION, staff, INVITATION_VALID, config, "welcome")
    place = staff.municipality.name if staff.municipality else config.prefecture
    inviter = actor.name if actor else None
    subject, text = emails.invitation(inviter, place, staff.role.label, staff.email, link, INVITATION_VALID.days)
    outbox.write(key, staff.email, subject, text, staff.municipality_code)


def _link(purpose: Purpose, staff: Staff, valid: timedelta, config: Config, page: str) -> tuple[str, str]:
    """Issue a ticket; return its link and a key for its mail that stays unique even if ticket numbers are reused."""
    ticket = tickets.issue(purpose, staff.id, valid)
    link = f"{config.address}/staff/{page}/{tickets.token(ticket, config.secret_key)}"
    return link, f"{purpose}:{ticket.id}:{ticket.expires_at:%Y%m%d%H%M%S%f}"

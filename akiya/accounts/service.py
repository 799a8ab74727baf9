"""Accounts: made, checked at sign-in, deactivated."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select

from akiya.accounts.models import Role, Staff
from akiya.db import db, transaction
from akiya.errors import Invalid
from akiya.municipalities.models import Municipality

_hasher = PasswordHasher()
# Checked when the address is unknown, so that both failures take the same time.
_NOBODY = _hasher.hash("nobody's password")
SHORTEST_PASSWORD = 10
DEMONSTRATION_PASSWORD = "mihon-no-akiya"  # noqa: S105  (printed on the sign-in page; refused from outside)


def create(
    email: str,
    name: str,
    password: str,
    role: Role,
    municipality_code: str | None = None,
    *,
    demonstration: bool = False,
) -> Staff:
    """A new account. Raises Invalid naming the field that is wrong."""
    email = email.strip().lower()
    errors = {}
    if "@" not in email:
        errors["email"] = f"メールアドレス「{email}」に @ がありません。name@example.jp の形で入れてください。"
    if len(password) < SHORTEST_PASSWORD:
        errors["password"] = f"パスワードは{SHORTEST_PASSWORD}文字以上にしてください。"
    if (role is Role.PREFECTURE) != (municipality_code is None):
        errors["municipality"] = "市町村の担当者には市町村コードが要り、県担当者には要りません。"
    with transaction() as session:
        if municipality_code is not None and session.get(Municipality, municipality_code) is None:
            errors["municipality"] = (
                f"市町村コード「{municipality_code}」は登録されていません。5桁のコードを確かめてください。"
            )
        if session.scalar(select(Staff.id).where(Staff.email == email)):
            errors["email"] = f"メールアドレス「{email}」は登録済みです。"
        if errors:
            raise Invalid("アカウントを作れません。" + "".join(errors.values()), errors)
        staff = Staff(
            email=email,
            name=name.strip(),
            password_hash=_hasher.hash(password),
            role=role,
            municipality_code=municipality_code,
            demonstration=demonstration,
        )
        session.add(staff)
    return staff


def authenticate(email: str, password: str, *, demonstration_allowed: bool) -> Staff | None:
    """The active account of `email` when `password` is its own; None without saying which half was wrong.

    A demonstration's account is refused unless `demonstration_allowed`.
    """
    staff = db.session.scalar(select(Staff).where(Staff.email == func.lower(email.strip())))
    try:
        _hasher.verify(staff.password_hash if staff else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    if staff is None or not staff.active or (staff.demonstration and not demonstration_allowed):
        return None
    return staff


def deactivate(email: str) -> None:
    """The account can no longer sign in. Raises Invalid when there is none."""
    with transaction() as session:
        staff = session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
        if staff is None:
            raise Invalid(f"メールアドレス「{email}」のアカウントはありません。", {"email": "登録がありません。"})
        staff.active = False

"""Passwords: stored as argon2 hashes, compared without timing differences, refused if they are easy to guess."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200
_SLOW = PasswordHasher()
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # easily guessed: for tests only
_hasher = _SLOW
# The most common ones of sufficient length in published lists of leaked passwords.
_COMMON = frozenset(
    [
        "0123456789",
        "1234567890",
        "12345678910",
        "0987654321",
        "9876543210",
        "1q2w3e4r5t",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "qwertyuiop",
        "qwerty12345",
        "qwerty123456",
        "asdfghjkl1",
        "zxcvbnm123",
        "q1w2e3r4t5",
        "password01",
        "password12",
        "password123",
        "password1234",
        "password12345",
        "passw0rd123",
        "p@ssw0rd123",
        "p@ssword123",
        "password!!",
        "passwordpassword",
        "administrator",
        "admin12345",
        "admin123456",
        "welcome123",
        "changeme123",
        "letmein123",
        "iloveyou12",
        "iloveyou123",
        "sunshine123",
        "princess123",
        "football123",
        "baseball123",
        "abcdefghij",
        "abc1234567",
        "abcd123456",
        "1234554321",
        "1122334455",
        "1212121212",
        "5555555555",
        "hello12345",
        "test123456",
        "akiyabank1",
        "akiya12345",
        "kumamoto123",
        "kumamon123",
        "sakura1234",
        "doraemon123",
        "pokemon123",
        "mihon-no-akiya",
    ]
)


def use_quick_hashes(quick: bool) -> None:
    """Use a cheap, insecure hash in this process if `quick` (for tests), otherwise the secure one."""
    global _hasher
    _hasher = _QUICK if quick else _SLOW


def made(password: str) -> str:
    """Return the argon2 hash under which a password is stored."""
    return _hasher.hash(password)


@cache
def _nobody(hasher: PasswordHasher) -> str:
    # Compared when there is no password, so that every failure takes the same time. Computed at the first sign-in and
    # not whenever a process starts: it takes as long as a sign-in.
    return hasher.hash("nobody's password")


def matches(password: str, kept: str) -> bool:
    """Return whether `password` belongs to the hash `kept`.

    An empty hash matches no password, and the answer takes as long as for any other.
    """
    nobody = _nobody(_hasher)
    try:
        _hasher.verify(kept or nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def problem(password: str, email: str) -> str | None:
    """Return why the account with this mail address may not have this password, or None if it may."""
    plain = password.strip().casefold()
    if len(password) < SHORTEST:
        return f"パスワードは{SHORTEST}文字以上にしてください。いまは{len(password)}文字です。"
    if len(password) > LONGEST:
        return f"パスワードは{LONGEST}文字までにしてください。いまは{len(password)}文字です。"
    if plain in (email.casefold(), email.partition("@")[0].casefold()):
        return "メールアドレスと同じパスワードは使えません。ほかの人が思いつかない言葉をつなげてください。"
    if plain in _COMMON or len(set(plain)) < 4:
        return "このパスワードはよく使われていて、当てられやすいものです。関係のない言葉をいくつかつなげてください。"
    return None

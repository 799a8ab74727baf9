"""Settings: read once from the environment and from a settings file, checked, and frozen."""

import contextlib
import difflib
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from akiya.errors import ConfigError

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_OWN = (
    "AKIYA_DATA", "AKIYA_SETTINGS", "AKIYA_STORAGE", "AKIYA_MEDIA_URL", "AKIYA_PREFECTURE", "AKIYA_SITE_URL", "AKIYA_HOST",
    "AKIYA_TRUSTED_PROXIES", "AKIYA_MAIL_URL", "AKIYA_MAIL_FROM",
    "AKIYA_AUDIT_MONTHS", "AKIYA_DEBUG",
)  # fmt: skip
_SHARED = ("DATABASE_URL", "SECRET_KEY", "TZ", "AWS_ENDPOINT_URL_S3")
_BEFORE_THE_FILE = ("AKIYA_DATA", "AKIYA_SETTINGS")
_DATABASES = {
    "sqlite": "sqlite", "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql+psycopg", "postgresql+psycopg": "postgresql+psycopg", "postgresql+psycopg2": "postgresql+psycopg",
}  # fmt: skip
_HOST_NAME = re.compile(r"(?=.{1,253}$)\w([\w-]{0,61}\w)?(\.\w([\w-]{0,61}\w)?)*\.?")
_PASSWORD = re.compile(r"(://[^:/@]*):.*@")
_SECRET = re.compile("KEY|SECRET|PASS|TOKEN")
_MAIL_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class Config:
    """All settings of the application, already checked."""

    data: Path
    database_url: str
    storage: str
    prefecture: str
    secret_key: str
    host: str
    site_url: str
    timezone: ZoneInfo
    mail_url: str
    mail_from: str
    s3_endpoint: str
    media_url: str
    trusted_proxies: int
    audit_months: int
    debug: bool
    # Set only by tests, never from the environment.
    testing: bool = False
    quick_password_hashes: bool = False

    @property
    def address(self) -> str:
        """Return the site's address without a trailing slash; links in mails begin with it."""
        return self.site_url.rstrip("/") or "http://127.0.0.1:8000"

    @property
    def reachable_from_outside(self) -> bool:
        """Return whether other machines can reach the server."""
        site = urlsplit(self.site_url).hostname
        return self.host not in LOOPBACK or (site is not None and site not in LOOPBACK)


def from_env(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings from `environ` (default: the process's) and from the settings file.

    The file is AKIYA_SETTINGS or else AKIYA_DATA/settings.env; a variable of the environment overrides it. Raise
    ConfigError, which names the variable, its value and the remedy, if a setting is unknown or wrong.
    """
    environ = os.environ if environ is None else environ
    for name in environ:
        if name.startswith("AKIYA_") and name not in _OWN and not name.startswith("AKIYA_TEST_"):
            raise ConfigError(f"{_told(name, environ[name])}: there is no such setting. {_nearest(name)}")
    data = Path(environ.get("AKIYA_DATA") or "var").absolute()
    values = {**_settings_file(environ.get("AKIYA_SETTINGS"), data), **environ}

    def value(name: str, default: str = "") -> str:
        return values.get(name) or default

    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"AKIYA_DATA={data}: cannot be written ({error.strerror}). Name a folder you own.") from error
    return Config(
        data=data,
        database_url=_database_url(value("DATABASE_URL"), data),
        storage=_storage(value("AKIYA_STORAGE")),
        prefecture=_prefecture(value("AKIYA_PREFECTURE", "熊本県")),
        secret_key=_secret_key(value("SECRET_KEY"), data),
        host=_host(value("AKIYA_HOST", "127.0.0.1")),
        site_url=_url("AKIYA_SITE_URL", value("AKIYA_SITE_URL"), ("http", "https")),
        timezone=timezone(value("TZ")),
        mail_url=_url("AKIYA_MAIL_URL", value("AKIYA_MAIL_URL"), ("smtp", "smtps")),
        mail_from=_mail_from(value("AKIYA_MAIL_FROM", "akiya@localhost")),
        s3_endpoint=_url("AWS_ENDPOINT_URL_S3", value("AWS_ENDPOINT_URL_S3"), ("http", "https")),
        media_url=_url("AKIYA_MEDIA_URL", value("AKIYA_MEDIA_URL"), ("http", "https")),
        trusted_proxies=_count("AKIYA_TRUSTED_PROXIES", value("AKIYA_TRUSTED_PROXIES", "0")),
        audit_months=_months(value("AKIYA_AUDIT_MONTHS", "36")),
        debug=_switch("AKIYA_DEBUG", value("AKIYA_DEBUG", "0")),
    )


def timezone(value: str) -> ZoneInfo:
    """Return the time zone of this name, Asia/Tokyo if it is empty. Raise ConfigError if there is no such zone."""
    try:
        return ZoneInfo(value.removeprefix(":") or "Asia/Tokyo")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(f"TZ={value}: no such time zone. Write a name such as Asia/Tokyo.") from error


def masked(address: str) -> str:
    """Return the address with *** in place of a password, so that it may be shown."""
    return _PASSWORD.sub(r"\1:***@", address)


def _told(name: str, value: str) -> str:
    return f"{name}=***" if _SECRET.search(name) else f"{name}={masked(value)}"


def _nearest(name: str) -> str:
    names = {known.removeprefix("AKIYA_"): known for known in (*_OWN, *_SHARED)}
    near = difflib.get_close_matches(name.removeprefix("AKIYA_"), names, n=1)
    return f"Did you mean {names[near[0]]}?" if near else f"Remove it; the settings are {', '.join(_OWN)}."


def _settings_file(name: str | None, data: Path) -> dict[str, str]:
    path = Path(name) if name else data / "settings.env"
    shown = f"AKIYA_SETTINGS={name}" if name else str(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        if name:
            raise ConfigError(f"{shown}: there is no such file. Create it or unset the variable.") from None
        return {}
    except UnicodeDecodeError as error:
        raise ConfigError(f"{shown}: not UTF-8 (byte {error.start + 1}). Save the file as UTF-8.") from error
    except OSError as error:
        raise ConfigError(f"{shown}: cannot be read ({error.strerror}). Name a file that you may read.") from error
    values = {}
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        key, equals, value = line.partition("=")
        # The same file may be read by a shell, where lines may begin with export.
        key, value = re.sub(r"^export\s+", "", key).strip(), value.strip()
        if not equals or not key.isidentifier():
            raise ConfigError(f"{path}:{number}: {line!r} is not NAME=value. Write one setting per line.")
        _check_name(key, f"{path}:{number}: {_told(key, value)}")
        values[key] = value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
    return values


def _check_name(name: str, shown: str) -> None:
    """Raise ConfigError for a name without effect. Names of other programs, such as AWS_PROFILE, are allowed."""
    if name in _BEFORE_THE_FILE:
        raise ConfigError(f"{shown}: is needed before this file is read. Set it in the environment.")
    misspelt = difflib.get_close_matches(name, (*_OWN, "DATABASE_URL", "SECRET_KEY"), n=1, cutoff=0.8)
    if name not in (*_OWN, *_SHARED) and (misspelt or name.startswith("AKIYA_")):
        raise ConfigError(f"{shown}: there is no such setting. {_nearest(name)}")


def _database_url(value: str, data: Path) -> str:
    shown = f"DATABASE_URL={masked(value)}"
    try:
        url = make_url(value or "sqlite:///akiya.sqlite")
    except ArgumentError as error:
        raise ConfigError(f"{shown}: not an address. Write postgresql://user@host/name.") from error
    except ValueError as error:
        raise ConfigError(f"{shown}: the port is not a number. Write postgresql://user@host:5432/name.") from error
    if url.drivername not in _DATABASES:
        raise ConfigError(f"{shown}: not supported. Use sqlite:///file or postgresql://user@host/name.")
    url = url.set(drivername=_DATABASES[url.drivername])
    if url.get_backend_name() == "sqlite":
        url = _sqlite_url(url, shown, data)
    elif url.port is not None and not 0 < url.port < 65536:
        raise ConfigError(f"{shown}: there is no port {url.port}. Write postgresql://user@host:5432/name.")
    return url.render_as_string(hide_password=False)


def _sqlite_url(url: URL, shown: str, data: Path) -> URL:
    """Return the address with the absolute path of its file; a relative path is resolved from `data`."""
    if url.host or not url.database or url.database.startswith((":memory:", "file:")):
        raise ConfigError(f"{shown}: names no file. Write sqlite:///name.sqlite or sqlite:////folder/name.sqlite.")
    path = data / url.database
    if path.is_dir():
        raise ConfigError(f"{shown}: {path} is a folder. Write the name of a file.")
    if not path.parent.is_dir():
        raise ConfigError(f"{shown}: there is no folder {path.parent}. Create it or name another one.")
    return url.set(database=str(path))


def _storage(value: str) -> str:
    if value in ("", "local"):
        return "local"
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "s3" or not parts.netloc:
        raise ConfigError(f"AKIYA_STORAGE={value}: not understood. Use local or s3://bucket/prefix.")
    return value


def _prefecture(value: str) -> str:
    if value[-1] not in "都道府県":
        raise ConfigError(f"AKIYA_PREFECTURE={value}: not a prefecture. Write its full Japanese name, such as 熊本県.")
    return value


def _secret_key(value: str, data: Path) -> str:
    if value:
        if len(value) < 16:
            raise ConfigError("SECRET_KEY: shorter than 16 characters. Unset it, and one is generated and stored.")
        return value
    path = data / "secret_key"
    try:
        if not path.exists():
            # Written completely under another name, then linked: two processes that start together read the same key.
            with tempfile.NamedTemporaryFile("w", dir=data) as file, contextlib.suppress(FileExistsError):
                file.write(secrets.token_urlsafe(48))
                file.flush()
                os.link(file.name, path)
        return path.read_text().strip()
    except OSError as error:
        raise ConfigError(f"AKIYA_DATA={data}: cannot be written ({error.strerror}). Name a folder you own.") from error


def _is_host(value: str) -> bool:
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(value)
        return True
    return _HOST_NAME.fullmatch(value) is not None


def _host(value: str) -> str:
    if not _is_host(value):
        raise ConfigError(
            f"AKIYA_HOST={value}: not an address. Write 127.0.0.1, 0.0.0.0 or ::1, or unset the variable."
        )
    return value


def _url(name: str, value: str, schemes: tuple[str, ...]) -> str:
    remedy = f"It starts with {' or '.join(s + '://' for s in schemes)}."
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError as error:
        raise ConfigError(f"{name}={masked(value)}: not an address. {remedy}") from error
    if value and (parts.scheme not in schemes or not _is_host(host)):
        raise ConfigError(f"{name}={masked(value)}: not an address. {remedy}")
    try:
        usable = parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigError(
            f"{name}={masked(value)}: the port is not a number from 1 to 65535. Correct it or leave it out."
        )
    return value.rstrip("/")


def _mail_from(value: str) -> str:
    if not value.isprintable() or not _MAIL_ADDRESS.fullmatch(parseaddr(value)[1]):
        raise ConfigError(f"AKIYA_MAIL_FROM={value}: not a mail address. Write one such as akiya@example.jp.")
    return value


def _count(name: str, value: str) -> int:
    if not value.isdecimal():
        raise ConfigError(f"{name}={value}: not a number. Write 0 or the number of proxies in front.")
    return int(value)


def _months(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value[:6]) <= 1200:
        raise ConfigError(f"AKIYA_AUDIT_MONTHS={value}: not a number of months. Write one from 1 to 1200.")
    return int(value)


def _switch(name: str, value: str) -> bool:
    if value not in ("0", "1"):
        raise ConfigError(f"{name}={value}: neither 0 nor 1. Write 1 to switch it on, or unset the variable.")
    return value == "1"

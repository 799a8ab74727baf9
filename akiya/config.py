"""Settings: read once from the environment and from one file, checked, and frozen."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class ConfigError(Exception):
    """A setting is missing or wrong; the text names it, its value and the remedy."""


@dataclass(frozen=True)
class Config:
    """Everything the application is told from outside."""

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
    debug: bool
    testing: bool = False

    @property
    def reachable_from_outside(self) -> bool:
        """Whether anyone but this machine can reach the server."""
        site = urlsplit(self.site_url).hostname
        return self.host not in LOOPBACK or (site is not None and site not in LOOPBACK)


def from_env(environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of `environ` (default: the process's), with AKIYA_SETTINGS or AKIYA_DATA/settings.env below it.

    A variable of the environment wins over the file. Raises ConfigError that names the variable, the value and the remedy.
    """
    environ = os.environ if environ is None else environ
    data = Path(environ.get("AKIYA_DATA") or "var").absolute()
    values = {**_settings_file(environ.get("AKIYA_SETTINGS"), data), **environ}
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"AKIYA_DATA={data}: cannot be written ({error.strerror}). Name a folder you own.") from error
    return Config(
        data=data,
        database_url=_database_url(values.get("DATABASE_URL", ""), data),
        storage=_storage(values.get("AKIYA_STORAGE", "")),
        prefecture=_prefecture(values.get("AKIYA_PREFECTURE", "熊本県")),
        secret_key=_secret_key(values.get("SECRET_KEY", ""), data),
        host=values.get("AKIYA_HOST", "127.0.0.1"),
        site_url=_url("AKIYA_SITE_URL", values.get("AKIYA_SITE_URL", ""), ("http", "https")),
        timezone=_timezone(values.get("TZ") or "Asia/Tokyo"),
        mail_url=_url("AKIYA_MAIL_URL", values.get("AKIYA_MAIL_URL", ""), ("smtp", "smtps")),
        mail_from=values.get("AKIYA_MAIL_FROM", "akiya@localhost"),
        s3_endpoint=_url("AWS_ENDPOINT_URL_S3", values.get("AWS_ENDPOINT_URL_S3", ""), ("http", "https")),
        media_url=_url("AKIYA_MEDIA_URL", values.get("AKIYA_MEDIA_URL", ""), ("http", "https")),
        trusted_proxies=_count("AKIYA_TRUSTED_PROXIES", values.get("AKIYA_TRUSTED_PROXIES", "0")),
        debug=values.get("AKIYA_DEBUG", "") not in ("", "0"),
    )


def _settings_file(name: str | None, data: Path) -> dict[str, str]:
    path = Path(name) if name else data / "settings.env"
    if not path.exists():
        if name:
            raise ConfigError(f"AKIYA_SETTINGS={name}: there is no such file. Create it or unset the variable.")
        return {}
    values = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        key, equals, value = line.partition("=")
        if not equals:
            raise ConfigError(f"{path}:{number}: {line!r} is not NAME=value. Write one setting a line.")
        values[key.strip()] = value.strip().strip('"')
    return values


def _database_url(value: str, data: Path) -> str:
    if not value:
        return f"sqlite:///{data / 'akiya.sqlite'}"
    try:
        url = make_url(value)
    except ArgumentError as error:
        raise ConfigError(f"DATABASE_URL={value}: not an address. Write postgresql://user@host/name.") from error
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ConfigError(
            f"DATABASE_URL={url.drivername}: not supported. Use sqlite:///file or postgresql://user@host/name."
        )
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def _storage(value: str) -> str:
    if value in ("", "local"):
        return "local"
    parts = urlsplit(value)
    if parts.scheme != "s3" or not parts.netloc:
        raise ConfigError(f"AKIYA_STORAGE={value}: not understood. Use local or s3://bucket/prefix.")
    return value


def _prefecture(value: str) -> str:
    if not value or value[-1] not in "都道府県":
        raise ConfigError(f"AKIYA_PREFECTURE={value}: not a prefecture. Write its full Japanese name, such as 熊本県.")
    return value


def _secret_key(value: str, data: Path) -> str:
    if value:
        if len(value) < 16:
            raise ConfigError("SECRET_KEY: shorter than 16 characters. Unset it, and one is made and kept.")
        return value
    path = data / "secret_key"
    if not path.exists():
        # Written whole under another name first: of two processes that start together, one wins and both read its key.
        with tempfile.NamedTemporaryFile("w", dir=data) as file, contextlib.suppress(FileExistsError):
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.link(file.name, path)
    return path.read_text().strip()


def _timezone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value.removeprefix(":"))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(f"TZ={value}: no such time zone. Write a name such as Asia/Tokyo.") from error


def _url(name: str, value: str, schemes: tuple[str, ...]) -> str:
    if value and (urlsplit(value).scheme not in schemes or not urlsplit(value).hostname):
        raise ConfigError(f"{name}={value}: not an address. It starts with {' or '.join(s + '://' for s in schemes)}.")
    return value.rstrip("/")


def _count(name: str, value: str) -> int:
    if not value.isdecimal():
        raise ConfigError(f"{name}={value}: not a number. Write 0 or the number of proxies in front.")
    return int(value)

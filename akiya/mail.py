"""Sending mail: to the SMTP server of the settings, or into a folder if they name none."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from akiya.config import Config

_TIMEOUT_S = 20


class NotSent(Exception):
    """The mail was not accepted. With `for_good` it never will be; otherwise it may be tried again."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


class Lost(Exception):
    """The connection ended during the transfer: nobody knows whether the server has the mail."""


def send(config: Config, to: str, subject: str, text: str) -> str:
    """Send a plain-text mail and return where it went: the server's host, or the file under AKIYA_DATA/mail.

    Raise NotSent or Lost.
    """
    with connect(config) as connection:
        connection.offer(to)
        return connection.hand_over(compose(config, to, subject, text, make_msgid(domain=_domain(config))))


def compose(config: Config, to: str, subject: str, text: str, message_id: str) -> bytes:
    """Return the complete mail as bytes. Raise NotSent for an address that cannot be used in a mail."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"], message["To"], message["Subject"] = config.mail_from, to, subject
        message["Date"], message["Message-ID"] = format_datetime(localtime()), message_id
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text, cte="base64")  # every server accepts it
        return bytes(message)
    except (ValueError, IndexError) as error:
        raise NotSent(_UNUSABLE, for_good=True) from error


def message_id(config: Config, name: str) -> str:
    """Return the Message-ID of the mail called `name`: always the same, so that a repeated mail is recognised."""
    return f"<{name}@{_domain(config)}>"


class Server:
    """A connected SMTP server: `offer` asks whether it accepts mail for an address, `hand_over` sends the mail."""

    def __init__(self, client: smtplib.SMTP, sender: str, host: str) -> None:
        self.client, self.sender, self.host = client, sender, host

    def offer(self, to: str) -> None:
        """Ask the server to accept a mail to `to`, in place of any offered before. Raise NotSent if it refuses."""
        try:
            self.client.rset()
            for answer in (self.client.mail(self.sender), self.client.rcpt(to)):
                _require(answer)
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(f"メールサーバーとの接続が切れました（{error}）。") from error
        except ValueError as error:
            raise NotSent(_UNUSABLE, for_good=True) from error

    def hand_over(self, mail: bytes) -> str:
        """Send the mail that was offered and return the server's host. Raise NotSent or Lost."""
        try:
            _require(self.client.data(mail))
        except smtplib.SMTPDataError as error:
            _require((error.smtp_code, error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            raise Lost(str(error)) from error
        return self.host


class Folder:
    """A folder that accepts every mail, in place of a server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def offer(self, to: str) -> None:
        """Create the folder if necessary; every address is accepted."""
        self.folder.mkdir(exist_ok=True)

    def hand_over(self, mail: bytes) -> str:
        """Write the mail to a file and return its path. Raise NotSent if it cannot be written.

        The file is named after the Message-ID, so that the same mail is there only once.
        """
        name = next(line for line in mail.decode("ascii").splitlines() if line.lower().startswith("message-id:"))
        path = (
            self.folder
            / f"{''.join(c for c in name.partition('<')[2].partition('@')[0] if c.isalnum() or c in '-.')}.eml"
        )
        try:
            path.write_bytes(mail)
        except OSError as error:
            raise NotSent(f"AKIYA_DATA/mail に書けません（{error.strerror}）。") from error
        return str(path)


@contextmanager
def connect(config: Config) -> Iterator[Server | Folder]:
    """Yield the configured server, connected and signed in, or the folder if none is configured. Raise NotSent."""
    if not config.mail_url:
        yield Folder(config.data / "mail")
        return
    server = urlsplit(config.mail_url)
    try:
        client = _connected(server.scheme, server.hostname or "", server.port)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"メールサーバーにつながりません（{error}）。") from error
    try:
        try:
            client.ehlo_or_helo_if_needed()
            if server.username:
                if server.scheme == "smtp":
                    client.starttls(context=ssl.create_default_context())
                client.login(unquote(server.username), unquote(server.password or ""))
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(f"メールサーバーが受け付けません（{error}）。") from error
        yield Server(client, parseaddr(config.mail_from)[1], server.hostname or "")
    finally:
        with suppress(OSError, smtplib.SMTPException):
            client.quit()
        client.close()


_UNUSABLE = "この宛先はメールアドレスとして使えません。アカウントのメールアドレスを確かめてください。"


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=_TIMEOUT_S, context=ssl.create_default_context())
    return smtplib.SMTP(host, port or 25, timeout=_TIMEOUT_S)


def _require(answer: tuple[int, bytes | str]) -> None:
    code, words = answer
    if 200 <= code < 300:
        return
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    raise NotSent(f"メールサーバーの返事：{code} {' '.join(text.split())}", for_good=code >= 500)


def _domain(config: Config) -> str:
    return parseaddr(config.mail_from)[1].rpartition("@")[2]

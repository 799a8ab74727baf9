"""Sending mail: by SMTP where the settings name a server, otherwise into a folder."""

import secrets
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from akiya.config import Config


def send(config: Config, to: str, subject: str, text: str) -> str:
    """Sends a plain text and returns where it went: the server's host, or the file under AKIYA_DATA/mail.

    Raises OSError or smtplib.SMTPException when the server does not take it.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = config.mail_from, to, subject
    message.set_content(text)
    if not config.mail_url:
        folder = config.data / "mail"
        folder.mkdir(exist_ok=True)
        path = folder / f"{secrets.token_hex(8)}.eml"
        path.write_bytes(bytes(message))
        return str(path)
    server = urlsplit(config.mail_url)
    host = server.hostname or ""
    if server.scheme == "smtps":
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            host, server.port or 465, timeout=20, context=ssl.create_default_context()
        )
    else:
        client = smtplib.SMTP(host, server.port or 25, timeout=20)
    with client:
        if server.username:
            if server.scheme == "smtp":
                client.starttls(context=ssl.create_default_context())
            client.login(unquote(server.username), unquote(server.password or ""))
        client.send_message(message)
    return host

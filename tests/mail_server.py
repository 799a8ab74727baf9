"""A real SMTP server for tests, with answers that the test sets."""

import asyncio
import email
import socket
from email import policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller


class MailServer:
    """Keeps the received messages. `answers` holds its other answers by (RCPT or DATA, address)."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.answers: dict[tuple[str, str], str] = {}
        self.hang_up_on: set[str] = set()
        self.pause_s: float = 0
        self.busy = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=port)
        self.url = f"smtp://127.0.0.1:{port}"

    def __enter__(self) -> "MailServer":
        self.controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.controller.stop()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Return the reply to a recipient: the one planned in `answers`, else that it is accepted."""
        answer = self.answers.get(("RCPT", address))
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the mail and return the reply, or hang up or refuse it as planned for its recipient."""
        self.busy += 1
        try:
            to = envelope.rcpt_tos[0]
            if to in self.hang_up_on:
                server.transport.abort()
                return "421 gone"
            await asyncio.sleep(self.pause_s)
            if ("DATA", to) in self.answers:
                return self.answers["DATA", to]
            message = email.message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.received.append(message)
            return "250 OK"
        finally:
            self.busy -= 1

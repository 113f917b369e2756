"""A mail server on loopback that keeps what it is sent."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from tests.browser.product import free_ports


@dataclass
class Mailbox:
    """Everything that was delivered, in order, and where the server listens."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """Keep one mail."""
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    def latest_to(self, address: str, *, subject: str = "", holding: str = "", within_s: float = 60) -> EmailMessage:
        """The newest mail to an address, with these words in its subject; waits, since mail leaves from the worker."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            for mail in reversed(self.mails):
                if address in str(mail["To"]) and subject in str(mail["Subject"]) and holding in mail.as_string():
                    return mail
            time.sleep(0.1)
        raise AssertionError(
            f"No mail to {address} within {within_s} s; there are {[str(m['To']) for m in self.mails]}"
        )


def link_in(mail: EmailMessage) -> str:
    """The link to join that a mail carries."""
    body = mail.get_body(("html", "plain"))
    assert body is not None
    found = re.search(r"https?://[^\s\"'<>]+/join/[^\s\"'<>]+", body.get_content())
    assert found is not None, "The mail carries no link to join."
    return found.group()


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Serve on a free port of loopback until the block ends."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    mailbox = Mailbox(free_ports(1)[0])
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()

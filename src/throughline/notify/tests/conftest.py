"""A real SMTP server on the loopback address, and one that refuses."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


@dataclass
class Post:
    """What the server took, and what it shall answer."""

    host: str = "127.0.0.1"
    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    answer: str = "250 taken"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answer.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=default))
        return self.answer

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"open sesame", handled=False)


@pytest.fixture
def post() -> Iterator[Post]:
    """A server that takes mail without a sign-in, and checks one when it is offered."""
    box = Post()
    with socket.socket() as probe:
        probe.bind((box.host, 0))
        box.port = probe.getsockname()[1]
    controller = Controller(
        box, hostname=box.host, port=box.port, authenticator=box.authenticate, auth_require_tls=False
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@pytest.fixture
def real_mail(settings: Any) -> None:
    """The product's own mail backend instead of the one that keeps mail in memory."""
    settings.EMAIL_BACKEND = "throughline.notify.mail.OrganisationMailBackend"

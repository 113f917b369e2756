"""Outgoing mail through the organisation's own server."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formataddr, formatdate, make_msgid, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from throughline.access.outgoing import MailFailed, NoMailServer, header_text
from throughline.access.selectors import organisation_ids_of_addresses
from throughline.kernel.errors import ScopeError
from throughline.kernel.scoping import across_orgs, current_org_id
from throughline.notify.models import MailServer
from throughline.notify.sealing import SealBroken, unseal

# Long enough for a slow server, short enough for somebody who waits for the page.
TIMEOUT_SECONDS = 15


def connection_of(server: MailServer) -> EmailBackend:
    """An SMTP connection to a server as it is set up."""
    try:
        password = unseal(server.password_sealed)
    except SealBroken as error:
        raise MailFailed(str(error)) from error
    return EmailBackend(
        host=server.host,
        port=server.port,
        username=server.user_name,
        password=password,
        use_tls=server.security == "starttls",
        use_ssl=server.security == "tls",
        timeout=TIMEOUT_SECONDS,
        fail_silently=False,
    )


def dressed(message: EmailMessage, server: MailServer) -> EmailMessage:
    """The same message from the server's sender, with a date and an identity of this installation's
    own name.
    """
    message.from_email = formataddr((header_text(server.from_name or "Throughline"), server.from_address))
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    message.extra_headers.setdefault("Message-ID", make_msgid(domain=host))
    message.extra_headers.setdefault("Date", formatdate(localtime=False, usegmt=True))
    # Out-of-office replies to a machine help nobody.
    message.extra_headers.setdefault("Auto-Submitted", "auto-generated")
    return message


class OrganisationMailBackend(BaseEmailBackend):
    """Sends each message through the server of the organisation in scope.

    Account mail (a new password) belongs to no organisation: it goes through one that its reader is a
    member of. Raises `NoMailServer` when there is none.
    """

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = 0
        for message in email_messages:
            server = _server_for(message)
            if server is None:
                raise NoMailServer()
            sent += connection_of(server).send_messages([dressed(message, server)]) or 0
        return sent


def _server_for(message: EmailMessage) -> MailServer | None:
    try:
        current_org_id()
    except ScopeError:
        return _server_of_reader(message)
    return MailServer.objects.first()


def _server_of_reader(message: EmailMessage) -> MailServer | None:
    addresses = [parseaddr(address)[1].lower() for address in message.to]
    with across_orgs(reason="account mail belongs to no organisation; any server of its reader's may carry it"):
        servers = MailServer.objects.filter(org__in=organisation_ids_of_addresses(addresses))
        return servers.order_by("id").first()

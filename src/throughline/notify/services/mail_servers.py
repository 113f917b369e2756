"""Setting up the organisation's outgoing mail."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.mail import EmailMessage
from django.db import transaction

from throughline.access.outgoing import MAIL_ERRORS, MailFailed, header_text
from throughline.access.services.accounts import email_checked
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record
from throughline.notify import policies
from throughline.notify.events import MailServerChanged, MailServerRemoved
from throughline.notify.mail import connection_of, dressed
from throughline.notify.models import MailServer
from throughline.notify.sealing import seal
from throughline.notify.smtp_words import smtp_words

SECURITIES = ("starttls", "tls", "none")
_HOST = re.compile(r"^(?=.{1,200}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$|^\[?[0-9a-f:.]+\]?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailServerGiven:
    """A mail server as somebody sets it up. `password` None keeps the one that is stored."""

    host: str
    port: int
    security: str
    user_name: str
    password: str | None
    from_address: str
    from_name: str


@transaction.atomic
def mail_server_set(*, actor: Actor, given: MailServerGiven) -> MailServer:
    """Set up or change the organisation's mail server. The password is stored encrypted and never
    shown again.
    """
    policies.can_run_mail(actor).require()
    problems = _problems(given)
    if problems:
        raise Invalid(problems)
    server = MailServer.objects.select_for_update().first() or MailServer(org_id=actor.org_id)
    is_elsewhere = (server.host, server.port, server.user_name) != (given.host, given.port, given.user_name)
    if given.password is None and is_elsewhere and server.password_sealed:
        # Else whoever may change the host could have the stored password sent to a server of their own.
        raise Invalid({"password": "Enter the password again: server or user name changed."})
    server.host, server.port, server.security = given.host, given.port, given.security
    server.user_name, server.from_address = given.user_name, given.from_address.strip().lower()
    server.from_name = header_text(given.from_name)[:120]
    if given.password is not None:
        server.password_sealed = seal(given.password)
    server.tested_at = None
    server.save()
    event_record(actor, MailServerChanged(), subject=SubjectRef("access.organisation", actor.org_id))
    return server


@transaction.atomic
def mail_server_remove(*, actor: Actor) -> None:
    """Stop sending mail."""
    policies.can_run_mail(actor).require()
    deleted, _ = MailServer.objects.all().delete()
    if deleted:
        event_record(actor, MailServerRemoved(), subject=SubjectRef("access.organisation", actor.org_id))


def mail_server_test(*, actor: Actor, to: str) -> MailServer:
    """Send a test mail now; raises `MailFailed` with words for people when it does not go out."""
    policies.can_run_mail(actor).require()
    plain = email_checked(to, field="to")
    server = MailServer.objects.first()
    if server is None:
        raise Invalid({"to": "Save the mail server first, then test it."})
    message = EmailMessage(
        header_text(f"A test from {actor.org_name} on Throughline"),
        f"Mail works. {actor.name} sent this to try it.\n",
        to=[plain],
    )
    try:
        connection_of(server).send_messages([dressed(message, server)])
    except MAIL_ERRORS as error:
        words = smtp_words(error, host=server.host, port=server.port, security=server.security)
        raise MailFailed(words) from error
    server.tested_at = now()
    server.save(update_fields=["tested_at"])
    return server


def _problems(given: MailServerGiven) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not _HOST.match(given.host):
        problems["host"] = "Write the server's name, such as smtp.example.org, without spaces or https://."
    if not 1 <= given.port <= 65535:
        problems["port"] = "A port is a number from 1 to 65535; 587 is usual."
    if given.security not in SECURITIES:
        problems["security"] = "Choose STARTTLS, TLS or none."
    if given.password and not given.user_name:
        problems["user_name"] = "A password needs a user name."
    if given.password and given.security == "none" and given.host not in ("localhost", "127.0.0.1", "::1"):
        problems["security"] = "A password would travel unencrypted; choose STARTTLS or TLS."
    if len(given.user_name) > 200:
        problems["user_name"] = f"The user name has {len(given.user_name)} characters; keep it within 200."
    try:
        email_checked(given.from_address, field="from_address")
    except Invalid as error:
        problems |= {field: words[0] for field, words in error.problems.items()}
    return problems

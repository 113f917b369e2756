"""The organisation's mail server."""

from __future__ import annotations

from throughline.kernel.actor import Actor
from throughline.notify.models import MailServer
from throughline.notify.policies import can_run_mail


def mail_server_of(actor: Actor) -> MailServer | None:
    """The mail server, for an administrator; None while there is none. The password stays sealed."""
    can_run_mail(actor).require()
    return MailServer.objects.first()


def has_mail_server(actor: Actor) -> bool:
    """Whether mail is set up; anybody may know."""
    return MailServer.objects.exists()

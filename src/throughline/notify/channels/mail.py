"""E-mail through the organisation's server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from throughline.access.outgoing import MAIL_ERRORS, MailFailed, absolute_url, header_text
from throughline.notify.channels import Address, Telling
from throughline.notify.models import MailServer
from throughline.notify.rules import DIGEST, NOW, OFF


class MailChannel:
    """One mail at once, or the day's together in the morning."""

    key = "mail"
    label = "E-mail"
    paces: tuple[str, ...] = (NOW, DIGEST, OFF)
    # Mail for everything that asks something of a person at once; the rest in the daily digest.
    default_paces: Mapping[str, str] = {"asked": NOW, "told": DIGEST, "reminder": NOW}
    is_kept = False

    def is_ready(self) -> bool:
        return MailServer.objects.exists()

    def deliver(self, to: Address, tellings: Sequence[Telling], *, is_digest: bool) -> None:
        message = mail_about(to, tellings, is_digest=is_digest)
        try:
            message.send()
        except MAIL_ERRORS as error:
            raise MailFailed(header_text(str(error))) from error


def mail_about(to: Address, tellings: Sequence[Telling], *, is_digest: bool) -> EmailMultiAlternatives:
    """The mail that tells these things, in plain text with simple HTML beside it."""
    reader = to.reader
    preferences_url = absolute_url(reverse("settings:notifications", args=[reader.org_slug]))
    context = {
        "name": reader.name,
        "org_name": reader.org_name,
        "tellings": [(telling.sentence, absolute_url(telling.url)) for telling in tellings],
        "is_digest": is_digest,
        "preferences_url": preferences_url,
        "inbox_url": absolute_url(reverse("notify:inbox", args=[reader.org_slug])),
    }
    subject = f"{reader.org_name}: {len(tellings)} new for you" if len(tellings) > 1 else tellings[0].sentence
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    last = max(telling.notification_id for telling in tellings)
    headers = {
        # The same for a repeated attempt, so that a server that took the first one drops the second.
        "Message-ID": f"<notification.{reader.org_id}.{last}.{'digest' if is_digest else 'now'}@{host}>",
        "List-Unsubscribe": f"<{preferences_url}>",
    }
    message = EmailMultiAlternatives(
        header_text(subject),
        render_to_string("notify/mail/notice.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [to.email],
        headers=headers,
    )
    message.attach_alternative(render_to_string("notify/mail/notice.html", context), "text/html")
    return message


ENTRY = MailChannel()

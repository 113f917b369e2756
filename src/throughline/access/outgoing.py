"""Mail that access sends: invitations and account mail. How it travels is the mail backend's business
(notify).
"""

from __future__ import annotations

import re
import smtplib
import ssl

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from throughline.kernel.errors import ThroughlineError

_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


class NoMailServer(ThroughlineError):
    """The organisation has not set up mail."""

    def __init__(self) -> None:
        super().__init__("No mail server is set up. An administrator can do it under Settings, Mail.")


class MailFailed(ThroughlineError):
    """The mail server did not take the message; the sentence says why and what to try."""


MAIL_ERRORS = (smtplib.SMTPException, OSError, ssl.SSLError)


def header_text(text: str) -> str:
    """Text fit for a mail header: one line, no control characters, not longer than readers show."""
    return " ".join(_BREAKS.sub(" ", text).split())[:200]


def absolute_url(path: str) -> str:
    """The full address of a path of ours, as people outside a request need it."""
    return f"{settings.PUBLIC_URL}{path}"


def mail_send(template: str, to: str, *, subject: str, context: dict[str, object]) -> None:
    """Send `<template>.txt` with `<template>.html` beside it; raises `NoMailServer` or `MailFailed`."""
    words = {"public_url": settings.PUBLIC_URL, **context}
    message = EmailMultiAlternatives(
        header_text(subject), render_to_string(f"{template}.txt", words), settings.DEFAULT_FROM_EMAIL, [to]
    )
    message.attach_alternative(render_to_string(f"{template}.html", words), "text/html")
    try:
        message.send()
    except MAIL_ERRORS as error:
        raise MailFailed(f"The mail server refused: {header_text(str(error))}") from error

"""How the sign-in library behaves here: nobody signs up by themselves; accounts come from invitations."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.urls import reverse

from throughline.access.models import Account
from throughline.access.outgoing import MAIL_ERRORS, NoMailServer, absolute_url, header_text

log = logging.getLogger(__name__)

# One office is one address to us: this stops a flood, while axes locks the single account that is being
# guessed.
FAILURES_PER_ADDRESS = "60/m/ip"
STARTS_PER_ADDRESS = "10/m/ip"


class AccountAdapter(DefaultAccountAdapter):
    """Closes open sign-up, tells axes whose sign-in failed, and mails through the organisation's server."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        config = {"login_failed": FAILURES_PER_ADDRESS}
        usage = ratelimit.consume(request, app="allauth.account", action="login_failed", config=config)
        if not usage:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage = usage

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        # axes counts failures by the credential named in AXES_USERNAME_FORM_FIELD; allauth sends
        # only "email".
        email = str(credentials.get("email", "")).strip().lower()
        found: Account | None = super().authenticate(request, **{**credentials, "login": email})
        return found

    def reauthenticate(self, user: Account, password: str) -> bool:
        found = self.authenticate(allauth_context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def get_reset_password_from_key_url(self, key: str) -> str:
        # From the configured address, never from the request's Host header: this link carries a secret.
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return absolute_url(path.replace("UID-KEY", key))

    def format_email_subject(self, subject: str) -> str:
        return header_text(str(subject))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # The page answers the same whether the address is known or the mail goes out: it must not
        # tell who has an
        # account. Whoever runs the installation reads the reason here, without the address.
        try:
            super().send_mail(template_prefix, email, context)
        except (NoMailServer, *MAIL_ERRORS) as error:
            log.warning("Account mail %s was not sent: %s", template_prefix, header_text(str(error)))


def start_is_limited(request: HttpRequest) -> bool:
    """Whether this address has tried to start organisations too often in the last minute."""
    config = {"start": STARTS_PER_ADDRESS}
    return not ratelimit.consume(request, app="throughline", action="start", config=config)

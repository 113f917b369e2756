"""Accounts: making one, and ending its sessions."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F

from throughline.access.models import Account
from throughline.kernel.errors import Invalid


def email_checked(email: str, *, field: str = "email") -> str:
    """The address in the form it is stored in; raises `Invalid` on `field` when it is none."""
    plain = email.strip().lower()
    try:
        validate_email(plain)
    except ValidationError:
        raise Invalid({field: "This is not an e-mail address; write it as name@example.org."}) from None
    if len(plain) > 254:
        raise Invalid({field: "This e-mail address is longer than any mail server takes (254 characters)."})
    return plain


def password_problems(password: str, *, email: str, name: str) -> list[str]:
    """Why a password is not taken, in sentences; empty when it is."""
    try:
        validate_password(password, Account(email=email, name=name))
    except ValidationError as error:
        return list(error.messages)
    return []


@transaction.atomic
def account_create(*, email: str, name: str, password: str) -> Account:
    """A new account that can sign in; the address must be free and the password good enough."""
    plain = email_checked(email)
    problems: dict[str, list[str]] = {}
    if not name.strip():
        problems["name"] = ["Write the name that others will see."]
    if Account.objects.filter(email=plain).exists():
        problems["email"] = ["There is an account with this address already; sign in with it first."]
    if words := password_problems(password, email=plain, name=name):
        problems["password"] = words
    if problems:
        raise Invalid(problems)
    return Account.objects.create_user(plain, password, name=name.strip()[:120])


@transaction.atomic
def sessions_end_everywhere(*, account: Account) -> Account:
    """End every session of the account, on every device; the caller keeps its own by renewing the
    session's hash.
    """
    Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)
    account.refresh_from_db(fields=["session_epoch"])
    return account

"""Organisations, accounts and what ties them together."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from throughline.kernel.models import Confidentiality, OrgModel

slug_validator = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$",
    "Use 1 to 50 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.",
)


class Organisation(models.Model):
    """One organisation of the installation; the slug stands in every address of its pages."""

    confidentiality = Confidentiality.OPEN

    name = models.CharField(max_length=120)
    slug = models.CharField(max_length=50, unique=True, validators=[slug_validator])
    time_zone = models.CharField(max_length=60, default="UTC")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Creates accounts; e-mail addresses are compared without regard to case."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> Account:
        """A new account; without a password it cannot sign in until one is set by invitation or reset."""
        account = self.model(email=self.normalize_email(email).lower(), **extra)
        account.set_password(password)
        account.save()
        return account


class Account(AbstractBaseUser):
    """A way to sign in, which may belong to several organisations."""

    confidentiality = Confidentiality.SYSTEM

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    # Raised to end every session of the account at once ("sign out everywhere").
    session_epoch = models.PositiveIntegerField(default=0)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_once")]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_session_auth_hash(self) -> str:
        return salted_hmac(
            "throughline.access.session", f"{self.password}:{self.session_epoch}", algorithm="sha256"
        ).hexdigest()


class Membership(OrgModel):
    """An account's place in an organisation: which person it is there, and in which roles."""

    confidentiality = Confidentiality.OPEN

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, related_name="membership")
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "account"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.account_id} in {self.org_id}"


class Share(OrgModel):
    """One subject shared with one guest."""

    confidentiality = Confidentiality.OPEN

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    shared_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "person", "subject_kind", "subject_id"], name="share_once")
        ]
        indexes = [models.Index(fields=["org", "subject_kind", "subject_id"], name="share_subject")]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id} with {self.person_id}"


class Invitation(OrgModel):
    """A link by which somebody joins; only the hash of its secret is kept."""

    confidentiality = Confidentiality.PRIVATE

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, null=True, related_name="+")
    roles = models.JSONField(default=list)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    # Why the mail could not be sent, in a sentence; "" when it was, or when no mail is set up.
    mail_problem = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["org", "-id"], name="invitation_list")]

    def __str__(self) -> str:
        return self.email


class ApiToken(OrgModel):
    """A secret by which a program acts as a person; only its hash is kept."""

    confidentiality = Confidentiality.PRIVATE

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    can_write = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["org", "membership", "-id"], name="token_list")]

    def __str__(self) -> str:
        return self.name


class OnceKey(OrgModel):
    """A write that happened, so that its repetition (double click, retry) has no second effect. Purged
    after a day.
    """

    confidentiality = Confidentiality.SYSTEM

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    # Method, path and body: the same key with another request is refused.
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "person", "key"], name="once_key_once")]

    def __str__(self) -> str:
        return self.key

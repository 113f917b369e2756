"""Keeping a password that must be used again: encrypted with a key derived from the installation's secret."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBroken(Exception):
    """The installation's secret is not the one this was sealed with."""


def _box() -> Fernet:
    # A purpose of its own, so that this key opens nothing else that is derived from the same secret.
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"throughline.notify.mail_password")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))


def seal(text: str) -> str:
    """Encrypted text; "" stays ""."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text again; raises `SealBroken` when the secret changed or the value was damaged."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken(
            "The stored mail password cannot be read with this installation's secret; enter it again under "
            "Settings, Mail."
        ) from None

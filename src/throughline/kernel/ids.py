"""Names for things: subject references, random secrets and their hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class SubjectRef:
    """One thing of the product by kind ("goals.goal") and number. Kinds are `<app>.<noun>`."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> SubjectRef:
        """Read what `str` wrote; raise ValueError for anything else."""
        kind, separator, number = text.rpartition(":")
        if not separator or "." not in kind or not number.isdecimal():
            raise ValueError(f"“{text}” is not a subject; write it as app.noun:number.")
        return cls(kind, int(number))


def secret_new(size_bytes: int = 24) -> str:
    """A random secret in URL-safe text; only its hash is ever stored."""
    return secrets.token_urlsafe(size_bytes)


def secret_hash(secret: str) -> str:
    """SHA-256 of a random secret, hex. For secrets of full entropy only, never for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_matches(secret: str, stored_hash: str) -> bool:
    """Whether a secret belongs to a stored hash, in constant time."""
    return hmac.compare_digest(secret_hash(secret), stored_hash)

"""The codes of an authenticator app: RFC 6238 with SHA-1, six digits and thirty seconds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

PERIOD_S = 30


def code_at(secret: str, moment: float) -> str:
    """The six digits that an authenticator shows at a moment (seconds since 1970)."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(moment) // PERIOD_S)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def code_now(secret: str) -> str:
    """The code of this moment."""
    return code_at(secret, time.time())

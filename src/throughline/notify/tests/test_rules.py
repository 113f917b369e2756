from __future__ import annotations

import smtplib
import ssl
from datetime import UTC, datetime

import pytest

from throughline.notify.rules import MOST_ATTEMPTS, next_digest_at, wait_after
from throughline.notify.sealing import SealBroken, seal, unseal
from throughline.notify.smtp_words import smtp_words


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        (datetime(2026, 11, 21, 6, 0, tzinfo=UTC), "UTC", datetime(2026, 11, 21, 7, 30, tzinfo=UTC)),
        (datetime(2026, 11, 21, 7, 30, tzinfo=UTC), "UTC", datetime(2026, 11, 22, 7, 30, tzinfo=UTC)),
        (datetime(2026, 11, 21, 23, 0, tzinfo=UTC), "Asia/Tokyo", datetime(2026, 11, 22, 22, 30, tzinfo=UTC)),
        (
            datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
            "America/New_York",
            datetime(2026, 11, 21, 12, 30, tzinfo=UTC),
        ),
        # The night the clocks change in Paris: half past seven is half past seven.
        (datetime(2026, 3, 28, 20, 0, tzinfo=UTC), "Europe/Paris", datetime(2026, 3, 29, 5, 30, tzinfo=UTC)),
        (datetime(2026, 11, 21, 6, 0, tzinfo=UTC), "Mars/Base", datetime(2026, 11, 21, 7, 30, tzinfo=UTC)),
    ],
)
def test_the_digest_comes_at_half_past_seven_where_the_reader_is(
    moment: datetime, zone: str, expected: datetime
) -> None:
    assert next_digest_at(moment, zone) == expected


def test_each_failure_waits_longer_than_the_one_before() -> None:
    waits = [wait_after(attempt) for attempt in range(1, MOST_ATTEMPTS)]
    assert waits == sorted(set(waits))
    assert wait_after(50) == waits[-1]


def test_a_sealed_password_opens_only_with_the_same_secret(settings) -> None:
    sealed = seal("open sesame")
    assert "sesame" not in sealed
    assert unseal(sealed) == "open sesame"
    settings.SECRET_KEY = "another secret of another installation"
    with pytest.raises(SealBroken, match="enter it again"):
        unseal(sealed)


def test_no_password_is_no_secret() -> None:
    assert seal("") == unseal("") == ""


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 no"), "user name and password"),
        (
            smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."),
            "does not offer STARTTLS",
        ),
        (smtplib.SMTPSenderRefused(550, b"not yours", "a@example.org"), "may send for"),
        (smtplib.SMTPRecipientsRefused({"b@example.org": (550, b"unknown")}), "refuses to deliver"),
        (ssl.SSLError("wrong version"), "agree on encryption"),
        (ConnectionRefusedError(), "Check the port"),
        (TimeoutError(), "firewall"),
        (smtplib.SMTPServerDisconnected("gone"), "closed the connection"),
        (smtplib.SMTPDataError(554, b"spam"), "554"),
    ],
)
def test_every_refusal_of_a_server_is_put_in_words(error: Exception, hint: str) -> None:
    words = smtp_words(error, host="smtp.example.org", port=587, security="starttls")
    assert hint in words
    assert "smtp.example.org:587" in words

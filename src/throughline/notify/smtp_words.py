"""What a mail server's refusal means, in words and with what to try. Pure."""

from __future__ import annotations

import smtplib
import socket
import ssl


def smtp_words(error: Exception, *, host: str, port: int, security: str) -> str:
    """A sentence for whoever sets up mail."""
    where = f"{host}:{port}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return (
            f"{where} did not accept the user name and password. Many providers want a password made for "
            f"applications instead of your own. It said: {_said(error.smtp_error)}"
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        if "STARTTLS" in str(error):
            return f"{where} does not offer STARTTLS. Choose TLS (port 465), or none on a trusted network."
        return f"{where} does not offer what was asked: {error}. Leave the user name empty if it needs none."
    if isinstance(error, smtplib.SMTPSenderRefused):
        return (
            f"{where} refuses mail from {error.sender}. Use an address that this server may send for. "
            f"It said: {_said(error.smtp_error)}"
        )
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = next(iter(error.recipients.values()), (0, b""))[1]
        return f"{where} refuses to deliver to this address. It said: {_said(said)}"
    if isinstance(error, ssl.SSLError) or (isinstance(error, OSError) and "SSL" in type(error).__name__):
        hint = "STARTTLS on port 587" if security == "tls" else "TLS on port 465"
        return f"{where} and we could not agree on encryption. Try {hint}. Detail: {error}"
    if isinstance(error, socket.gaierror):
        return f"There is no server called {host}. Check the spelling of the host name."
    if isinstance(error, ConnectionRefusedError):
        return f"Nothing answers at {where}. Check the port: 587 for STARTTLS, 465 for TLS, 25 inside a network."
    if isinstance(error, TimeoutError):
        return f"{where} did not answer in time. A firewall may be in between, or the port is another one."
    if isinstance(error, smtplib.SMTPServerDisconnected):
        hint = "Choose TLS if the port is 465." if security != "tls" else "Choose STARTTLS if the port is 587."
        return f"{where} closed the connection. {hint}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{where} refused: {_said(error.smtp_error)} (code {error.smtp_code})."
    return f"{where} could not be used: {error}."


def _said(text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return " ".join(words.split())[:200]

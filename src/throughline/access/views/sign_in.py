"""The sign-in library's forms with our answer to errors: 422 with the form kept, never 200.

They lie at the library's own addresses (`access/urls.py` comes first), so its links and redirects reach them.
"""

from __future__ import annotations

from typing import Any

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.totp import views as totp_views
from django.http import HttpResponse


class AnswersErrors:
    """A form view of the library that answers 422 when the form was not taken."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # mixed in before a form view, which has it
        if response.status_code == 200:
            response.status_code = 422
        return response


class LoginView(AnswersErrors, account_views.LoginView):
    pass


class PasswordChangeView(AnswersErrors, account_views.PasswordChangeView):
    pass


class PasswordResetView(AnswersErrors, account_views.PasswordResetView):
    pass


class PasswordResetFromKeyView(AnswersErrors, account_views.PasswordResetFromKeyView):
    pass


class ReauthenticateView(AnswersErrors, account_views.ReauthenticateView):
    pass


class SecondStepView(AnswersErrors, mfa_views.AuthenticateView):
    pass


class SecondReauthenticateView(AnswersErrors, mfa_views.ReauthenticateView):
    pass


class ActivateTotpView(AnswersErrors, totp_views.ActivateTOTPView):
    pass

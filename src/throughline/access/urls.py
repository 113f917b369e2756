"""Addresses outside any organisation: welcome, create an organisation, accept an invitation."""

from __future__ import annotations

from django.urls import path, re_path

from throughline.access.views import account, joining, sign_in, welcome

app_name = "access"
urlpatterns = [
    path("", welcome.welcome, name="welcome"),
    path("start/", welcome.start, name="start"),
    path("join/<str:secret>/", joining.join, name="join"),
    path("accounts/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    # The library's own addresses, answered by us.
    path("accounts/login/", sign_in.LoginView.as_view(), name="login"),
    path("accounts/password/change/", sign_in.PasswordChangeView.as_view(), name="password_change"),
    path("accounts/password/reset/", sign_in.PasswordResetView.as_view(), name="password_reset"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in.PasswordResetFromKeyView.as_view(),
        name="password_reset_from_key",
    ),
    path("accounts/reauthenticate/", sign_in.ReauthenticateView.as_view(), name="reauthenticate"),
    path("accounts/2fa/authenticate/", sign_in.SecondStepView.as_view(), name="second_step"),
    path(
        "accounts/2fa/reauthenticate/",
        sign_in.SecondReauthenticateView.as_view(),
        name="second_reauthenticate",
    ),
    path("accounts/2fa/totp/activate/", sign_in.ActivateTotpView.as_view(), name="activate_totp"),
    path("accounts/email/", account.email_closed, name="email_closed"),
    path("accounts/confirm-email/", account.email_closed, name="email_confirmation_closed"),
    path("accounts/confirm-email/<str:key>/", account.email_closed, name="email_key_closed"),
]

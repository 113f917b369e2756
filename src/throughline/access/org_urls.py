"""Addresses of an organisation's settings, below `/o/<org>/settings/`."""

from __future__ import annotations

from django.urls import include, path

from throughline.access.settings_pages import settings_url_modules
from throughline.access.views import invitations, members, settings, shares, tokens

app_name = "settings"
urlpatterns = [
    path("", settings.overview, name="overview"),
    path("organisation/", settings.organisation, name="organisation"),
    path("security/", settings.security, name="security"),
    path("members/", members.member_list, name="members"),
    path("members/<int:membership_id>/", members.member, name="member"),
    path("members/<int:membership_id>/end/", members.member_end, name="member_end"),
    path("members/<int:membership_id>/reactivate/", members.member_reactivate, name="member_reactivate"),
    path("invitations/", invitations.invitation_list, name="invitations"),
    path("invitations/new/", invitations.invitation_new, name="invitation_new"),
    path("invitations/<int:invitation_id>/resend/", invitations.invitation_again, name="invitation_resend"),
    path("invitations/<int:invitation_id>/revoke/", invitations.invitation_end, name="invitation_revoke"),
    path("guests/", shares.share_list, name="shares"),
    path("guests/new/<str:kind>/<int:subject_id>/", shares.share_new, name="share_new"),
    path("guests/<int:share_id>/end/", shares.share_close, name="share_end"),
    path("tokens/", tokens.token_list, name="tokens"),
    path("tokens/new/", tokens.token_new, name="token_new"),
    path("tokens/<int:token_id>/revoke/", tokens.token_end, name="token_revoke"),
    *(path("", include(module)) for module in settings_url_modules()),
]

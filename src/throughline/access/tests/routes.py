"""Who gets what answer at every address of access and of the sign-in library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.architecture.route_table import (
    ADMINISTRATORS_ONLY,
    MEMBERS_ONLY,
    WHO,
    RouteRow,
    allowed,
    expecting,
)
from tests.worlds import World, as_actor
from throughline.access.models import Membership, Share
from throughline.access.services import invitation_create, token_create
from throughline.kernel.clock import now

PASSWORD = "a long enough password"


def _all(status: int, **changes: int) -> dict[str, int | tuple[int, ...]]:
    return {**dict.fromkeys(WHO, status), **changes}


def _signed_in(status: int) -> dict[str, int | tuple[int, ...]]:
    return _all(status, anonymous=302)


def _membership(world: World) -> Mapping[str, Any]:
    return {"membership_id": Membership.objects.get(person=world.ben).pk}


def _invitation(world: World) -> Mapping[str, Any]:
    made = invitation_create(actor=as_actor(world.max), email="new@example.org", name="Nia", roles=[])
    return {"invitation_id": made.invitation.pk}


def _secret(world: World) -> Mapping[str, Any]:
    made = invitation_create(actor=as_actor(world.max), email="new@example.org", name="Nia", roles=[])
    return {"secret": made.url.rstrip("/").rsplit("/", 1)[1]}


def _share(world: World) -> Mapping[str, Any]:
    share = Share.objects.create(
        org=world.org,
        person=world.gus,
        shared_by=world.ben,
        subject_kind="people.person",
        subject_id=world.ben.pk,
        created_at=now(),
    )
    return {"share_id": share.pk}


def _token(world: World) -> Mapping[str, Any]:
    made = token_create(actor=as_actor(world.ben), name="Script", can_write=False, lasts_days=30)
    return {"token_id": made.token.pk}


NEITHER_MINE = expecting(allowed(MEMBERS_ONLY, 404), administrator=302)
MEMBERS_POST = allowed(MEMBERS_ONLY, 302)
ADMINISTRATORS_POST = allowed(ADMINISTRATORS_ONLY, 302)

ROUTES = [
    RouteRow("access:welcome", _all(302, anonymous=200), note="one organisation: straight to it"),
    RouteRow("access:start", _all(403, stranger=200, administrator=200), note="Sid administers his own"),
    RouteRow("access:join", _all(200), kwargs=_secret, note="a link says who invites to what, whoever opens it"),
    RouteRow("access:sign_out_everywhere", _all(302), method="post"),
    RouteRow("access:login", _all(302, anonymous=200)),
    RouteRow("access:password_change", _signed_in(200)),
    RouteRow("access:password_reset", _all(200)),
    RouteRow("access:password_reset_from_key", _all(200), kwargs=lambda world: {"uidb36": "1", "key": "no-such"}),
    RouteRow("access:reauthenticate", _signed_in(200)),
    RouteRow("access:second_step", _all(302), note="only in the middle of signing in"),
    RouteRow("access:second_reauthenticate", _all(302), note="nobody here has a second step"),
    RouteRow("access:activate_totp", _all(302), note="asks for the password first"),
    RouteRow("access:email_closed", _all(404)),
    RouteRow("access:email_confirmation_closed", _all(404)),
    RouteRow("access:email_key_closed", _all(404), kwargs=lambda world: {"key": "abc"}),
    RouteRow("account_login", _all(302, anonymous=200)),
    RouteRow("account_logout", _all(200, anonymous=302)),
    RouteRow("account_inactive", _all(200)),
    RouteRow("account_signup", _all(302, anonymous=200), note="says that people join by invitation"),
    RouteRow("account_reauthenticate", _signed_in(200)),
    RouteRow("account_email", _all(404)),
    RouteRow("account_email_verification_sent", _all(404)),
    RouteRow("account_confirm_email", _all(404), kwargs=lambda world: {"key": "abc"}),
    RouteRow("account_change_password", _signed_in(200)),
    RouteRow("account_set_password", _all(302), note="everybody has one: they change it"),
    RouteRow("account_reset_password", _all(200)),
    RouteRow("account_confirm_login_code", _all(302)),
    RouteRow("account_reset_password_from_key_done", _all(200)),
    RouteRow("account_reset_password_from_key", _all(200), kwargs=lambda world: {"uidb36": "1", "key": "no-such"}),
    RouteRow("account_reset_password_done", _all(200)),
    RouteRow("mfa_index", _signed_in(200)),
    RouteRow("mfa_authenticate", _all(302)),
    RouteRow("mfa_reauthenticate", _all(302)),
    RouteRow("mfa_activate_totp", _all(302)),
    RouteRow("mfa_deactivate_totp", _all(404, anonymous=302), note="nobody here has a second step"),
    RouteRow("mfa_view_recovery_codes", _all(404, anonymous=302)),
    RouteRow("mfa_generate_recovery_codes", _all(302)),
    RouteRow("mfa_download_recovery_codes", _all(404, anonymous=302)),
    RouteRow("settings:overview", MEMBERS_ONLY),
    RouteRow("settings:organisation", ADMINISTRATORS_ONLY),
    RouteRow("settings:security", expecting(MEMBERS_ONLY, guest=200)),
    RouteRow("settings:members", MEMBERS_ONLY),
    RouteRow("settings:member", ADMINISTRATORS_ONLY, kwargs=_membership),
    RouteRow("settings:member_end", ADMINISTRATORS_POST, kwargs=_membership, method="post"),
    RouteRow("settings:member_reactivate", ADMINISTRATORS_POST, kwargs=_membership, method="post"),
    RouteRow("settings:invitations", MEMBERS_ONLY),
    RouteRow("settings:invitation_new", ADMINISTRATORS_ONLY),
    RouteRow(
        "settings:invitation_resend",
        expecting(allowed(MEMBERS_ONLY, 404), administrator=200),
        kwargs=_invitation,
        method="post",
        note="the answer shows the link once; members see only their own",
    ),
    RouteRow("settings:invitation_revoke", NEITHER_MINE, kwargs=_invitation, method="post"),
    RouteRow("settings:shares", MEMBERS_ONLY),
    RouteRow(
        "settings:share_new",
        MEMBERS_ONLY,
        kwargs=lambda world: {"kind": "people.person", "subject_id": world.ben.pk},
    ),
    RouteRow(
        "settings:share_end",
        expecting(NEITHER_MINE, member=302),
        kwargs=_share,
        method="post",
        note="Ben shared it",
    ),
    RouteRow("settings:tokens", MEMBERS_ONLY),
    RouteRow("settings:token_new", MEMBERS_ONLY),
    RouteRow(
        "settings:token_revoke",
        expecting(allowed(MEMBERS_ONLY, 404), member=302),
        kwargs=_token,
        method="post",
        note="a token is its owner's alone",
    ),
]

"""The route × role table of this app. A meeting of Platform is seen by its members, its leads and leaders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.architecture.route_table import MEMBERS_ONLY, RouteRow, allowed, expecting
from tests.worlds import World, as_actor
from throughline.kernel.scoping import in_org
from throughline.meetings import services
from throughline.meetings.models import Contribution, Meeting, Theme, Unattributed
from throughline.meetings.rules import CardMove, CardRef, MeetingState
from throughline.meetings.tests.boards import STARTS, crowd, opened, post_unattributed

# Mia (elsewhere) and Max (administrator, of the top unit) belong to neither the unit nor the invited.
TEAM = expecting(MEMBERS_ONLY, guest=404, elsewhere=404, administrator=404)
# Pages that guests are never welcome on answer 403 before the meeting is looked for.
TEAM_MEMBERS = expecting(TEAM, guest=403)
FACILITATORS = expecting(TEAM_MEMBERS, member=403, team_lead=403, leader=403)
# Who answers: the facilitator, and whoever leads the unit.
ANSWERERS = expecting(TEAM_MEMBERS, member=403)
EVERYBODY = dict.fromkeys(MEMBERS_ONLY, 200)


def _board(world: World) -> Meeting:
    with in_org(world.org.pk):
        found = Meeting.objects.first()
        if found is None:
            crowd(world)
            found = opened(world, wants_anonymous=True)
            row = services.contribution_post(actor=as_actor(world.ben), meeting=found, text="The queue is too long")
            for number in range(5):
                post_unattributed(found, f"Post {number}", number)
            services.theme_create(
                actor=as_actor(world.fay), meeting=found, title="Queues", moves=[CardMove(CardRef("n", row.pk), None)]
            )
            services.theme_create(actor=as_actor(world.fay), meeting=found, title="Rotas")
        return found


def _meeting(world: World) -> Mapping[str, Any]:
    return {"meeting_id": _board(world).pk}


def _item(world: World) -> Mapping[str, Any]:
    first = _board(world).agenda.order_by("position").first()
    assert first is not None
    return {**_meeting(world), "item_id": first.pk}


def _person(world: World) -> Mapping[str, Any]:
    return {**_meeting(world), "person_id": world.ben.pk}


def _theme(world: World) -> Mapping[str, Any]:
    _board(world)
    return {"theme_id": Theme.objects.get(title="Queues").pk}


def _contribution(world: World) -> Mapping[str, Any]:
    _board(world)
    return {"contribution_id": Contribution.objects.get().pk}


def _voice(world: World) -> Mapping[str, Any]:
    _board(world)
    first = Unattributed.objects.first()
    assert first is not None
    return {"number": first.number}


def _public(world: World) -> Mapping[str, Any]:
    return {"public_id": _board(world).public_id}


def _cards(world: World) -> Mapping[str, Any]:
    row = Contribution.objects.get()
    return {"card": f"n{row.pk}:{row.theme_id}", "to": "", "do": "move"}


def _data(**fields: Any) -> Callable[[World], Mapping[str, Any]]:
    return lambda world: fields


ANSWER = _data(kind="answered", reason="In March.")
MEETING = _data(
    title="Another", starts_at=STARTS.strftime("%Y-%m-%dT%H:%M"), time_zone="UTC", agenda="10 board: Write", unit=""
)
ROUTES = [
    RouteRow("meetings:list", MEMBERS_ONLY),
    RouteRow("meetings:new", MEMBERS_ONLY),
    RouteRow("meetings:create", MEMBERS_ONLY, _data(format_key="retrospective")),
    RouteRow("meetings:create", allowed(MEMBERS_ONLY, 302), _data(format_key="retrospective"), "post", MEETING),
    RouteRow("meetings:heard", expecting(MEMBERS_ONLY, guest=200)),
    RouteRow("meetings:meeting", TEAM, _meeting),
    RouteRow("meetings:edit", FACILITATORS, _meeting),
    RouteRow("meetings:invite", allowed(FACILITATORS, 302), _meeting, "post", lambda world: {"people": world.mia.name}),
    RouteRow("meetings:uninvite", allowed(FACILITATORS, 302), _person, "post"),
    RouteRow(
        "meetings:invite_guest",
        FACILITATORS,
        _meeting,
        "post",
        _data(name="Una Ueda", email="una@guests.example"),
        note="answers with the page that shows the link once",
    ),
    RouteRow("meetings:agenda_item", allowed(FACILITATORS, 302), _item, "post", _data(do="done")),
    RouteRow("meetings:move", allowed(FACILITATORS, 302), _meeting, "post", _data(to=str(MeetingState.GROUPING))),
    RouteRow("meetings:close", FACILITATORS, _meeting),
    RouteRow("meetings:outcome", TEAM, _meeting),
    RouteRow("meetings:board", TEAM, _meeting),
    RouteRow("meetings:post", allowed(TEAM, 302), _meeting, "post", _data(text="I agree")),
    RouteRow("meetings:cards", allowed(FACILITATORS, 302), _meeting, "post", _cards, note="grouping has not begun"),
    RouteRow(
        "meetings:undo",
        expecting(allowed(FACILITATORS, 302), facilitator=302),
        _meeting,
        "post",
        note="Fay made the theme; the others may not group yet",
    ),
    RouteRow("meetings:changes", TEAM, _meeting),
    RouteRow("meetings:theme", TEAM, _theme),
    RouteRow("meetings:theme_edit", FACILITATORS, _theme),
    RouteRow(
        "meetings:theme_merge",
        allowed(FACILITATORS, 302),
        _theme,
        "post",
        lambda world: {"into": Theme.objects.get(title="Rotas").pk},
    ),
    RouteRow("meetings:theme_remove", allowed(FACILITATORS, 302), _theme, "post"),
    RouteRow("meetings:theme_answer", allowed(ANSWERERS, 302), _theme, "post", ANSWER),
    RouteRow("meetings:contribution", TEAM, _contribution),
    RouteRow(
        "meetings:contribution_edit",
        expecting(TEAM, team_lead=403, leader=403, facilitator=403),
        _contribution,
        note="Ben wrote it",
    ),
    RouteRow(
        "meetings:contribution_withdraw",
        expecting(allowed(TEAM, 302), team_lead=403, leader=403, facilitator=403),
        _contribution,
        "post",
    ),
    RouteRow("meetings:contribution_answer", allowed(ANSWERERS, 302), _contribution, "post", ANSWER),
    RouteRow("meetings:voice", TEAM, _voice),
    RouteRow("meetings:voice_answer", allowed(ANSWERERS, 302), _voice, "post", ANSWER),
    RouteRow("meetings:voice_message", allowed(ANSWERERS, 302), _voice, "post", _data(text="Which rota?")),
    # The answer host knows nobody, so everybody gets the same.
    RouteRow("answers:welcome", EVERYBODY),
    RouteRow("answers:board", EVERYBODY, _public),
    RouteRow("answers:receipt", EVERYBODY),
    RouteRow("answers:receipt_edit", dict.fromkeys(EVERYBODY, 404), method="post", data=_data(receipt="abcd-efgh")),
    RouteRow("answers:receipt_withdraw", dict.fromkeys(EVERYBODY, 404), method="post", data=_data(receipt="abcd-efgh")),
]

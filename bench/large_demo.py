"""What the page benchmark needs from inside the large demo: sessions, addresses, query counts, check-in forms.

The demo makes accounts for one person per role only, so this makes the 1,000 accounts and sessions the load needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.db.models import F
from django.test.client import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment
from django.urls import reverse

from throughline.access.models import Account, Membership, Organisation
from throughline.goals.models import Cycle, Goal
from throughline.kernel.clock import now
from throughline.kernel.scoping import in_org
from throughline.people.models import Person, UnitMembership

if TYPE_CHECKING:
    from bench.pages import Target

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def prepare(signed_in: int) -> Target:
    """Sign people in and find what to ask for; run again, it reuses what is there."""
    from bench.pages import Target

    setup_test_environment()
    org = Organisation.objects.order_by("-pk")[0]
    with in_org(org.pk):
        owners = list(
            Goal.objects.filter(kind="objective", state="active", owner__left_on=None, parts__measure="increase_to")
            .order_by("owner_id")
            .values_list("owner_id", flat=True)
            .distinct()[:signed_in]
        )
        others = Person.objects.filter(left_on=None, is_guest=False).exclude(pk__in=owners).order_by("id")
        people = [*owners, *others.values_list("pk", flat=True)[: signed_in - len(owners)]]
        # One commit for all of them: each waits for the disk.
        with transaction.atomic():
            accounts = _accounts(org, people)
            sessions = {person_id: _session(account) for person_id, account in accounts.items()}
        pages = _pages(org, people[0])
        forms = _forms(org, sessions)
    return Target(
        pages=pages,
        queries=_query_counts(pages, sessions[people[0]]),
        sessions=list(sessions.values()),
        check_ins=forms,
    )


def _accounts(org: Organisation, people: list[int]) -> dict[int, Account]:
    found = {
        row.person_id: row.account for row in Membership.objects.filter(person_id__in=people).select_related("account")
    }
    for person in Person.objects.filter(pk__in=people):
        if person.pk not in found:
            account = Account(email=f"load-{person.pk}@measuring.example", name=person.name)
            account.set_unusable_password()
            account.save()
            Membership.objects.create(org=org, account=account, person=person, roles=["member"], joined_at=now())
            found[person.pk] = account
    return {person_id: found[person_id] for person_id in people if person_id in found}


def _session(account: Account) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = BACKEND
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def _pages(org: Organisation, person_id: int) -> dict[str, str]:
    goal = Goal.objects.filter(kind="objective", state="active", alignments_down__isnull=False).order_by("id").first()
    cycle = Cycle.objects.order_by("-starts_on").first()
    unit_id = UnitMembership.objects.filter(person_id=person_id).values_list("unit_id", flat=True).first()
    if goal is None or cycle is None or unit_id is None:
        raise RuntimeError("The large demo lacks goals, a cycle or memberships; load it again.")
    key_result = Goal.objects.filter(part_of=goal, kind="key_result").order_by("id").first() or goal
    slug = org.slug
    return {
        "home": reverse("shell:home", args=[slug]),
        "team": reverse("shell:team_of", args=[slug, unit_id]),
        "goals table": reverse("goals:list", args=[slug]) + "?view=table",
        "goals tree": reverse("goals:list", args=[slug]) + "?view=tree",
        "goal": reverse("goals:goal", args=[slug, goal.pk]),
        "goal explained": reverse("goals:explain", args=[slug, goal.pk]),
        "key result": reverse("goals:goal", args=[slug, key_result.pk]),
        "cycle": reverse("shell:cycle", args=[slug, cycle.pk]),
        "people": reverse("people:people", args=[slug]),
        "search": reverse("shell:search", args=[slug]) + "?q=re",
    }


def _forms(org: Organisation, sessions: dict[int, str]) -> list[dict[str, Any]]:
    rows = (
        Goal.objects.filter(
            part_of__owner_id__in=list(sessions), kind="key_result", measure="increase_to", part_of__state="active"
        )
        .annotate(owner_of_goal=F("part_of__owner_id"))
        .order_by("id")[:400]
    )
    return [
        {
            "url": reverse("goals:check_in", args=[org.slug, row.pk]),
            "session": sessions[row.owner_of_goal],
            "data": {
                "value": f"{(row.baseline or 0) + 0.01 * (index + 1):.2f}",
                "confidence_percent": "70",
                "status": "on_track",
                "note": "Measured.",
            },
        }
        for index, row in enumerate(rows)
    ]


def _query_counts(pages: dict[str, str], session: str) -> dict[str, int]:
    client = Client(HTTP_HOST="localhost")
    client.cookies["sessionid"] = session
    counts: dict[str, int] = {}
    for page, url in pages.items():
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(url)
        if answer.status_code != 200:
            raise RuntimeError(f"{url} answered {answer.status_code}")
        counts[page] = len(queries)
    return counts

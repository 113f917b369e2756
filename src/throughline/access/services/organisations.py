"""Starting an organisation and changing what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction

from throughline.access import policies
from throughline.access.actors import actor_of_person
from throughline.access.events import OrganisationChanged, OrganisationCreated
from throughline.access.models import Account, Organisation, slug_validator
from throughline.access.people_hook import organisation_begin, person_ensure
from throughline.access.rules import RESERVED_SLUGS
from throughline.access.services.accounts import account_create
from throughline.access.services.members import member_join
from throughline.kernel.actor import Actor, Role, system_actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid
from throughline.kernel.ids import SubjectRef
from throughline.kernel.scoping import in_org
from throughline.ledger.services import event_record


@dataclass(frozen=True, slots=True)
class OrganisationStart:
    """A new organisation with its first administrator."""

    org: Organisation
    account: Account
    actor: Actor


@transaction.atomic
def organisation_create(
    *,
    name: str,
    slug: str,
    person_name: str,
    email: str = "",
    password: str = "",
    account: Account | None = None,
    time_zone: str = "UTC",
) -> OrganisationStart:
    """A new organisation whose first person is administrator and leader.

    Give either an existing `account`, or the e-mail and password of a new one. The caller has checked
    that this reader may start organisations (`selectors.start_verdict`).
    """
    problems = _naming_problems(name, slug=slug, time_zone=time_zone)
    if not person_name.strip():
        problems["person_name"] = "Write your own name, as colleagues will see it."
    if account is None:
        try:
            with transaction.atomic():
                account = account_create(email=email, name=person_name or "?", password=password)
        except Invalid as error:
            problems |= {field: " ".join(words) for field, words in error.problems.items()}
    if problems or account is None:
        raise Invalid(problems)
    org = Organisation.objects.create(name=name.strip(), slug=slug, time_zone=time_zone, created_at=now())
    with in_org(org.pk):
        person_id = person_ensure(org, person_name.strip(), email=account.email, is_guest=False)
        member_join(
            actor=system_actor(org.pk, org.slug),
            account=account,
            person_id=person_id,
            roles=[Role.ADMINISTRATOR, Role.LEADER],
        )
        actor = actor_of_person(person_id, org.pk)
        if actor is None:
            raise RuntimeError("The first membership of a new organisation was not found.")
        event_record(actor, OrganisationCreated(), subject=SubjectRef("access.organisation", org.pk))
        organisation_begin(actor)
    return OrganisationStart(org, account, actor)


@transaction.atomic
def organisation_change(
    *, actor: Actor, name: str, time_zone: str, seen_name: str, seen_time_zone: str
) -> Organisation:
    """Rename the organisation or move its time zone; the address stays. Stale forms raise `Conflict`."""
    policies.can_administer(actor).require()
    org = Organisation.objects.select_for_update().get(pk=actor.org_id)
    if (org.name, org.time_zone) != (seen_name, seen_time_zone):
        raise Conflict(
            f"Somebody else changed this meanwhile: it is now “{org.name}” in {org.time_zone}. "
            "Look at it, then save again to overwrite."
        )
    problems = _naming_problems(name, slug=None, time_zone=time_zone)
    if problems:
        raise Invalid(problems)
    org.name, org.time_zone = name.strip(), time_zone
    org.save(update_fields=["name", "time_zone"])
    event_record(actor, OrganisationChanged(), subject=SubjectRef("access.organisation", org.pk))
    return org


def _naming_problems(name: str, *, slug: str | None, time_zone: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not name.strip():
        problems["name"] = "Write the name of the organisation."
    elif len(name.strip()) > 120:
        problems["name"] = f"The name has {len(name.strip())} characters; keep it within 120."
    if time_zone not in available_timezones():
        problems["time_zone"] = f"“{time_zone}” is not a time zone; choose one from the list, such as Europe/Paris."
    if slug is None:
        return problems
    try:
        slug_validator(slug)
    except ValidationError as error:
        problems["slug"] = " ".join(error.messages)
        return problems
    if slug in RESERVED_SLUGS:
        problems["slug"] = f"“{slug}” is kept for the product itself; choose another address."
    elif Organisation.objects.filter(slug=slug).exists():
        problems["slug"] = f"The address “{slug}” is taken; choose another, for example {slug[:46]}-2."
    return problems

"""Who is around a meeting: invited people, the unit, and how many of them may post."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from throughline.kernel.actor import Actor, system_actor
from throughline.meetings.models import Contribution, Meeting, MeetingPerson
from throughline.meetings.policies import visible_contributions
from throughline.people.selectors import PeopleFilter, people_visible_to

if TYPE_CHECKING:
    from throughline.people.models import Person


def people_present(meeting: Meeting) -> QuerySet[Person]:
    """Everybody who may post, guests aside: the invited and the members of the unit and the units below it."""
    # As the product itself: on the answer host nobody asks, and the count is the same for everybody.
    asker = system_actor(meeting.org_id)
    who = Q(pk__in=MeetingPerson.objects.filter(meeting_id=meeting.pk).values("person_id")) | Q(
        pk=meeting.created_by_id
    )
    if meeting.unit_id is not None:
        who |= Q(pk__in=people_visible_to(asker, PeopleFilter(unit_id=meeting.unit_id)).values("pk"))
    return people_visible_to(asker, PeopleFilter()).filter(who)


def may_post_count(meeting: Meeting) -> int:
    """How many people may post: the crowd an unattributed post hides in. Guests are not counted, to be careful."""
    return people_present(meeting).count()


def people_known(actor: Actor, person_ids: Collection[int]) -> set[int]:
    """Those of the ids that are members of the organisation who have not left; guests are not among them."""
    return set(people_visible_to(actor, PeopleFilter()).filter(pk__in=list(person_ids)).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class NamesRead:
    """What typed names led to: people found, and lines nobody or several people match, with the reason."""

    person_ids: tuple[int, ...]
    problems: tuple[str, ...]


def people_named(actor: Actor, lines: Sequence[str]) -> NamesRead:
    """Find people by whole name or e-mail address, one per line; one query."""
    wanted = [line.strip() for line in lines if line.strip()][:200]
    condition = Q(pk__in=[])
    for line in wanted:
        condition |= Q(email__iexact=line) if "@" in line else Q(name__iexact=line)
    found = list(people_visible_to(actor, PeopleFilter()).filter(condition).values_list("pk", "name", "email"))
    ids: list[int] = []
    problems: list[str] = []
    for line in wanted:
        low = line.lower()
        matches = [pk for pk, name, email in found if low in (name.lower(), email.lower())]
        if len(matches) == 1:
            ids.append(matches[0])
        elif matches:
            problems.append(f"Several people are called “{line}”; write the e-mail address instead.")
        else:
            problems.append(f"Nobody here is called “{line}”; check the spelling, or use their e-mail address.")
    return NamesRead(tuple(dict.fromkeys(ids)), tuple(problems))


def named_contributor_ids(actor: Actor, meeting_ids: Collection[int]) -> frozenset[int]:
    """People heard under their name in these meetings. Unattributed posts never count: nobody knows whose they are."""
    return frozenset(
        Contribution.objects.filter(visible_contributions(actor), meeting_id__in=list(meeting_ids), withdrawn_at=None)
        .values_list("author_id", flat=True)
        .distinct()
    )


def not_heard_ids(actor: Actor, meeting: Meeting) -> list[int]:
    """People who may post and have not posted under their name; an anonymous post may still be theirs."""
    heard = named_contributor_ids(actor, [meeting.pk])
    return [pk for pk in people_present(meeting).order_by("name", "pk").values_list("pk", flat=True) if pk not in heard]

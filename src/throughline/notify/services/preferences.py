"""Choosing what one is told."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from throughline.access.policies import own_person_id
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Invalid
from throughline.notify import policies
from throughline.notify.channels import CHANNELS
from throughline.notify.models import Preference
from throughline.notify.rules import GROUPS


@transaction.atomic
def preferences_set(*, actor: Actor, paces: Mapping[tuple[str, str], str]) -> None:
    """Set the actor's pace for each (group, channel) given; the others stay as they are."""
    policies.can_choose(actor).require()
    problems: dict[str, str] = {}
    for (group, channel), pace in paces.items():
        if group not in GROUPS:
            problems[""] = f"“{group}” is not a group of notifications; use {', '.join(GROUPS)}."
        elif channel not in CHANNELS:
            problems[""] = f"“{channel}” is not a channel; use {', '.join(entry.key for entry in CHANNELS)}."
        elif pace not in CHANNELS[channel].paces:
            known = ", ".join(CHANNELS[channel].paces)
            problems[f"{group}_{channel}"] = f"“{pace}” is not a pace of this channel; use {known}."
    if problems:
        raise Invalid(problems)
    for (group, channel), pace in sorted(paces.items()):
        Preference.objects.update_or_create(
            org_id=actor.org_id,
            person_id=own_person_id(actor),
            group=group,
            channel=channel,
            defaults={"pace": pace},
        )

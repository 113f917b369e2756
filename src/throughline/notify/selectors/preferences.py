"""What a person chose to be told, how and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from throughline.access.policies import own_person_id
from throughline.kernel.actor import Actor
from throughline.notify.channels import CHANNELS
from throughline.notify.models import Preference
from throughline.notify.policies import can_choose
from throughline.notify.rules import GROUPS


@dataclass(frozen=True, slots=True)
class PreferenceChoice:
    """The pace of one group through one channel, and what may be chosen instead."""

    group: str
    channel: str
    pace: str
    paces: tuple[str, ...]
    is_default: bool


def preferences_of(actor: Actor) -> list[PreferenceChoice]:
    """Every group and channel with the actor's own choice or the default; one query."""
    can_choose(actor).require()
    rows = Preference.objects.filter(person_id=own_person_id(actor)).values_list("group", "channel", "pace")
    chosen = {(group, channel): pace for group, channel, pace in rows}
    return [
        PreferenceChoice(
            group,
            channel.key,
            chosen.get((group, channel.key), channel.default_paces[group]),
            channel.paces,
            (group, channel.key) not in chosen,
        )
        for group in GROUPS
        for channel in CHANNELS
    ]


def paces_of(person_ids: Collection[int], *, group: str, channel: str) -> dict[int, str]:
    """The pace of each of these people for one group through one channel; one query."""
    default = CHANNELS[channel].default_paces[group]
    rows = Preference.objects.filter(person_id__in=person_ids, group=group, channel=channel)
    chosen = dict(rows.values_list("person_id", "pace"))
    return {person_id: chosen.get(person_id, default) for person_id in person_ids}

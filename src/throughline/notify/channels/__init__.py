"""Channels by which people are told. One module each, with an `ENTRY`; the key is what preferences store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from throughline.kernel.actor import Actor
from throughline.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to tell, as its reader may know it: the sentence and where to look."""

    notification_id: int
    sentence: str
    url: str
    group: str


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a channel reaches: the reader as an actor and their e-mail."""

    reader: Actor
    email: str


class Channel(Protocol):
    """One way to reach people.

    `paces`: what a person may choose; `default_paces`: by group. `deliver` tells one reader one or
    several things at once and raises `access.outgoing.MailFailed` or `NoMailServer` when it could not. A
    channel with
    `is_kept` needs no delivery: the notification's own row is it.
    """

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def paces(self) -> tuple[str, ...]: ...
    @property
    def default_paces(self) -> Mapping[str, str]: ...
    @property
    def is_kept(self) -> bool: ...

    def is_ready(self) -> bool:
        """Whether the organisation in scope can use it today."""
        ...

    def deliver(self, to: Address, tellings: Sequence[Telling], *, is_digest: bool) -> None: ...


CHANNELS: Registry[Channel] = Registry("throughline.notify.channels", noun="channel")

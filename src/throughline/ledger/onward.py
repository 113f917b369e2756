"""Where one can go on from a thing: "make a goal of it". Apps offer steps for subjects of siblings they never import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.kernel.verdict import Verdict


@dataclass(frozen=True, slots=True)
class OnwardStep:
    """One step an app offers on things of some kinds. `may` gives the reason when the actor may not take it."""

    key: str
    label: str
    kinds: frozenset[str]
    url: Callable[[Actor, SubjectRef], str]
    may: Callable[[Actor], Verdict]


@dataclass(frozen=True, slots=True)
class OnwardLink:
    """A step resolved for one reader and thing."""

    label: str
    url: str
    refused_because: str


_steps: dict[str, OnwardStep] = {}


def onward_register(step: OnwardStep) -> None:
    """Offer a step; call it from an app's `subjects.py`."""
    _steps[step.key] = step


def onward_links(actor: Actor, ref: SubjectRef) -> list[OnwardLink]:
    """The steps offered on this thing, in the order of their keys; makes no query."""
    found = []
    for key in sorted(_steps):
        step = _steps[key]
        if ref.kind in step.kinds:
            verdict = step.may(actor)
            found.append(OnwardLink(step.label, step.url(actor, ref), "" if verdict else verdict.reason))
    return found

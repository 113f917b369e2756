"""Running every channel and saying plainly what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from throughline.project.attack.channels import CHANNELS
from throughline.project.attack.evidence import evidence_read

# What no look at stored files can rule out; said in every report (and in SECURITY.md).
REMAINS = (
    "Whoever controls the running server can read a post while it arrives, and the board while it is open.",
    "The network sees that a device spoke to the answer host, and when.",
    "A person can be known by how and about what they write.",
    "Copies taken while the board was open (backups, disk snapshots, the log of PostgreSQL) keep what was erased later.",
    "While a board is open its newest posts have places in the file and the log that tell their order.",
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A post and the person a channel arrives at."""

    number: int
    key: str
    person_id: int
    channel: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one channel achieved: posts of closed boards linked to a person, the same for open ones, and what it saw."""

    channel: str
    linked: int
    linked_open: int
    words: str


@dataclass(frozen=True, slots=True)
class AttackReport:
    """The outcome over all channels. `chance_0_1` is the share right when a person is drawn by lot."""

    closed_posts: int
    open_posts: int
    people: int
    chance_0_1: float
    findings: tuple[Finding, ...]
    guesses: tuple[Guess, ...]
    remains: tuple[str, ...]

    @property
    def linked(self) -> int:
        """Posts of closed boards linked by any channel."""
        return sum(finding.linked for finding in self.findings)

    @property
    def is_safe(self) -> bool:
        """Whether nothing of a closed board was linked."""
        return self.linked == 0

    def lines(self) -> list[str]:
        """The report in words, for the command line."""
        head = (
            f"{self.closed_posts} contributions without a name on closed boards, {self.open_posts} on open ones; "
            f"{self.people} people. A guess by lot is right in {self.chance_0_1:.1%}."
        )
        body = [
            f"{finding.channel}: {finding.linked} linked"
            + (f", {finding.linked_open} on open boards" if finding.linked_open else "")
            + f" ({finding.words})"
            for finding in self.findings
        ]
        verdict = (
            "No contribution of a closed board was linked to anyone."
            if self.is_safe
            else f"{self.linked} links were found. Do not promise anonymity on this installation until they are gone."
        )
        return [head, *body, verdict, "What remains, and no such check can rule out:", *self.remains]


def attack_board(home: Path, extra: list[Path]) -> AttackReport:
    """Try every channel on a home folder (or a copy of the database file) and on further files given."""
    evidence = evidence_read(home, extra)
    findings: list[Finding] = []
    guesses: list[Guess] = []
    for name, channel in CHANNELS.items():
        trail = channel(evidence)
        hits = [(post, trail.people[post.index]) for post in evidence.posts if post.index in trail.people]
        closed = [pair for pair in hits if pair[0].is_closed]
        findings.append(Finding(name, len(closed), len(hits) - len(closed), trail.words))
        guesses.extend(Guess(post.number, post.key, person_id, name) for post, person_id in hits)
    unread = tuple(f"{name} is neither a log nor a database and was not looked at." for name in evidence.unread)
    return AttackReport(
        closed_posts=sum(post.is_closed for post in evidence.posts),
        open_posts=sum(not post.is_closed for post in evidence.posts),
        people=len(evidence.people),
        chance_0_1=1 / len(evidence.people) if evidence.people else 0.0,
        findings=tuple(findings),
        guesses=tuple(guesses),
        remains=(*REMAINS, *unread),
    )

"""The ways in. Each looks at the evidence through one kind of trace and names the people it arrives at."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from throughline.project.attack.evidence import Act, Evidence, Post, moment_of
from throughline.project.attack.pages import free_pages, page_size, unused_room, wal_commits

NEAR = timedelta(seconds=90)
_HEX = re.compile(rb"[0-9a-f]{64}")
_PERSON_COLUMN = re.compile(r"person|author|actor|account|user|session|ip", re.IGNORECASE)
_POST_KIND = re.compile(r"unattributed|anonymous|contribution_posted_anon", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trail:
    """What one channel arrives at: a person per post where it names one, and what it saw in words."""

    people: dict[int, int]
    words: str


Channel = Callable[[Evidence], Trail]


def columns(evidence: Evidence) -> Trail:
    """Columns of the table that name a person."""
    named: dict[int, int] = {}
    extra = sorted({name for post in evidence.posts for name in post.other})
    for post in evidence.posts:
        for name, value in post.other.items():
            if _PERSON_COLUMN.search(name) and isinstance(value, int) and value in evidence.people:
                named[post.index] = value
    return Trail(named, f"columns beyond the promised ones: {', '.join(extra) or 'none'}")


def events(evidence: Evidence) -> Trail:
    """Events that belong to single posts, by number or by order."""
    per_post = _post_events(evidence)
    # An event whose subject is the meeting says nothing of a row by its number, even where the numbers agree.
    by_subject = {act.subject_id: act for act in per_post if act.subject_kind != "meetings.meeting"}
    named: dict[int, int] = {}
    for post in evidence.posts:
        act = by_subject.get(post.number) or (by_subject.get(post.place) if post.place is not None else None)
        if act is not None and act.person_id is not None:
            named[post.index] = act.person_id
    for post, act in _aligned(evidence, per_post):
        if act.person_id is not None:
            named.setdefault(post.index, act.person_id)
    return Trail(named, f"{len(per_post)} events about single posts")


def _post_events(evidence: Evidence) -> list[Act]:
    # Answers and links about a post are written later, by whoever answers or groups.
    return [
        act
        for act in evidence.acts
        if not act.kind.startswith("ledger.")
        and (act.subject_kind == "meetings.anonymous" or _POST_KIND.search(act.kind))
    ]


def _aligned(evidence: Evidence, per_post: list[Act]) -> Iterable[tuple[Post, Act]]:
    """Posts in row order beside events in order, where there are as many of both on a board."""
    for meeting_id in {post.meeting_id for post in evidence.posts}:
        posts = [post for post in evidence.posts if post.meeting_id == meeting_id and post.place is not None]
        found = [act for act in per_post if meeting_id in (act.context_id, act.subject_id)]
        if posts and len(posts) == len(found):
            yield from zip(sorted(posts, key=lambda post: post.place or 0), found, strict=True)


def times(evidence: Evidence) -> Trail:
    """A time stored with the post or its event, beside what people are known to have done at that time."""
    moments: dict[int, datetime] = {}
    for post in evidence.posts:
        for value in post.other.values():
            moment = moment_of(value)
            if moment is not None:
                moments[post.index] = moment
    for post, act in _aligned(evidence, _post_events(evidence)):
        moments.setdefault(post.index, act.at)
    named: dict[int, int] = {}
    for index, moment in moments.items():
        person_id = _only_one_near(evidence, moment)
        if person_id is not None:
            named[index] = person_id
    return Trail(named, f"{len(moments)} posts with a time")


def _only_one_near(evidence: Evidence, moment: datetime) -> int | None:
    near = [act for act in evidence.acts if act.person_id is not None and abs(act.at - moment) <= NEAR]
    if not near:
        return None
    closest = sorted(near, key=lambda act: abs(act.at - moment))
    if len(closest) > 1 and closest[1].person_id != closest[0].person_id:
        first, second = abs(closest[0].at - moment), abs(closest[1].at - moment)
        if first * 3 > second:
            return None
    return closest[0].person_id


def row_order(evidence: Evidence) -> Trail:
    """The order of posting: by rowid, or by where the words stand in the file."""
    if evidence.has_rowid:
        return Trail({}, "the table has a row order: who posted before whom is known")
    size = page_size(evidence.database) or 4096
    pages: dict[int, list[tuple[int, str]]] = {}
    for post in evidence.posts:
        place = evidence.database.find(post.text[:60].encode()) if len(post.text) >= 12 else -1
        if place >= 0:
            pages.setdefault(place // size, []).append((place, post.key))
    pairs = [(first[1], second[1]) for found in pages.values() for first, second in itertools.pairwise(sorted(found))]
    if len(pairs) < 2:
        return Trail({}, f"{sum(map(len, pages.values()))} posts found in the file; too few to speak of an order")
    # Cells of a page are written from its end towards its beginning.
    agreement = sum(first > second for first, second in pairs) / len(pairs)
    verdict = "the keys' own order, which is random" if agreement == 1.0 else "not the keys' order: it tells of posting"
    return Trail({}, f"no row order; places in the file follow the keys to {agreement:.0%}: {verdict}")


def wal(evidence: Evidence) -> Trail:
    """The log of the database: posts between events of which the author is known."""
    commits = wal_commits(evidence.wal)
    named: dict[int, int] = {}
    event_at: dict[int, int] = {}
    post_at: dict[int, int] = {}
    texts = {post.index: (post.key or post.text).encode() for post in evidence.posts if post.key or post.text}
    for commit in commits:
        for index, words in texts.items():
            if index not in post_at and words in commit.content:
                post_at[index] = commit.index
        for act in evidence.acts:
            if act.event_id not in event_at and act.raw_at.encode() in commit.content:
                event_at[act.event_id] = commit.index
    # Pages that many posts share appear at once after a rewrite: that tells no order.
    alone = {index: place for index, place in post_at.items() if list(post_at.values()).count(place) < 3}
    for index, place in alone.items():
        beside = {
            act.person_id
            for act in evidence.acts
            if act.person_id is not None and abs(event_at.get(act.event_id, -9) - place) <= 1
        }
        if len(beside) == 1:
            named[index] = beside.pop() or 0
    return Trail(named, f"{len(commits)} commits in the log, {len(alone)} of them with a post of their own")


def copies(evidence: Evidence) -> Trail:
    """Backups and copies: which posts came between two of them, and who alone was active then."""
    named: dict[int, int] = {}
    ordered = sorted(evidence.copies, key=lambda copy: copy[2])
    points = [("nothing", frozenset[str](), 0), *ordered]
    now = (
        "the database",
        frozenset(post.key for post in evidence.posts),
        max((act.event_id for act in evidence.acts), default=0),
    )
    for (_, before, first), (_, after, last) in itertools.pairwise([*points, now]):
        active = {act.person_id for act in evidence.acts if first < act.event_id <= last and act.person_id is not None}
        new = after - before
        if ordered and len(active) == 1:
            only = next(iter(active)) or 0
            named.update({post.index: only for post in evidence.posts if post.key in new})
    return Trail(named, f"{len(evidence.copies)} older copies of the database")


def logs(evidence: Evidence) -> Trail:
    """Log lines that hold words, keys, receipts or addresses of posting, and who stands near them."""
    named: dict[int, int] = {}
    touching = 0
    emails = {email.lower(): pk for pk, (_, email) in evidence.people.items() if email}
    for _, content in evidence.logs:
        lines = content.splitlines()
        for at, line in enumerate(lines):
            is_posting = any(f"/b/{public_id}" in line for public_id in evidence.public_ids)
            hit = [post for post in evidence.posts if _is_in(post, line)]
            touching += bool(hit or is_posting)
            near = " ".join(lines[max(0, at - 1) : at + 2]).lower()
            who = {pk for email, pk in emails.items() if email in near}
            if hit and len(who) == 1:
                named.update({post.index: next(iter(who)) for post in hit})
    return Trail(named, f"{len(evidence.logs)} log files, {touching} lines about posting")


def _is_in(post: Post, line: str) -> bool:
    words = post.text.splitlines()[0][:40] if post.text else ""
    return (len(words) >= 12 and words in line) or (bool(post.key) and (post.key in line or str(post.number) in line))


def remnants(evidence: Evidence) -> Trail:
    """Deleted rows that still stand in free pages and in the unused room of others."""
    rest = b"\x00".join([*free_pages(evidence.database), *unused_room(evidence.database)])
    texts = sum(1 for post in evidence.posts if len(post.text) >= 12 and post.text[:40].encode() in rest)
    hashes = len(set(_HEX.findall(rest)))
    return Trail({}, f"{texts} old copies of words and {hashes} deleted hashes in unused parts of the file")


def sequences(evidence: Evidence) -> Trail:
    """Numbers handed out in order."""
    counted = [name for name in evidence.sequences if "unattributed" in name or "postnonce" in name]
    return Trail({}, f"tables of posting with a counter: {', '.join(counted) or 'none'}")


def receipts(evidence: Evidence) -> Trail:
    """Receipts that could be made again from what is known of people and boards."""
    named: dict[int, int] = {}
    by_hash = {post.receipt_hash: post.index for post in evidence.posts}
    for person_id, (name, email) in evidence.people.items():
        for post in evidence.posts:
            known = (str(person_id), name, email, post.key, str(post.number), post.text, str(post.meeting_id))
            for parts in itertools.chain(itertools.permutations(known, 1), itertools.permutations(known[:4], 2)):
                for joint in ("", ":", "-"):
                    index = by_hash.get(hashlib.sha256(joint.join(parts).encode()).hexdigest())
                    is_about_person = any(part in known[:3] for part in parts)
                    if index is not None and is_about_person:
                        named[index] = person_id
    return Trail(named, f"{len(by_hash)} receipts tried against names, addresses, numbers and keys")


CHANNELS: dict[str, Channel] = {
    "columns": columns,
    "events": events,
    "times": times,
    "row order": row_order,
    "write-ahead log": wal,
    "copies": copies,
    "logs": logs,
    "remnants": remnants,
    "sequence numbers": sequences,
    "receipts": receipts,
}

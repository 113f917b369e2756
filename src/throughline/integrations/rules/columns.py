"""What each column of our plain table means, in words; a test keeps it complete."""

from __future__ import annotations

GOAL_COLUMN_WORDS: dict[str, tuple[str, str]] = {
    "id": (
        "A short name of your own without spaces, commas, colons or semicolons. The same id means the"
        " same goal, so repeating an import changes only what differs.",
        "lost-drafts",
    ),
    "parent_ids": (
        "For a key result or initiative the id of its objective; for an objective the ids of those it"
        " contributes to, with a weight after a colon.",
        "reliable-records:2",
    ),
    "cycle": ("The name of the cycle; one that does not exist is created.", "2027 Q1"),
    "kind": ("objective, key_result or initiative.", "key_result"),
    "title": ("What should be different, up to 300 characters. Required.", "Fewer lost drafts"),
    "description": ("More words.", ""),
    "unit": ("The name of the unit whose goal it is.", "Platform"),
    "owner_email": ("The owner's e-mail address here.", "owner@example.org"),
    "co_owner_emails": ("Further owners, separated by semicolons.", ""),
    "theme": ("The title of a strategic theme.", ""),
    "purpose": ("The purpose, value or policy it serves, as an export names it.", ""),
    "state": ("candidate, proposed, signed_off, active, closed or dropped.", "active"),
    "key_result_kind": ("increase_to, decrease_to, keep_within or milestones.", "decrease_to"),
    "metric_unit": ("What is counted.", "drafts a week"),
    "direction": (
        "up, down or within; follows from the kind and is only read where that is missing.",
        "down",
    ),
    "baseline": ("The value it starts from.", "40"),
    "target": ("The value to reach.", "5"),
    "low": ("The lower edge, for keep_within.", ""),
    "high": ("The upper edge, for keep_within.", ""),
    "milestones": ("Titles separated by semicolons.", "Prototype; Pilot; Everywhere"),
    "weight": ("How much a part counts beside its siblings; 1 unless given.", "2"),
    "starts_on": ("The first day, year first.", "2027-01-01"),
    "ends_on": ("The last day.", "2027-03-31"),
    "supports_ids": ("Ids of objectives it supports without counting for them.", ""),
    "level": ("organisation, unit or person; follows from the unit where empty.", "unit"),
    "visibility": ("open, or team for its owner, unit and leaders only.", "open"),
    "metric_key": ("The metric whose amounts add up from goal to goal.", ""),
    "cadence": ("weekly, fortnightly or monthly check-ins; the cycle's where empty.", ""),
}
CHECK_IN_COLUMN_WORDS: dict[str, tuple[str, str]] = {
    "goal_id": ("The id of the goal or key result.", "lost-drafts"),
    "on": ("The day, year first. Required.", "2027-01-15"),
    "value": ("The value as it was that day.", "36"),
    "confidence": ("The chance of reaching the target, from 0 to 1.", "0.6"),
    "status": ("on_track, at_risk or off_track.", "on_track"),
    "note": ("What to say about it.", "Two causes found."),
    "by_email": ("Who checked in.", "owner@example.org"),
}

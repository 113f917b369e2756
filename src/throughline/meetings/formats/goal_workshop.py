"""A workshop that turns what matters into candidate goals."""

from throughline.meetings.formats import AgendaLine, MeetingFormat

ENTRY = MeetingFormat(
    key="goal_workshop",
    title="Goal workshop",
    what_for="Find the few things a team should change in the next cycle, from what people see in their work.",
    question="What should be different by the end of the cycle, and how would we notice?",
    agenda=(
        AgendaLine(
            "The purpose and last cycle's results", 10, "discussion", "Show the line: what came of the last voices."
        ),
        AgendaLine("Write what should change", 15, "board", "Ask for the change and for how one would notice it."),
        AgendaLine("Group into themes", 20, "grouping", "A theme is a change wanted, not a department."),
        AgendaLine("Choose and sharpen", 25, "discussion", "For each theme: whom does it serve, what would we stop?"),
        AgendaLine(
            "Which themes become goals", 10, "outcome", "Name who drafts each goal, and what is not taken up and why."
        ),
    ),
    facilitator_notes=(
        "Three to five themes are plenty; the rest are answered with a reason.",
        "Ask the quiet ones in writing, not by calling their names.",
    ),
)

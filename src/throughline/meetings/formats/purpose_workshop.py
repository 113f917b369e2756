"""A workshop that gathers what a purpose should say."""

from throughline.meetings.formats import AgendaLine, MeetingFormat

ENTRY = MeetingFormat(
    key="purpose_workshop",
    title="Purpose workshop",
    what_for="Gather what people believe you are here for, before anybody writes a sentence of it.",
    question="Whom do we serve, and what would they miss if we were gone tomorrow?",
    agenda=(
        AgendaLine("Arrive and agree on the question", 10, "discussion", "Read the question aloud; ask for one story."),
        AgendaLine(
            "Write, each alone", 15, "board", "Keep it silent: whoever speaks first shapes what the others write."
        ),
        AgendaLine("Read and group", 20, "grouping", "Name a theme only when it has two contributions."),
        AgendaLine(
            "Talk about what surprises", 20, "discussion", "Begin with the smallest theme; large ones speak anyway."
        ),
        AgendaLine("What we take with us", 10, "outcome", "Write what the draft must say, and what stays open."),
    ),
    facilitator_notes=(
        "Do not edit contributions into one sentence here; the draft comes later and is decided on its own.",
        "If a contribution has no theme, leave it. It still gets an answer.",
        "Say at the end when people will hear what became of what they said.",
    ),
)

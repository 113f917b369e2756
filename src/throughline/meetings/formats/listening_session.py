"""An idea board: a question, answers in writing, and a visible reply."""

from throughline.meetings.formats import AgendaLine, MeetingFormat

ENTRY = MeetingFormat(
    key="listening_session",
    title="Listening session",
    what_for="Ask one question and hear everybody, at the same time or over a few days, with or without names.",
    question="What should we hear that nobody has asked you about?",
    agenda=(
        AgendaLine("Why we ask, and what happens with the answers", 5, "discussion", "Promise only what you will do."),
        AgendaLine("Write", 20, "board", "Leave the board open for some days when people work in shifts."),
        AgendaLine("Read and group together", 15, "grouping", "Read before grouping; keep the words people used."),
        AgendaLine(
            "What we heard and what comes next", 10, "outcome", "Say it back; say by when each theme is answered."
        ),
    ),
    facilitator_notes=(
        "Anonymous posts appear in batches of five or when grouping begins. Do not guess aloud who wrote one.",
        "Every theme gets an answer, even when it is “not now, because …”.",
    ),
)

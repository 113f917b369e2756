"""A look back that ends in few changes."""

from throughline.meetings.formats import AgendaLine, MeetingFormat

ENTRY = MeetingFormat(
    key="retrospective",
    title="Retrospective",
    what_for="Look back on a stretch of work, and decide on one or two things to do otherwise.",
    question="What helped us, what held us back, and what puzzles us still?",
    agenda=(
        AgendaLine("Set the scene", 5, "discussion", "Everybody did their best with what they knew at the time."),
        AgendaLine("What happened", 15, "board", "One thing per contribution; facts before judgements."),
        AgendaLine("Find the patterns", 15, "grouping", "Name a theme by what connects it, not by who it is about."),
        AgendaLine(
            "Why, and what to try", 20, "discussion", "Pick one theme; ask why until an experiment suggests itself."
        ),
        AgendaLine("What we will try, and until when", 5, "outcome", "One or two things, each with a name and a date."),
    ),
    facilitator_notes=("Start with the outcome of the last retrospective: was it tried, and what came of it?",),
)

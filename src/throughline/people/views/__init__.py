"""Pages about people, units, strengths, stakeholders and imports."""

"""Our own plain table of goals: its rows, how cells are written and read, and what is checked."""

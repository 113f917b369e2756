"""The shell: the frame around every page, and what needs more than one app.

`pages/` reads several apps for one page (Home, Team, a cycle's five steps, the trace, search). `journeys/` writes to several
apps in one step (a goal out of a theme) and tells contributors what became of what they said. Rule: the shell owns no rows.
"""

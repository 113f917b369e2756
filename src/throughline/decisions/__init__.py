"""Decisions: proposals bound to an exact text, what people said to them, and what came of it.

Nouns: proposal, method, signatory, position, signature, objection, outcome. Three rules carry the rest:

1. A position counts for exactly the version and text it was given on; `rules.is_asked_again` alone says who
must speak anew.
2. An objection stays open until it is integrated, withdrawn by whoever raised it, or recorded as standing for
all to see.
3. Decisions know nothing of what is decided about: they ask the subject registry who may see it.
"""

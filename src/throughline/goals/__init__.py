"""Goals: what the organisation, its units and its people set out to reach, and how far they are.

Nouns: cycle, strategic theme, goal (an objective; its parts are key results and initiatives), milestone, alignment
(contributes | supports), dependency, version, check-in, comment. Three rules: a goal counts upwards only after the right
people signed an exact version of it; every number can be explained line by line, for today and for any past day; nothing
is deleted, a row that ends keeps its dates.
"""

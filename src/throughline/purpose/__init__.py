"""Purpose: why the organisation, a unit and a person are here, and the values and policies that follow from
it.

Nouns: purpose statement and version, value, behaviour, policy, suggestion, endorsement, purpose review. Three
rules:

1. A version's text never changes; what the organisation or a unit is here for is adopted by a decision only.
2. Every member can suggest wording before adoption, and every suggestion gets a fate its author is told.
3. A personal purpose is read by its author alone, not even by administrators, until its author shares it.
"""

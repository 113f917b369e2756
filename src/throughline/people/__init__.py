"""People: who is here, in which units, what they are good at, and who else has a stake.

Nouns: unit (a tree, with dated memberships), person, strength, stakeholder (a person or a group). Three rules: leavers are
ended, never deleted; the reporting tree has no cycles; a unit membership has dates and today decides.
"""

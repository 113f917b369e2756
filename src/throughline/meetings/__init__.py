"""Meetings: people gather, say what they have to say, group it into themes, and close with an outcome.

Nouns: meeting (of a format), agenda item, board, contribution (named or unattributed), theme, outcome. Three rules: a
contribution posted without a name is stored with nothing that leads to its author (design, section 5); a move on the
board says where the card was, so two people working at once never undo each other unseen; grouping is no fate.
"""

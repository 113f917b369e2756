"""The ledger: what happened (event), what hangs together (link), and the line through it (trace).

Nouns: event, link, trace, subject. Three rules: an event is written in the transaction of its change and never altered;
it holds ids and numbers only, so nothing in it ever needs erasing; a link to what the reader may not see shows as
"something you cannot open".
"""

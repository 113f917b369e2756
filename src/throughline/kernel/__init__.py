"""What every app stands on: who acts, in which organisation, at what time, and how things are refused.

Holds no product words. Three rules: nothing reads across organisations by accident (`scoping`), nothing runs as
nobody (`actor`), and every refusal is a sentence (`errors`, `verdict`).
"""

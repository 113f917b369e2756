"""Reading the ledger: history, traces and search, always through the eyes of an actor."""

from throughline.ledger.selectors.fates import Fate, fates_of
from throughline.ledger.selectors.history import HistoryLine, history_of, links_from, links_to
from throughline.ledger.selectors.searching import search_subjects, subject_ids_matching
from throughline.ledger.selectors.tracing import Trace, TraceNode, trace_of, trace_stations

__all__ = [
    "Fate",
    "HistoryLine",
    "Trace",
    "TraceNode",
    "fates_of",
    "history_of",
    "links_from",
    "links_to",
    "search_subjects",
    "subject_ids_matching",
    "trace_of",
    "trace_stations",
]

"""Writing to the ledger: events, links and search entries, always inside the caller's transaction."""

from throughline.ledger.models import Relation
from throughline.ledger.services.fates import FateGiven, fate_answer
from throughline.ledger.services.inserting import rows_insert
from throughline.ledger.services.links import link_create, link_remove, links_create_bulk
from throughline.ledger.services.recording import event_record
from throughline.ledger.services.searching import search_index, search_index_bulk, search_remove
from throughline.ledger.services.statistics import statistics_keep, statistics_refresh

__all__ = [
    "FateGiven",
    "Relation",
    "event_record",
    "fate_answer",
    "link_create",
    "link_remove",
    "links_create_bulk",
    "rows_insert",
    "search_index",
    "search_index_bulk",
    "search_remove",
    "statistics_keep",
    "statistics_refresh",
]

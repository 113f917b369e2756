"""What the database knows about how its tables are filled, brought up to date after many rows were written."""

from __future__ import annotations

from django.db import connection

# Rows written in one go from which on the old knowledge misleads the database.
MANY_ROWS = 5000


def statistics_refresh(*, rows_written: int) -> None:
    """Let the database look at its tables again after a bulk write of many rows; nothing after a small one.

    Without it SQLite takes an index on the organisation, which every row has in common, for the best one there is.
    """
    if rows_written < MANY_ROWS:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Looks at so many rows of each index instead of all: a tenth of a second for a gigabyte.
            cursor.execute("PRAGMA analysis_limit = 1000")
        cursor.execute("ANALYZE")


def statistics_keep() -> None:
    """The same for rows that come one by one, now and then; PostgreSQL does it for itself."""
    if connection.vendor == "sqlite":
        statistics_refresh(rows_written=MANY_ROWS)

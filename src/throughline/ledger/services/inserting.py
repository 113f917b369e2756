"""Writing many rows of one table fast: what bulk services use once their rules have been applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

from throughline.kernel.actor import Actor
from throughline.kernel.scoping import current_org_id

# Python values of these fields go to either database as they are.
_PLAIN = (models.CharField, models.TextField, models.FloatField, models.IntegerField, models.BooleanField)


def rows_insert(
    actor: Actor, model: type[models.Model], *, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> range | list[int]:
    """Insert rows given as tuples of `columns` (attribute names, without the organisation); answers their numbers.

    Columns not named get their default. Constraints and triggers of the database hold as for single rows, model
    methods are not called. Inside a transaction only, whose write lock (SQLite) keeps the numbers free.
    """
    if actor.org_id != current_org_id():
        raise RuntimeError("Rows are inserted for the organisation in scope only.")
    if not connection.in_atomic_block:
        raise RuntimeError(
            "Many rows are inserted inside a transaction, so that their event stands or falls with them."
        )
    if not rows:
        return []
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in columns]
    rest = [
        field for name, field in by_name.items() if name not in columns and name != "org_id" and not field.primary_key
    ]
    constant = (actor.org_id, *(_value_of(field)(field.get_default()) for field in rest))
    names = ["id", "org_id", *(str(field.column) for field in (*rest, *fields))]
    quote = connection.ops.quote_name
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(name) for name in names)}) "  # noqa: S608 - quoted names of a model
        f"VALUES ({', '.join(['%s'] * len(names))})"
    )
    numbers = _numbers_reserved(model._meta.db_table, len(rows))
    with connection.cursor() as cursor:
        cursor.executemany(sql, _records(fields, rows, numbers, constant))
    return numbers


def _records(
    fields: Sequence[models.Field[Any, Any]],
    rows: Sequence[Sequence[Any]],
    numbers: range | list[int],
    constant: tuple[Any, ...],
) -> list[tuple[Any, ...]]:
    converters = [(place, _value_of(field)) for place, field in enumerate(fields) if not _is_plain(field)]
    records = []
    for number, row in zip(numbers, rows, strict=True):
        values = list(row)
        for place, convert in converters:
            if values[place] is not None:
                values[place] = convert(values[place])
        records.append((number, *constant, *values))
    return records


def _is_plain(field: models.Field[Any, Any]) -> bool:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return isinstance(target, _PLAIN)


def _value_of(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    # The same few days and moments come again and again.
    is_repeated = isinstance(field, models.DateField)
    return lru_cache(maxsize=4096)(convert) if is_repeated else convert


def _numbers_reserved(table: str, count: int) -> range | list[int]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
            first = cursor.fetchone()[0] + 1
            return range(first, first + count)
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]

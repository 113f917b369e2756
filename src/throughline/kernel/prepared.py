"""Queries whose SQL is put together once.

Writing SQL from lookups takes Django about a millisecond a query, many times what the database needs to answer a small
one. For the few questions that every page asks, that is most of the page. Such a question is written once, as any other
query, with `Prepared`; the first call writes its SQL, every call fills in its values and the organisation in scope.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from throughline.kernel.scoping import across_orgs, current_org_id, in_org

# Stand-ins for values while the SQL is written: numbers and days that no query has as constants.
_FIRST_NUMBER = 2_000_000_000
_ORG = _FIRST_NUMBER - 1
ModelT = TypeVar("ModelT", bound=Model)


class _Written:
    """A query over values of fixed types, given by keyword, with its SQL once it was needed."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **kinds: type[int] | type[date]) -> None:
        self._build, self._kinds = build, kinds
        self._written: dict[str, tuple[SQLCompiler, str, list[Any], list[str | None]]] = {}

    def _answer(self, values: Mapping[str, int | date]) -> tuple[SQLCompiler, list[Any]]:
        compiler, sql, constants, names = self._written.get(connection.vendor) or self._write()
        given = {name: self._adapted(values[name]) for name in self._kinds} | {"org": current_org_id()}
        params = [constant if name is None else given[name] for constant, name in zip(constants, names, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return compiler, cursor.fetchall()

    def _write(self) -> tuple[SQLCompiler, str, list[Any], list[str | None]]:
        stand_ins: dict[str, int | date] = {
            name: _FIRST_NUMBER + number if kind is int else date(1, 1, 2 + number)
            for number, (name, kind) in enumerate(self._kinds.items())
        }
        with across_orgs(reason="the SQL is written with a stand-in for the organisation"), in_org(_ORG):
            compiler = self._build(**stand_ins).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = {self._adapted(value): name for name, value in stand_ins.items()} | {_ORG: "org"}
        names = [places.get(param) if isinstance(param, int | str | date) else None for param in params]
        missing = {*self._kinds, "org"} - set(names)
        if missing:
            raise ValueError(f"This query does not use {', '.join(sorted(missing))} as a plain value.")
        self._written[connection.vendor] = (compiler, sql, list(params), names)
        return self._written[connection.vendor]

    @staticmethod
    def _adapted(value: int | date) -> int | str | date | None:
        return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


class Prepared(_Written):
    """A query over values of fixed types, given by keyword: `Prepared(build, goal_id=int, day=date)`.

    `build` takes a stand-in for each value, passes it on to lookups unchanged, and answers a `values_list` queryset of
    plain columns. Calling the object answers its rows as tuples, in one query. It needs one organisation in scope.
    """

    def __call__(self, **values: int | date) -> list[tuple[Any, ...]]:
        compiler, rows = self._answer(values)
        return [tuple(row) for row in compiler.results_iter([rows], tuple_expected=True)]


class PreparedModels(_Written, Generic[ModelT]):
    """The same for a queryset of whole rows, with what it names in `select_related`; answers model instances."""

    def __init__(self, build: Callable[..., QuerySet[ModelT]], **kinds: type[int] | type[date]) -> None:
        super().__init__(build, **kinds)

    def __call__(self, **values: int | date) -> list[ModelT]:
        compiler, rows = self._answer(values)
        start, *_, last = compiler.klass_info["select_fields"]
        names = [column.target.attname for column, *_ in compiler.select[start : last + 1]]
        populators = get_related_populators(  # type: ignore[call-arg]  # the stubs describe a later Django
            compiler.klass_info, compiler.select, connection.alias
        )
        found = []
        for row in compiler.results_iter([rows]):
            instance = compiler.klass_info["model"].from_db(connection.alias, names, row[start : last + 1])
            for populator in populators:
                populator.populate(row, instance)
            found.append(instance)
        return found

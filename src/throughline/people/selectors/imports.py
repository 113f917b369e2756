"""HR imports as their pages show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.paging import Page, page_of
from throughline.people import policies
from throughline.people.models import ImportFinding, PeopleImport
from throughline.people.rules import FindingKind


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One refused line or cell."""

    line: int
    name: str
    column: str
    value: str
    reason: str
    is_whole_line: bool


REFUSED = (FindingKind.REFUSED_LINE, FindingKind.REFUSED_CELL)


def imports_visible_to(actor: Actor, *, most: int = 20) -> list[PeopleImport]:
    """The actor's latest uploads."""
    return list(PeopleImport.objects.filter(policies.visible_imports(actor)).order_by("-id")[:most])


def import_visible(actor: Actor, import_id: int) -> PeopleImport:
    """One upload of the actor's own, or NotFound."""
    found = PeopleImport.objects.filter(policies.visible_imports(actor), pk=import_id).first()
    if found is None:
        raise NotFound("There is no import here that you can open.")
    return found


def import_findings(
    people_import: PeopleImport, kinds: Sequence[FindingKind], *, cursor: str = "", size: int = 50
) -> Page[ImportFinding]:
    """One page of findings in the order of the file; the caller has fetched the import as visible."""
    rows = ImportFinding.objects.filter(people_import=people_import, kind__in=kinds)
    return page_of(rows, order=("line", "id"), cursor=cursor, size=size)


def refused_export(people_import: PeopleImport) -> Iterator[list[object]]:
    """Header and rows of everything refused."""
    yield ["Line", "Name", "Column", "Value", "Reason", "Whole line refused"]
    rows = ImportFinding.objects.filter(people_import=people_import, kind__in=REFUSED).order_by("line", "id")
    for row in rows.iterator(chunk_size=2000):
        is_whole = row.kind == FindingKind.REFUSED_LINE
        yield [row.line, row.name, row.column, row.value, row.reason, "yes" if is_whole else "no"]

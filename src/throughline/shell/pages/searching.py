"""Search over everything one may see."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from throughline.access.requests import PageRequest
from throughline.components.parts import Row, TabLink
from throughline.ledger.selectors import search_subjects
from throughline.ledger.subjects import SubjectCard, subject_kinds, subject_type

PAGE_SIZE = 60


def search_page(request: PageRequest) -> HttpResponse:
    """Results of `?q=`, narrowed by `?kind=`; works as a plain page and as the target of the search box."""
    actor = request.actor
    words = request.GET.get("q", "").strip()[:200]
    kind = request.GET.get("kind", "")
    kinds = [kind] if kind in subject_kinds() else None
    cards = search_subjects(actor, words, kinds=kinds, limit=PAGE_SIZE) if words else []
    tabs = [TabLink("Everything", f"?q={words}", is_current=kinds is None)] + [
        TabLink(subject_type(name).label_plural, f"?q={words}&kind={name}", is_current=kinds == [name])
        for name in sorted({card.ref.kind for card in cards} | set(kinds or ()))
    ]
    return render(
        request,
        "shell/search.html",
        {
            "search_query": words,
            "tabs": tabs,
            "rows": [_row(card) for card in cards],
            "is_full": len(cards) == PAGE_SIZE,
        },
    )


def _row(card: SubjectCard) -> Row:
    meta = f"{card.kind_label} · {card.meta}" if card.meta else card.kind_label
    return Row(title=card.title, url=card.url, side=card.state_label, meta=meta, state=card.state)

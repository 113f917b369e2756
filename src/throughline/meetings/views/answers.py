"""The answer host's pages: post without a name, and follow it by its receipt.

No session, no cookie and no CSRF token exist here (the middleware answers this host before those run), so these views
are exempt from that check: what is written needs the board's posting key or a receipt, which no foreign page knows.
Secrets travel in a POST body or a URL fragment, never in a path or query.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render as render_plain
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access.middleware import status_of
from throughline.access.problems import problem_response
from throughline.kernel.errors import Conflict, Invalid, NotFound, Refused, ThroughlineError
from throughline.kernel.scoping import in_org
from throughline.meetings import selectors, services
from throughline.meetings.forms import PostForm, ReceiptForm, form_refused
from throughline.meetings.limits import is_allowed
from throughline.meetings.models import Meeting
from throughline.meetings.views.board import qr_svg

# Per minute and process. A room of 300 people posting at once fits; guessing a 128-bit receipt does not.
POSTS_PER_BOARD = 600
RECEIPTS = 600
_TOO_MANY = "Too many people are writing at this moment. Wait a minute and send again; your words are kept below."


def render(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page without a CSRF token in it: there is no cookie here to compare one with."""
    return render_plain(request, template, {"csrf_token": "", **context}, status=status)


@require_GET
def welcome(request: HttpRequest) -> HttpResponse:
    return render(request, "answers/welcome.html", {})


@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def board(request: HttpRequest, public_id: str) -> HttpResponse:
    try:
        meeting = services.board_by_public_id(public_id)
    except NotFound as error:
        return _refused(request, error)
    with in_org(meeting.org_id):
        if request.method == "POST":
            return _post(request, meeting)
        return _form(request, meeting, PostForm(initial={"nonce": _nonce()}))


def _nonce() -> str:
    return secrets.token_urlsafe(24)


def _is_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def _post(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    data = _body(request)
    form = PostForm(data)
    if not is_allowed(f"post:{meeting.public_id}", most=POSTS_PER_BOARD):
        form.add_error(None, _TOO_MANY)
        return _form_refused(request, meeting, form, 429)
    if not form.is_valid():
        return _form_refused(request, meeting, form, 422)
    try:
        posted = services.unattributed_post(meeting=meeting, **form.cleaned_data)
    except Invalid as error:
        form_refused(form, error)
        return _form_refused(request, meeting, form, 422)
    except (Conflict, Refused) as error:
        form.add_error(None, str(error))
        # What is kept is sent as a new post, so it needs a number of its own.
        form.data = {**data, "nonce": _nonce()}
        return _form_refused(request, meeting, form, status_of(error))
    link = f"{settings.ANSWER_URL}/r/#{posted.receipt}"
    if _is_json(request):
        body = {"receipt": posted.receipt, "receipt_url": link, "is_repeat": posted.is_repeat}
        return JsonResponse(body, status=200 if posted.is_repeat else 201)
    context = {"meeting": meeting, "posted": posted, "link": link, "qr": qr_svg(link)}
    return render(request, "answers/posted.html", context)


def _body(request: HttpRequest) -> dict[str, str]:
    if not _is_json(request):
        return {name: request.POST.get(name, "") for name in ("text", "key", "nonce", "receipt")}
    try:
        sent = json.loads(request.body)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in sent.items()} if isinstance(sent, dict) else {}


def _form_refused(request: HttpRequest, meeting: Meeting, form: PostForm, status: int) -> HttpResponse:
    if _is_json(request):
        problems = {field: [str(word) for word in words] for field, words in form.errors.items()}
        problems = {"" if field == "__all__" else field: words for field, words in problems.items()}
        return problem_response(
            status, " ".join(word for words in problems.values() for word in words), problems=problems
        )
    return _form(request, meeting, form, status=status)


def _form(request: HttpRequest, meeting: Meeting, form: PostForm, *, status: int = 200) -> HttpResponse:
    return render(request, "answers/board.html", {"meeting": meeting, "form": form}, status=status)


@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return render(request, "answers/receipt_form.html", {"form": ReceiptForm()})
    return _with_receipt(request, "look")


@csrf_exempt
@sensitive_post_parameters()
@require_POST
def receipt_edit(request: HttpRequest) -> HttpResponse:
    return _with_receipt(request, "edit")


@csrf_exempt
@sensitive_post_parameters()
@require_POST
def receipt_withdraw(request: HttpRequest) -> HttpResponse:
    return _with_receipt(request, "withdraw")


def _with_receipt(request: HttpRequest, do: str) -> HttpResponse:
    data = _body(request)
    form = ReceiptForm(data)
    if not is_allowed("receipts", most=RECEIPTS):
        form.add_error(None, _TOO_MANY)
    if not form.is_valid():
        return _receipt_refused(request, form, 422)
    try:
        row = services.receipt_open(form.cleaned_data["receipt"])
    except NotFound as error:
        form.add_error("receipt", str(error))
        return _receipt_refused(request, form, 404)
    status, sentence, typed = 200, "", None
    with in_org(row.org_id):
        try:
            if do == "edit":
                services.unattributed_edit(row=row, text=form.cleaned_data["text"])
                sentence = "Your words are changed."
            elif do == "withdraw":
                services.unattributed_withdraw(row=row)
                sentence = "Your words are erased."
        except (Invalid, Conflict) as error:
            status, sentence, typed = status_of(error), str(error), data.get("text", "")
        return _receipt_page(request, row, form=form, status=status, sentence=sentence, typed=typed)


def _receipt_page(
    request: HttpRequest, row: Any, *, form: ReceiptForm, status: int, sentence: str, typed: str | None
) -> HttpResponse:
    shown = selectors.receipt_shown(row)
    if _is_json(request):
        if status >= 400:
            return problem_response(status, sentence)
        body: dict[str, Any] = {
            "text": shown.text,
            "theme": shown.theme_title,
            "fate": shown.fate.kind,
            "reason": shown.fate.reason,
            "shaped": [card.title for card in shown.fate.shaped],
            "messages": list(shown.messages),
            "is_withdrawn": shown.is_withdrawn,
        }
        return JsonResponse(body)
    code = form.cleaned_data["receipt"]
    edit_form = ReceiptForm(initial={"receipt": code, "text": shown.text if typed is None else typed})
    edit_form.fields["text"].required = True
    context = {
        "shown": shown,
        "receipt": code,
        "edit_form": edit_form,
        "sentence": sentence,
        "is_refused": status >= 400,
    }
    return render(request, "answers/receipt.html", context, status=status)


def _receipt_refused(request: HttpRequest, form: ReceiptForm, status: int) -> HttpResponse:
    if _is_json(request):
        return problem_response(status, " ".join(str(word) for words in form.errors.values() for word in words))
    return render(request, "answers/receipt_form.html", {"form": form}, status=status)


def _refused(request: HttpRequest, error: ThroughlineError) -> HttpResponse:
    if _is_json(request):
        return problem_response(status_of(error), str(error))
    return render(request, "answers/refusal.html", {"sentence": str(error)}, status=status_of(error))

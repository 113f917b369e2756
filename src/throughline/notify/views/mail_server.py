"""Setting up mail, with a test from the page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from throughline.access.forms import refuse
from throughline.access.outgoing import MailFailed
from throughline.access.requests import PageRequest
from throughline.access.views.settings import settings_context
from throughline.kernel.errors import Invalid
from throughline.notify import policies
from throughline.notify.forms import MailServerForm, TestMailForm
from throughline.notify.models import MailServer
from throughline.notify.selectors import mail_server_of
from throughline.notify.services import (
    MailServerGiven,
    mail_server_remove,
    mail_server_set,
    mail_server_test,
)


@require_http_methods(["GET", "POST"])
@never_cache
def mail(request: PageRequest) -> HttpResponse:
    """The mail server: see, set up, change."""
    server = mail_server_of(request.actor)
    initial = (
        {name: getattr(server, name) for name in ("host", "port", "security", "user_name", "from_address", "from_name")}
        if server is not None
        else {"from_name": request.actor.org_name}
    )
    has_password = server is not None and bool(server.password_sealed)
    form = MailServerForm(request.POST or None, initial=initial, has_password=has_password)
    if request.method == "GET":
        return _page(request, server, form=form)
    if form.is_valid():
        given = dict(form.cleaned_data)
        given["password"] = given["password"] or (None if has_password and given["user_name"] else "")
        try:
            mail_server_set(actor=request.actor, given=MailServerGiven(**given))
        except Invalid as error:
            refuse(form, error)
        else:
            messages.success(request, "Saved. Now send a test mail to see that it works.")
            return redirect("settings:mail", request.actor.org_slug)
    return _page(request, server, form=form, status=422)


@require_POST
def mail_test(request: PageRequest) -> HttpResponse:
    """Send a test mail now and say what came of it."""
    server = mail_server_of(request.actor)
    form = TestMailForm(request.POST)
    if form.is_valid():
        try:
            mail_server_test(actor=request.actor, to=form.cleaned_data["to"])
        except Invalid as error:
            refuse(form, error)
        except MailFailed as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, f"The server took the test mail for {form.cleaned_data['to']}. Look for it there."
            )
            return redirect("settings:mail", request.actor.org_slug)
    return _page(request, server, test_form=form, status=422)


@require_POST
def mail_remove(request: PageRequest) -> HttpResponse:
    """Stop sending mail."""
    mail_server_remove(actor=request.actor)
    messages.success(request, "Mail is switched off; the inbox goes on.")
    return redirect("settings:mail", request.actor.org_slug)


def _page(
    request: PageRequest,
    server: MailServer | None,
    *,
    form: MailServerForm | None = None,
    test_form: TestMailForm | None = None,
    status: int = 200,
) -> HttpResponse:
    policies.can_run_mail(request.actor).require()
    if form is None:
        fields = ("host", "port", "security", "user_name", "from_address", "from_name")
        initial: dict[str, Any] = {name: getattr(server, name) for name in fields} if server is not None else {}
        form = MailServerForm(initial=initial, has_password=server is not None and bool(server.password_sealed))
    own = getattr(request.user, "email", "")
    context = settings_context(
        request, "mail", form=form, test_form=test_form or TestMailForm(initial={"to": own}), server=server
    )
    return render(request, "notify/mail_server.html", context, status=status)

"""What reaches one, how and when."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from throughline.access.forms import refuse
from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.access.views.settings import settings_context
from throughline.kernel.errors import Invalid
from throughline.notify.forms import PreferencesForm
from throughline.notify.selectors import has_mail_server, preferences_of
from throughline.notify.services import preferences_set


@require_http_methods(["GET", "POST"])
@guests_welcome
def notifications(request: PageRequest) -> HttpResponse:
    """Choose a pace for each group and channel."""
    form = PreferencesForm(request.POST or None, choices=preferences_of(request.actor))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                preferences_set(actor=request.actor, paces=form.paces())
            except Invalid as error:
                refuse(form, error)
            else:
                messages.success(request, "Saved.")
                return redirect("settings:notifications", request.actor.org_slug)
    context = settings_context(request, "notifications", form=form, has_mail=has_mail_server(request.actor))
    return render(request, "notify/preferences.html", context, status=status)

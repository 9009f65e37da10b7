"""Signing out one's other devices. Forms of the settings."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from knox.models import get_token_model

from chat.services import devices


@require_POST
@login_required
def sign_out(request: HttpRequest, device_id: str) -> HttpResponseBase:
    """Ends one of the person's sign-ins. Somebody else's is answered like one that does not exist."""
    if not devices.sign_out(str(request.user.pk), device_id):
        raise Http404
    return _back(request, _("That browser is signed out."))


@require_POST
@login_required
def sign_out_others(request: HttpRequest) -> HttpResponseBase:
    """Ends all other sign-ins, and the API tokens too where that is asked for."""
    count = devices.sign_out_others(str(request.user.pk), request.session.session_key)
    told = ngettext("%(count)s other browser is signed out.", "%(count)s other browsers are signed out.", count) % {
        "count": count
    }
    if "tokens" in request.POST:
        tokens = list(get_token_model().objects.filter(user=request.user))
        for token in tokens:  # one by one: each is recorded in the security log
            token.delete()
        told += " " + ngettext("%(count)s API token is revoked.", "%(count)s API tokens are revoked.", len(tokens)) % {
            "count": len(tokens)
        }
    return _back(request, told)


def _back(request: HttpRequest, text: str) -> HttpResponseBase:
    messages.success(request, text)
    return redirect(f"{reverse('chat:settings')}#devices")

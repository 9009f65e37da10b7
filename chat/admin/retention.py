"""How long the chats of a team are kept: a page of each team, which says what would be deleted before it is set."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from ai_studio import gateway
from chat.retention import older_than

SUGGESTED = (30, 90, 180, 365)
"""Days."""


class RetentionForm(forms.Form):
    """`confirmed`: how many chats the person was told of. Empty: nothing was told yet."""

    days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=gateway.LONGEST_RETENTION,
        label="Days after the last activity",
        error_messages={
            "min_value": "Chats are kept for at least one day. Leave it empty to keep them for ever.",
            "max_value": "That is longer than a hundred years. Leave it empty to keep them for ever.",
            "invalid": "Enter a whole number of days, or leave it empty to keep chats for ever.",
        },
    )
    confirmed = forms.IntegerField(required=False)


@require_http_methods(["GET", "POST"])
def view(request: HttpRequest, team_id: str) -> HttpResponse:
    """Asks for the days, shows how many chats they would delete now, and sets them when that was seen.

    More have become due since then: shown anew. The page of a team that one does not administer does not exist.
    """
    kept = gateway.retention_for(str(request.user.pk), team_id)
    if kept is None:
        raise Http404
    form = RetentionForm(request.POST if request.method == "POST" else {"days": kept.days})
    is_valid, is_sent = form.is_valid(), request.method == "POST"
    shown: dict[str, Any] = {"kept": kept, "form": form, "suggested": SUGGESTED}
    if is_valid and is_sent:
        days = form.cleaned_data["days"]
        due = older_than(team_id, days).count() if days else 0
        confirmed = form.cleaned_data["confirmed"]
        if confirmed is not None and confirmed >= due:
            gateway.set_retention(team_id, days)
            messages.success(request, f"{kept.team_name}: {sentence(days)}")
            return redirect("chat:retention", team_id)
        shown |= {"is_asked": True, "days": days, "due": due, "has_grown": confirmed is not None}
    title = f"How long chats of {kept.team_name} are kept"
    context = admin.site.each_context(request) | {"title": title, "now": sentence(kept.days)} | shown
    return TemplateResponse(
        request, "admin/chat/retention.html", context, status=400 if is_sent and not is_valid else 200
    )


def sentence(days: int | None) -> str:
    """How long chats are kept, in words."""
    if days is None:
        return "Chats are kept for ever."
    return f"Chats are kept for {days} day{'' if days == 1 else 's'} after their last activity."

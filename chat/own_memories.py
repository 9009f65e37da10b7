"""What is remembered about oneself. Forms of the settings, which are there while the platform lets people have a memory."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ai_studio import gateway
from chat.errors import InvalidCommand
from chat.memory_errors import MemoryNotFound, MemoryUnavailable, TooManyMemories
from chat.services import memories


@require_POST
@login_required
def switch(request: HttpRequest) -> HttpResponseBase:
    on = "enabled" in request.POST
    try:
        memories.switch_memory(str(request.user.pk), on=on)
    except MemoryUnavailable as error:
        raise Http404 from error
    if on:
        return _back(request, _("Memory is on. It counts from the next message on."))
    return _back(request, _("Memory is off. What is remembered stays until you delete it."))


@require_POST
@login_required
def write(request: HttpRequest, memory_id: str | None = None) -> HttpResponseBase:
    """A new one, or the one of this id anew. Somebody else's is answered like one that does not exist."""
    user_id, text = str(request.user.pk), request.POST.get("text", "")
    try:
        if memory_id is None:
            memories.add_memory(user_id, text)
        else:
            memories.change_memory(user_id, memory_id, text)
    except InvalidCommand:
        told = _("Nothing is saved: write 1 to %(limit)s characters.") % {"limit": gateway.MEMORY_CHARACTERS}
        return _back(request, told, messages.ERROR)
    except TooManyMemories:
        return _back(request, _("You have as many memories as there can be. Delete one first."), messages.ERROR)
    except (MemoryNotFound, MemoryUnavailable) as error:
        raise Http404 from error
    return _back(request, _("It is remembered."))


@require_POST
@login_required
def forget(request: HttpRequest, memory_id: str) -> HttpResponseBase:
    try:
        memories.delete_memory(str(request.user.pk), memory_id)
    except MemoryNotFound as error:
        raise Http404 from error
    return _back(request, _("It is forgotten."))


@require_POST
@login_required
def forget_all(request: HttpRequest) -> HttpResponseBase:
    memories.delete_memories(str(request.user.pk))
    return _back(request, _("Everything that was remembered about you is forgotten."))


def _back(request: HttpRequest, text: str, level: int = messages.SUCCESS) -> HttpResponseBase:
    messages.add_message(request, level, text)
    return redirect(f"{reverse('chat:settings')}#memory")

"""Pages: the chat, and a person's settings. Everything that is live comes over the socket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from asgiref.sync import async_to_sync
from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from knox.models import get_token_model

from ai_studio import gateway
from chat import retention, services
from chat.errors import AgentUnavailable, ChatError, ModelUnavailable
from chat.forms import DeletionForm, ImportForm, InstructionsForm, PreferencesForm, ProfileForm
from chat.services import devices, memories

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

REFUSED: Mapping[type[ChatError], StrPromise] = {
    ModelUnavailable: gettext_lazy("This model can't be used by your team now. Choose another one."),
    AgentUnavailable: gettext_lazy("This agent can't be used any more. Choose another one, or none."),
}
NOT_SAVED = gettext_lazy("Your preferences can't be saved like this. Reload the page.")


@require_GET
@login_required
@ensure_csrf_cookie
@cache_control(private=True, no_cache=True)
def page(request: HttpRequest, session_id: str | None = None) -> HttpResponse:
    """The chat page. Which session it shows, and whether that exists, is found out by the page itself."""
    # What signing in had to say is of no use here, and would turn up later on another page.
    list(messages.get_messages(request))
    addresses = {
        "settings": reverse("chat:settings"),
        "schedules": reverse("chat:schedules") if django_settings.SCHEDULES_PER_PERSON else "",
        "signIn": reverse("account_login"),
        "signOut": reverse("account_logout"),
        "admin": reverse("admin:index"),
        "preview": reverse("chat:preview"),
    }
    return render(request, "chat/page.html", {"addresses": addresses})


@require_http_methods(["GET", "POST"])
@login_required
@cache_control(private=True, no_store=True)
def settings(request: HttpRequest) -> HttpResponse:
    """Profile, preferences, own instructions, memory, devices, API tokens. A POST says by `form` which of them it changes."""
    which = request.POST.get("form")
    devices.seen(str(request.user.pk), request.session.session_key, request.headers.get("User-Agent", ""))
    shown = _shown(request)
    profile, instructions = shown["profile"], shown["instructions"]
    if which == "profile" and profile.is_valid():
        profile.save()
        return _saved(request, _("Your profile is saved."))
    if which == "preferences" and _save_preferences(request, shown["preferences"]):
        language = shown["preferences"].cleaned_data["language"]
        automatic = language == services.AUTOMATIC
        translation.activate(translation.get_language_from_request(request) if automatic else language)
        return _saved(request, _("Your preferences are saved. They hold on all of your devices."))
    if which == "instructions" and instructions.is_valid() and "preview" in request.POST:
        text = instructions.cleaned_data["text"] if instructions.cleaned_data["enabled"] else ""
        shown["preview"] = gateway.preview_own_instructions(str(request.user.pk), text)
    elif which == "instructions" and instructions.is_valid():
        gateway.save_own_instructions(str(request.user.pk), **instructions.cleaned_data)
        return _saved(request, _("Your instructions are saved. They count from the next message on."))
    return render(request, "chat/settings.html", shown)


@require_POST
@login_required
@sensitive_variables("secret")
@cache_control(private=True, no_store=True)
def create_token(request: HttpRequest) -> HttpResponse:
    """A new API token. This answer shows it; nothing keeps it, so there is no redirect to a page that could."""
    _token, secret = get_token_model().objects.create(user=request.user)
    return render(request, "chat/settings.html", {**_shown(request), "new_token": secret})


@require_POST
@login_required
def revoke_token(request: HttpRequest, digest: str) -> HttpResponse:
    """Ends one of the person's own API tokens. Somebody else's is answered like one that does not exist."""
    get_object_or_404(get_token_model(), user=request.user, digest=digest).delete()
    messages.success(request, _("The token is revoked."))
    return redirect(f"{reverse('chat:settings')}#tokens")


def _save_preferences(request: HttpRequest, form: PreferencesForm) -> bool:
    if not form.is_valid():
        return False
    try:
        for changes in form.changes():
            async_to_sync(services.change_preferences)(user_id=str(request.user.pk), changes=changes)
    except ChatError as error:
        form.add_error(None, REFUSED.get(type(error), NOT_SAVED))
        return False
    return True


def _shown(request: HttpRequest) -> dict[str, Any]:
    """What the settings page shows; the form that was sent is bound to what it brought."""
    which = request.POST.get("form")
    user_id = str(request.user.pk)
    own = gateway.own_instructions(user_id)
    sent = request.POST if which == "instructions" else None
    return {
        "preferences": PreferencesForm(
            request.POST if which == "preferences" else None,
            initial=services.appearance(user_id),
            teams=gateway.team_choices(user_id),
            prefix="preferences",
        ),
        "devices": devices.devices_of(user_id),
        "session_key": request.session.session_key,
        "profile": ProfileForm(request.POST if which == "profile" else None, instance=request.user, prefix="profile"),
        "instructions": InstructionsForm(sent, initial=own, prefix="instructions"),
        "memory": memories.memory_of(user_id) if gateway.memories.is_offered() else None,
        "memory_characters": gateway.MEMORY_CHARACTERS,
        "schedules_per_person": django_settings.SCHEDULES_PER_PERSON,
        "import_form": ImportForm(auto_id="import_%s"),
        "deletion_form": DeletionForm(auto_id="deletion_%s"),
        "is_kept": retention.keeps_something_of(str(request.user.pk)),
        "retention_days": gateway.retention_where_active(str(request.user.pk)),
        "tokens": get_token_model().objects.filter(user=request.user).order_by("-created"),
    }


def _saved(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("chat:settings")

"""One's own data: brought along from elsewhere, taken along, and deleted. Pages and forms of the settings."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from chat import retention, services
from chat.errors import ChatError
from chat.forms import DeletionForm, ImportForm
from chat.services import devices
from chat.services.exporting import exported
from chat.services.importing import import_chats

DEFERRED = gettext_lazy(
    "Your chats and folders are gone from here, and nobody can bring them back. Some are kept, unseen, because your "
    "organisation must keep them. They are deleted for good as soon as it no longer has to."
)


@require_POST
@login_required
def bring_in(request: HttpRequest) -> HttpResponseBase:
    """Imports a file. All of it, or nothing and why."""
    form = ImportForm(request.POST, request.FILES)
    limit = settings.IMPORT_MAX_MEGABYTES * 1024 * 1024
    file = form.cleaned_data["file"] if form.is_valid() else None
    if file is None:
        return _back(request, messages.ERROR, _("Choose a file first."))
    if file.size > limit:
        return _back(
            request,
            messages.ERROR,
            _("The file is larger than %(limit)s MB.") % {"limit": settings.IMPORT_MAX_MEGABYTES},
        )
    try:
        done = import_chats(str(request.user.pk), file.read(), limit=limit)
    except ChatError as error:
        return _back(request, messages.ERROR, _(str(error)))
    told = ngettext("%(count)s chat is imported.", "%(count)s chats are imported.", done.new) % {"count": done.new}
    if done.known:
        told += " " + ngettext(
            "%(count)s was here before and is left as it is.",
            "%(count)s were here before and are left as they are.",
            done.known,
        ) % {"count": done.known}
    return _back(request, messages.SUCCESS, told)


@require_POST
@login_required
def take_along(request: HttpRequest) -> HttpResponseBase:
    """Everything as one file."""
    file_format = "markdown" if request.POST.get("format") == "markdown" else "json"
    return exported(str(request.user.pk), None, file_format)


@require_POST
@login_required
def delete_all(request: HttpRequest) -> HttpResponseBase:
    """Everything at once and for good; of what a legal hold keeps it says that it is kept, and not why.

    The list of devices goes with the sign-ins that it tells of. A row alone would leave a browser signed in that nobody sees.
    """
    if not DeletionForm(request.POST).is_valid():
        return _back(request, messages.ERROR, _("Nothing is deleted: say first that you are sure."))
    async_to_sync(services.delete_everything)(user_id=str(request.user.pk))
    devices.sign_out_others(str(request.user.pk), request.session.session_key)
    if retention.keeps_something_of(str(request.user.pk)):
        return _back(request, messages.WARNING, str(DEFERRED))
    deleted = _(
        "All of your chats, folders, saved and scheduled prompts, own instructions, memories, drafts and preferences are deleted."
    )
    return _back(request, messages.SUCCESS, deleted)


def _back(request: HttpRequest, level: int, text: str) -> HttpResponseBase:
    messages.add_message(request, level, text)
    return redirect(f"{reverse('chat:settings')}#data")

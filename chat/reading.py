"""Pages to read sessions on: what is shared by a link, and one's own to print. They show what was said, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chat import exporting, selectors, services, shares
from chat.errors import IdTaken, NotSignedIn, SessionNotFound, ShareNotFound
from chat.ids import new_id
from chat.models import Share

LISTED = 100
"""Sessions on one page of a shared folder."""


@require_safe
def shared(request: HttpRequest, share_id: str, place: str | None = None) -> HttpResponseBase:
    """What somebody has shared, for whoever has the link and may follow it: a branch of a session, the list of those in a
    folder, or, by its `place`, one of these."""
    try:
        share = shares.get_share(share_id, _reader(request))
        if share.folder is not None and place is None:
            return _folder_page(request, share)
        shown = shares.read(share, place)
    except NotSignedIn:
        return redirect_to_login(request.path)
    except ShareNotFound as error:
        raise Http404 from error
    more: dict[str, Any] = {
        "is_shared": True,
        "folder": share.folder and {"path": f"/share/{share.pk}", "name": share.folder.name},
    }
    if _may_go_on(request, share, shown):
        more["go_on"] = {"path": f"{request.path}/copy", "target": new_id()}
    return _page(request, shown, more)


@require_POST
@login_required
def go_on(request: HttpRequest, share_id: str, place: str | None = None) -> HttpResponseBase:
    """Copies what the link shows into a session of the reader's own, and goes there."""
    try:
        share = shares.get_share(share_id, _reader(request))
        shown = shares.read(share, place)
        if not _may_go_on(request, share, shown):
            raise ShareNotFound
        target = async_to_sync(services.go_on)(str(request.user.pk), shown, request.POST.get("target", ""))
    except (ShareNotFound, SessionNotFound, IdTaken) as error:
        raise Http404 from error
    return redirect("chat:session", session_id=target)


@require_safe
@login_required
def printable(request: HttpRequest, session_id: str) -> HttpResponseBase:
    """One's own session, as it goes on paper."""
    try:
        session = selectors.get_session(str(request.user.pk), session_id)
    except SessionNotFound as error:
        raise Http404 from error
    return _page(request, shares.Readable(session, session.leaf_id, session.title), {"is_shared": False})


def _reader(request: HttpRequest) -> str | None:
    return str(request.user.pk) if request.user.is_authenticated else None


def _may_go_on(request: HttpRequest, share: Share, shown: shares.Readable) -> bool:
    """A member of the team; the owner goes on where it was written."""
    reader = _reader(request)
    return reader is not None and reader != str(shown.session.user_id) and shares.is_in_team(share, reader)


def _page(request: HttpRequest, shown: shares.Readable, more: Mapping[str, Any]) -> HttpResponse:
    named = _("Temporary chat") if shown.session.is_temporary else shown.title or _("Chat")
    turns = exporting.turns_of(shown.session, shown.leaf_id)
    return _private(request, "chat/reading.html", {"title": named, "turns": turns, **more})


def _folder_page(request: HttpRequest, share: Share) -> HttpResponse:
    """The sessions of a shared folder, newest activity first, in pages. One that lies in a folder within it is shown with its name."""
    assert share.folder is not None
    page = Paginator(shares.chats_in(share).select_related("folder"), LISTED).get_page(request.GET.get("page"))
    chats = [
        {
            "path": f"/share/{share.pk}/chat/{shares.place_of(share, session.pk)}",
            "title": session.title or _("Chat"),
            "folder": session.folder.name if session.folder and session.folder_id != share.folder_id else "",
            "at": session.updated_at,
        }
        for session in page
    ]
    return _private(request, "chat/shared_folder.html", {"title": share.folder.name, "chats": chats, "page": page})


def _private(request: HttpRequest, template: str, shown: Mapping[str, Any]) -> HttpResponse:
    # Where there is a form, it must be able to say where it comes from; other sites hear of no address in either case.
    referrer = "same-origin" if "go_on" in shown else "no-referrer"
    response = render(request, template, {**shown, "referrer": referrer})
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = referrer
    return response

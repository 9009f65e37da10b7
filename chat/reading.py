"""Pages to read a session on: what is shared by a link, and one's own to print. They show what was said, and nothing else."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chat import exporting, selectors
from chat.errors import NotSignedIn, SessionNotFound, ShareNotFound
from chat.models import Session


@require_safe
def shared(request: HttpRequest, share_id: str) -> HttpResponseBase:
    """A branch of somebody's session, for whoever has the link and may follow it."""
    reader = str(request.user.pk) if request.user.is_authenticated else None
    try:
        share = selectors.get_share(share_id, reader)
    except NotSignedIn:
        return redirect_to_login(request.path)
    except ShareNotFound as error:
        raise Http404 from error
    session = share.session
    leaf_id, title = (session.leaf_id, session.title) if share.is_live else (share.leaf_id, share.title)
    return _page(request, session, title, leaf_id, is_shared=True)


@require_safe
@login_required
def printable(request: HttpRequest, session_id: str) -> HttpResponseBase:
    """One's own session, as it goes on paper."""
    try:
        session = selectors.get_session(str(request.user.pk), session_id)
    except SessionNotFound as error:
        raise Http404 from error
    return _page(request, session, session.title, session.leaf_id, is_shared=False)


def _page(request: HttpRequest, session: Session, title: str, leaf_id: str | None, *, is_shared: bool) -> HttpResponse:
    turns = exporting.turns_of(session, leaf_id)
    named = _("Temporary chat") if session.is_temporary else title or _("Chat")
    shown = {"title": named, "turns": turns, "is_shared": is_shared}
    response = render(request, "chat/reading.html", shown)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response

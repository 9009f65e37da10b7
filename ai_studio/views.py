"""What somebody with the link of an invitation sees."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ai_studio import invitations
from ai_studio.models import Invitation, User

INVITED_WITH = "invitation"
"""In the session: the secret, so that the door for new people is open to who was invited."""
TEMPLATE = "account/invitation.html"


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Shows it, and with a POST accepts it. Unknown, used, revoked and too old look the same: 404."""
    found = invitations.open_invitation(secret)
    if found is None:
        return render(request, TEMPLATE, status=404)
    user = request.user
    if not isinstance(user, User):
        request.session[INVITED_WITH] = secret
        return render(request, TEMPLATE, {"invitation": found, "address": _door(request, found)})
    if request.method == "POST":
        try:
            invitations.accept(secret=secret, user=user)
        except invitations.InvitationGone:
            return render(request, TEMPLATE, status=404)
        except invitations.NotInvited:
            return render(request, TEMPLATE, {"invitation": found}, status=403)
        return redirect(settings.LOGIN_REDIRECT_URL)
    is_for_them = user.email.lower() == found.email.lower()
    return render(request, TEMPLATE, {"invitation": found, "is_for_them": is_for_them})


def _door(request: HttpRequest, found: Invitation) -> str:
    """Sign in for those with an account, sign up for others; both lead back here."""
    has_account = User.objects.filter(email__iexact=found.email).exists()
    query = urlencode({"next": request.path, "email": found.email})
    return f"{reverse('account_login' if has_account else 'account_signup')}?{query}"

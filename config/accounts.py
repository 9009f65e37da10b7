"""How allauth treats accounts here: the door for new people is open where the setting says so, and to who was invited."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ai_studio import invitations
from ai_studio.models import Invitation
from ai_studio.views import INVITED_WITH


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN) or _invitation(request) is not None

    def clean_email(self, email: str) -> str:
        """An invitation opens the door for its own address."""
        email = super().clean_email(email)
        request = self.request
        is_signing_up = request is not None and not request.user.is_authenticated
        invited = _invitation(request) if is_signing_up and not settings.SIGNUP_OPEN else None
        if invited is not None and invited.email.lower() != email.lower():
            raise ValidationError(_("You were invited as %(email)s: use this address.") % {"email": invited.email})
        return email


def _invitation(request: HttpRequest) -> Invitation | None:
    secret = request.session.get(INVITED_WITH) if hasattr(request, "session") else None
    return invitations.open_invitation(secret) if secret else None

"""Inviting people to a team by a link. It is bound to an e-mail address, works once, and ends after some days."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ai_studio import services
from ai_studio.models import Invitation, Membership, Team, User
from ai_studio.security_log import Event, record

VALID = timedelta(days=7)


class InvitationGone(Exception):
    """Unknown, used, revoked or too old: these look the same."""


class NotInvited(Exception):
    """The invitation is for another address."""


def invite(*, team: Team, email: str, role: str, by: User) -> tuple[Invitation, str]:
    """The invitation, and its secret, which can't be had again. One that is open for the same address is replaced."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        Invitation.objects.filter(team=team, email__iexact=email, accepted_at=None).delete()
        invitation = Invitation.objects.create(
            team=team, email=email, role=role, digest=_digest(secret), created_by=by, expires_at=timezone.now() + VALID
        )
        record(Event.INVITATION_MADE, subject=invitation, team=team, by=by, role=role)
    return invitation, secret


def open_invitation(secret: str) -> Invitation | None:
    """The one that this secret opens at this moment, with its team."""
    still = Invitation.objects.filter(accepted_at=None, expires_at__gt=timezone.now())
    return still.select_related("team").filter(digest=_digest(secret)).first()


def accept(*, secret: str, user: User) -> Membership:
    """Puts the person into the team; who is in it already stays what they are. Raises InvitationGone, NotInvited."""
    with transaction.atomic():
        invitation = open_invitation(secret)
        if invitation is None:
            raise InvitationGone
        if invitation.email.lower() != user.email.lower() or not user.is_active:
            raise NotInvited
        # Conditional: of two clicks at the same moment one finds it taken.
        taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None)
        if not taken.update(accepted_at=timezone.now(), accepted_by=user):
            raise InvitationGone
        record(Event.INVITATION_ACCEPTED, subject=invitation, team=invitation.team, by=user, role=invitation.role)
        existing = Membership.objects.filter(team=invitation.team, user=user).first()
        return existing or services.add_member(team=invitation.team, user=user, role=invitation.role)


def revoke(invitation: Invitation) -> None:
    """The link opens nothing any more."""
    with transaction.atomic():
        record(Event.INVITATION_REVOKED, subject=invitation, team=invitation.team)
        invitation.delete()


def mail(invitation: Invitation, *, address: str) -> bool:
    """Whether the mail back end took it. `address`: the whole link.

    In the language of whoever invites: what the other reads is not known yet.
    """
    values = {
        "team": invitation.team,
        "email": invitation.email,
        "day": date_format(timezone.localtime(invitation.expires_at), _("j F Y")),
    }
    invited = _("You are invited to the team %(team)s in Chat Studio.") % values
    ends = _("The link is for %(email)s, works once, and ends on %(day)s.") % values
    try:
        subject = _("Join %(team)s in Chat Studio") % values
        return bool(send_mail(subject, f"{invited}\n\n{address}\n\n{ends}", None, [invitation.email]))
    except OSError:  # of which SMTP's errors are kinds
        return False


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

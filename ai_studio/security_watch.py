"""Writes the security log wherever something is done through models and signals, so that no door can forget it.

What leaves no such trace (an export, a test of a token, reading somebody's prompt) is recorded where it is done.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save
from django.http import HttpRequest
from knox.models import AuthToken

from ai_studio.models import LegalHold, Membership, ProviderToken, User
from ai_studio.security_log import Event, record

_WATCHED: dict[type[Model], tuple[str, ...]] = {
    Membership: ("role",),
    ProviderToken: ("fingerprint",),
    User: ("is_superuser", "is_active", "password", "email"),
}
"""The fields whose change is an event."""
_BEFORE = "_security_before"


def connect() -> None:
    """Called when the app is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="security-sign-in")
    user_logged_out.connect(_signed_out, dispatch_uid="security-sign-out")
    user_login_failed.connect(_sign_in_failed, dispatch_uid="security-sign-in-failed")
    for model, saved, deleted in (
        (Membership, _membership_saved, _membership_deleted),
        (ProviderToken, _token_saved, _token_deleted),
        (User, _user_saved, _user_deleted),
    ):
        pre_save.connect(_remember, sender=model, dispatch_uid=f"security-remember-{model.__name__}")
        post_save.connect(saved, sender=model, dispatch_uid=f"security-saved-{model.__name__}")
        post_delete.connect(deleted, sender=model, dispatch_uid=f"security-deleted-{model.__name__}")
    post_save.connect(_hold_saved, sender=LegalHold, dispatch_uid="security-hold-placed")
    post_delete.connect(_hold_deleted, sender=LegalHold, dispatch_uid="security-hold-lifted")
    post_save.connect(_api_token_saved, sender=AuthToken, dispatch_uid="security-api-token-made")
    post_delete.connect(_api_token_deleted, sender=AuthToken, dispatch_uid="security-api-token-revoked")


# --- Doors ------------------------------------------------------------------------------------------------------------


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    record(Event.SIGN_IN, by=user, request=request)


def _signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        record(Event.SIGN_OUT, by=user, request=request)


def _sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """What was typed for an address, cut: people type passwords into the wrong field, but an address has an @."""
    typed = str(credentials.get("email") or credentials.get("username") or "")
    record(Event.SIGN_IN_FAILED, subject=typed if "@" in typed else "", request=request)


# --- Rows -------------------------------------------------------------------------------------------------------------


def _remember(sender: type[Model], instance: Any, update_fields: frozenset[str] | None = None, **_: Any) -> None:
    """Keeps the stored values until the row is saved."""
    fields = _WATCHED[sender]
    changes = update_fields is None or not update_fields.isdisjoint(fields)
    stored = None
    if changes and not instance._state.adding:
        stored = sender._default_manager.filter(pk=instance.pk).values(*fields).first()
    setattr(instance, _BEFORE, stored)


def _changed(instance: Model) -> dict[str, Any]:
    """The watched fields that were saved with another value → the value before."""
    before = getattr(instance, _BEFORE, None) or {}
    return {name: value for name, value in before.items() if value != getattr(instance, name)}


def _membership_saved(instance: Membership, created: bool, **_: Any) -> None:
    changed = _changed(instance)
    if created or "role" in changed:
        _role(instance, before=changed.get("role"), after=instance.role)


def _membership_deleted(instance: Membership, **_: Any) -> None:
    _role(instance, before=instance.role, after=None)


def _role(membership: Membership, *, before: str | None, after: str | None) -> None:
    record(Event.ROLE_CHANGED, subject=membership.user, team=membership.team, before=before, after=after)


def _token_saved(instance: ProviderToken, created: bool, **_: Any) -> None:
    if created or "fingerprint" in _changed(instance):
        event = Event.TOKEN_ADDED if created else Event.TOKEN_ROTATED
        record(event, subject=instance, team=instance.team, provider=instance.provider.name)


def _token_deleted(instance: ProviderToken, **_: Any) -> None:
    record(Event.TOKEN_REMOVED, subject=instance, team=instance.team, provider=instance.provider.name)


def _user_saved(instance: User, created: bool, **_: Any) -> None:
    if created:
        record(Event.ACCOUNT_MADE, subject=instance, is_platform_admin=instance.is_superuser)
        return
    changed = _changed(instance)
    if "is_superuser" in changed:
        role = {True: "platform admin", False: "user"}
        before, after = role[changed["is_superuser"]], role[instance.is_superuser]
        record(Event.ROLE_CHANGED, subject=instance, before=before, after=after)
    if "password" in changed:
        record(Event.PASSWORD_CHANGED, subject=instance)
    if "is_active" in changed:
        record(Event.ACCOUNT_CHANGED, subject=instance, is_active=instance.is_active)
    if "email" in changed:
        record(Event.ACCOUNT_CHANGED, subject=instance, email_before=changed["email"])


def _user_deleted(instance: User, **_: Any) -> None:
    record(Event.ACCOUNT_REMOVED, subject=instance)


def _hold_saved(instance: LegalHold, created: bool, **_: Any) -> None:
    if created:
        record(
            Event.HOLD_PLACED, subject=instance.user or instance.team or "", team=instance.team, reason=instance.reason
        )


def _hold_deleted(instance: LegalHold, **_: Any) -> None:
    placed = f"{instance.placed_at:%Y-%m-%d %H:%M} by {instance.placed_by}"
    subject = instance.user or instance.team or ""
    record(Event.HOLD_LIFTED, subject=subject, team=instance.team, reason=instance.reason, placed=placed)


def _api_token_saved(instance: AuthToken, created: bool, **_: Any) -> None:
    if created:
        record(Event.API_TOKEN_MADE, subject=instance.user, token=f"{instance.token_key}…")


def _api_token_deleted(instance: AuthToken, **_: Any) -> None:
    record(Event.API_TOKEN_REVOKED, subject=instance.user, token=f"{instance.token_key}…")

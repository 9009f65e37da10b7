"""What is done to AI Studio's data beyond saving a row: verbs that the admin, the commands and the seeds share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from ai_studio.catalogue_diff import facts_of
from ai_studio.crypto import Unreadable, Vault, fingerprint
from ai_studio.llm import Secret
from ai_studio.llm.catalogue import catalogue
from ai_studio.llm.credentials import name_of
from ai_studio.llm.errors import TokenUnreadable
from ai_studio.models import LanguageModel, Membership, ProviderToken, Team, TeamModel, User

SHORTEST_WITH_LAST_FOUR = 12
"""Characters. Four of a shorter token would give too much of it away."""


@dataclass(frozen=True, slots=True)
class RotationReport:
    """`rotated`: how many tokens the first key seals now. `unreadable`: ids of those that no key opens; left as they were."""

    rotated: int
    unreadable: tuple[str, ...]


@sensitive_variables("value")
def set_provider_token(*, token: ProviderToken, value: str, by: User | None) -> ProviderToken:
    """Seals `value` into the row, new or stored, and saves it. `by`: who made it; None for the product itself."""
    if token._state.adding:
        token.created_by = by
    token.ciphertext = _vault().seal(value, context=token.seal_context)
    name = name_of(value)
    token.last_four = name[-4:] if len(name) >= SHORTEST_WITH_LAST_FOUR else ""
    token.fingerprint = fingerprint(value)
    # Whatever came of the one before says nothing of this one.
    token.last_used_at = token.last_error_at = None
    token.last_error_code = token.last_error_detail = ""
    token.save()
    return token


def open_provider_token(token: ProviderToken) -> Secret:
    """For the call alone: keep it nowhere. Raises TokenUnreadable."""
    try:
        return _vault().open(token.ciphertext, context=token.seal_context)
    except Unreadable as error:
        raise TokenUnreadable(f"token {token.pk} does not open with TOKEN_KEYS") from error


def rotate_token_keys() -> RotationReport:
    """Seals every provider token anew with the first key of TOKEN_KEYS."""
    vault, rotated, unreadable = _vault(), 0, []
    for token in ProviderToken.objects.order_by("pk"):
        try:
            vault.open(token.ciphertext, context=token.seal_context)
            sealed = vault.rotate(token.ciphertext)
        except Unreadable:
            unreadable.append(token.pk)
            continue
        # Conditional: a token that somebody replaces at this moment is sealed with the first key already, and stays.
        ProviderToken.objects.filter(pk=token.pk, ciphertext=token.ciphertext).update(ciphertext=sealed)
        rotated += 1
    return RotationReport(rotated, tuple(unreadable))


def create_team(*, name: str, owner: User) -> Team:
    with transaction.atomic():
        team = Team.objects.create(name=name)
        add_member(team=team, user=owner, role=Membership.Role.OWNER)
    return team


def add_member(*, team: Team, user: User, role: str = Membership.Role.MEMBER) -> Membership:
    """The first team that a user joins becomes the active one. Raises ValidationError for one who is in it already."""
    membership = Membership(team=team, user=user, role=role)
    membership.full_clean()
    with transaction.atomic():
        membership.save()
        User.objects.filter(pk=user.pk, active_team=None).update(active_team=team)
    return membership


def remove_member(*, membership: Membership) -> None:
    """Whoever had this team as the active one gets the next that is left, if any."""
    with transaction.atomic():
        membership.delete()
        left = Membership.objects.filter(user=membership.user_id).order_by("created_at").first()
        stranded = User.objects.filter(pk=membership.user_id, active_team=membership.team_id)
        stranded.update(active_team=left.team_id if left else None)


def set_default_model(*, team: Team, model: LanguageModel) -> TeamModel:
    """Makes `model` the team's default in place of the one before, enabling it for the team where it was not."""
    with transaction.atomic():
        # Whoever sets another default at the same moment waits here, instead of failing on the constraint.
        Team.objects.select_for_update().get(pk=team.pk)
        TeamModel.objects.filter(team=team, is_default=True).exclude(model=model).update(is_default=False)
        chosen = {"is_enabled": True, "is_default": True}
        team_model, _ = TeamModel.objects.update_or_create(team=team, model=model, defaults=chosen)
    return team_model


def fill_from_catalogue(*, model: LanguageModel) -> bool:
    """Fills what is empty from what LiteLLM knows of the model; does not save. Whether LiteLLM knows it."""
    known = catalogue([model.provider.provider_key])
    entry = next((each for each in known if each.model == model.model_id), None)
    if entry is None:
        return False
    for name in ("context_window", "max_output_tokens", "input_price", "output_price", "cached_input_price"):
        if getattr(model, name) is None:
            setattr(model, name, getattr(entry, name))
    model.capabilities = model.capabilities or sorted(entry.capabilities)
    model.efforts = model.efforts or list(entry.efforts)
    model.synced, model.synced_at = facts_of(entry), timezone.now()
    return True


def _vault() -> Vault:
    return _vault_of(tuple(settings.TOKEN_KEYS))


@lru_cache(maxsize=1)
def _vault_of(keys: tuple[str, ...]) -> Vault:
    return Vault(keys)

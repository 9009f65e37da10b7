"""Brings the catalogue up to date: looks at a source, keeps what would change, and applies what somebody has ticked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from decimal import Decimal

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ai_studio import services
from ai_studio.catalogue_diff import (
    FACTS,
    PRICES,
    Kind,
    Offered,
    Proposal,
    Stored,
    facts_of,
    from_catalogue,
    from_list,
    propose,
)
from ai_studio.llm import ModelTarget
from ai_studio.llm.addresses import Reachable
from ai_studio.llm.catalogue import catalogue
from ai_studio.llm.model_list import ListedModel
from ai_studio.models import CatalogueReview, LanguageModel, Provider, ProviderToken, User

KEPT_UNAPPLIED = timedelta(days=1)
LIST_SECONDS = 30
"""The longest silence of a provider that is asked for its list: somebody waits for the page."""


class AlreadyApplied(Exception):
    """Somebody has applied this review."""


class Outdated(Exception):
    """A ticked model has been changed since the review was made; nothing has been applied."""

    def __init__(self, model_id: str) -> None:
        super().__init__(model_id)
        self.model_id = model_id


def review(*, provider: Provider, token: ProviderToken | None, by: User) -> CatalogueReview:
    """What would change. `token`: asks the provider for its own list with it; None: LiteLLM's catalogue.

    Raises LLMError, and `catalogue.Unreadable`.
    """
    known = catalogue([provider.provider_key])
    offered: list[Offered]
    if token is None:
        source, offered = CatalogueReview.Source.LITELLM, from_catalogue(known)
    else:
        source, offered = CatalogueReview.Source.PROVIDER, from_list(_listed(provider, token), known)
    stored = [_stored(model) for model in LanguageModel.objects.filter(provider=provider)]
    proposals = propose(stored, offered, is_whole=token is not None)
    CatalogueReview.objects.filter(applied_at=None, created_at__lt=timezone.now() - KEPT_UNAPPLIED).delete()
    return CatalogueReview.objects.create(
        provider=provider, source=source, proposals=[each.as_json() for each in proposals], created_by=by
    )


@transaction.atomic
def apply(*, review_id: str, chosen: Collection[str]) -> int:
    """Applies the proposals with these model ids, all or none, and returns how many. What an admin disabled stays so.

    Raises AlreadyApplied, Outdated.
    """
    if not CatalogueReview.objects.filter(pk=review_id, applied_at=None).update(applied_at=timezone.now()):
        raise AlreadyApplied
    found = CatalogueReview.objects.get(pk=review_id)
    rows = {model.model_id: model for model in LanguageModel.objects.filter(provider=found.provider_id)}
    proposals = [each for each in map(Proposal.from_json, found.proposals) if each.model_id in chosen]
    for proposal in proposals:
        _apply(proposal, found.provider_id, rows.get(proposal.model_id))
    return len(proposals)


def note_overrides(model: LanguageModel, changed: Collection[str]) -> None:
    """Facts that somebody has written by hand stay in force at each sync; one that is emptied, or is as the sync has it, follows again."""
    synced, now = model.synced, facts_of(model)
    overridden = set(model.overridden)
    for name in set(changed) & set(FACTS):
        if now.get(name) is None or now.get(name) == synced.get(name):
            overridden.discard(name)
            _put(model, name, synced.get(name))
        else:
            overridden.add(name)
    model.overridden = sorted(overridden)


def _apply(proposal: Proposal, provider_id: str, row: LanguageModel | None) -> None:
    if (row is None) != (proposal.kind is Kind.NEW):
        raise Outdated(proposal.model_id)
    if row is None:
        row = LanguageModel(provider_id=provider_id, model_id=proposal.model_id, display_name=proposal.name)
    elif row.status != _expected_status(proposal.kind) or _differs(_stored(row), proposal):
        raise Outdated(proposal.model_id)
    match proposal.kind:
        case Kind.ARCHIVED:
            row.status, row.is_enabled = LanguageModel.Status.ARCHIVED, False
        case Kind.RESTORED:
            row.status = LanguageModel.Status.ACTIVE  # and as disabled as it is: that is for a person to decide
        case _:
            pass
    row.synced = {**row.synced, **proposal.after}
    row.synced_at = timezone.now()
    for name in proposal.after.keys() - set(row.overridden):
        _put(row, name, proposal.after[name])
    row.full_clean(validate_unique=False, validate_constraints=False)
    row.save()


def _expected_status(kind: Kind) -> str:
    return LanguageModel.Status.ARCHIVED if kind is Kind.RESTORED else LanguageModel.Status.ACTIVE


def _differs(stored: Stored, proposal: Proposal) -> bool:
    return any(stored.facts.get(name) != value for name, value in proposal.before.items())


def _stored(model: LanguageModel) -> Stored:
    facts = {**facts_of(model), **model.synced}
    is_active = model.status == LanguageModel.Status.ACTIVE
    return Stored(model.model_id, model.display_name, is_active, facts, model.synced_at is not None)


def _put(model: LanguageModel, name: str, value: object) -> None:
    if name in ("capabilities", "efforts"):
        value = value or []
    elif name in PRICES and value is not None:
        value = Decimal(str(value))
    setattr(model, name, value)


def _listed(provider: Provider, token: ProviderToken) -> list[ListedModel]:
    from ai_studio.llm.litellm_client import LiteLLMClient
    from ai_studio.llm.litellm_connections import Network, Timeouts

    secret = services.open_provider_token(token)
    target = ModelTarget(provider.provider_key, "", secret, provider.base_url or None, provider.options)
    network = Network(Reachable.parse(settings.PROVIDER_PRIVATE_HOSTS))

    async def ask() -> list[ListedModel]:
        client = LiteLLMClient(Timeouts(settings.PROVIDER_CONNECT_SECONDS, LIST_SECONDS), network=network)
        try:
            return await client.list_models(target)
        finally:
            await client.aclose()

    return async_to_sync(ask)()

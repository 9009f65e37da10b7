"""Which rows leave a history, and which of their fields. What is secret, or changes by use instead of by people, is left out."""

from __future__ import annotations

from typing import Any

from django.db import models
from simple_history import register
from simple_history.models import HistoricalRecords

from ai_studio.models.agent import Agent
from ai_studio.models.instructions import Instructions
from ai_studio.models.language_model import LanguageModel, TeamModel
from ai_studio.models.library import Document, Library
from ai_studio.models.provider import Provider, ProviderToken
from ai_studio.models.saved_prompt import SavedPrompt
from ai_studio.models.team import Membership, Team
from ai_studio.models.user import User

LEFT_OUT: dict[type[models.Model], tuple[str, ...]] = {
    Provider: (),
    ProviderToken: ("ciphertext", "last_used_at", "last_error_code", "last_error_at", "last_error_detail"),
    LanguageModel: (),
    Team: (),
    Membership: (),
    TeamModel: (),
    Library: (),
    Document: ("text", "key"),
    Agent: ("revision",),
    Instructions: ("revision",),  # counted in the database, where a copy has nothing to count
    SavedPrompt: ("revision", "user"),  # a person's own leave none
    User: ("password", "last_login", "has_memory", "last_memory_number"),  # whether one is remembered is one's own
}


class _Records(HistoricalRecords):  # type: ignore[misc]  # has no types
    """Says nothing when only fields were saved that the history leaves out, such as at each sign-in, and nothing of what is a
    person's own: who deletes it means all of it.
    """

    def post_save(
        self, instance: Any, created: bool, using: str | None = None, update_fields: Any = None, **options: Any
    ) -> None:
        if getattr(instance, "is_personal", False):
            return
        kept = None if update_fields is None else set(update_fields) - set(self.excluded_fields)
        if kept is None or kept:
            super().post_save(instance, created, using=using, update_fields=update_fields, **options)

    def post_delete(self, instance: Any, using: str | None = None, **options: Any) -> None:
        if not getattr(instance, "is_personal", False):
            super().post_delete(instance, using=using, **options)


for _model, _left_out in LEFT_OUT.items():
    register(_model, app="ai_studio", records_class=_Records, excluded_fields=list(_left_out))

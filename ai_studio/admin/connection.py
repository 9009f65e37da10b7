"""The panel `Test connection` below the form of a provider, a token or a model, and the stream that it reads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import orjson
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from ai_studio import connection_test, security_log
from ai_studio.admin.base import authority, signed_in
from ai_studio.llm.catalogue import catalogue
from ai_studio.models import LanguageModel, Provider, ProviderToken, TeamModel

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_JUST_STORED = "tokens-just-stored"
LONGEST_MODEL_ID = 200
MOST_SUGGESTIONS = 300


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be tested from one page: the tokens and the models of one provider. No models: an id may be typed."""

    provider: Provider
    tokens: list[ProviderToken]
    models: list[LanguageModel]

    @property
    def suggestions(self) -> list[str]:
        """Ids for a provider without a model yet."""
        if self.models:
            return []
        return [each.model for each in catalogue([self.provider.provider_key])][:MOST_SUGGESTIONS]


class NotTestable(Exception):
    """What was chosen can't be tested; the text says why."""


class ConnectionTested:
    """For a ModelAdmin of Provider, ProviderToken or LanguageModel, left of it. Whoever may change a row may test it."""

    change_form_outer_after_template = "ai_studio/connection_test.html"

    class Media:
        css = {"all": ["ai_studio/connection-test.css"]}
        js = ["ai_studio/connection-test.js"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.test_view))  # type: ignore[attr-defined]
        return [path("<path:object_id>/test/", view, name=_address_name(self.model)), *super().get_urls()]  # type: ignore[attr-defined, misc]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"connection_test": self._panel(request, object_id), **(extra_context or {})}
        answer: HttpResponse = super().change_view(request, object_id, form_url, context)  # type: ignore[misc]
        return answer

    def _panel(self, request: HttpRequest, object_id: str) -> dict[str, Any] | None:
        """None where there is nothing that this person may test."""
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if row is None or not self.has_change_permission(request, row):  # type: ignore[attr-defined]
            return None
        return {
            "address": reverse(f"admin:{_address_name(self.model)}", args=[row.pk]),  # type: ignore[attr-defined]
            "choices": _choices(request, row),
            "prompt": connection_test.PROMPT,
            "longest_prompt": connection_test.LONGEST_PROMPT,
            "starts": row.pk == request.session.pop(_JUST_STORED, None),
        }

    def test_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """One JSON object a line, each a step of `connection_test`. The status is 400 when nothing was called."""
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if row is None:
            return JsonResponse({"text": "This does not exist any more. Reload the page."}, status=404)
        if not self.has_change_permission(request, row):  # type: ignore[attr-defined]
            raise PermissionDenied
        choices = _choices(request, row)
        try:
            token, model_id = _chosen_token(request, choices), _chosen_model(request, choices)
            prompt = _prompt(request)
        except NotTestable as reason:
            return JsonResponse({"text": str(reason)}, status=400)
        security_log.record(
            security_log.Event.TOKEN_TESTED, subject=token, team=token.team, by=signed_in(request), model=model_id
        )
        connection_test.load()
        route = connection_test.route_to(choices.provider, token, model_id)
        steps = connection_test.run(route, user_id=signed_in(request).pk, prompt=prompt)
        return StreamingHttpResponse(_lines(steps), content_type="application/x-ndjson", headers=HEADERS)


def show_test_next(request: HttpRequest, token: ProviderToken) -> None:
    """The token's page tests it by itself when it is opened next, which is at once. Not by an address: a link must not
    make anybody's browser spend money."""
    request.session[_JUST_STORED] = token.pk


def _address_name(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}_test"


def _choices(request: HttpRequest, row: Model) -> Choices:
    """Of a row that the person may change."""
    rights = authority(request)
    tokens: QuerySet[ProviderToken]
    match row:
        case ProviderToken():
            tokens, provider = ProviderToken.objects.filter(pk=row.pk), row.provider
            models = rights.choosable(LanguageModel).filter(provider=provider)
        case LanguageModel():
            provider, models = row.provider, LanguageModel.objects.filter(pk=row.pk)
            tokens = _tokens(request, provider)
        case Provider():
            provider, models = row, LanguageModel.objects.filter(provider=row)
            tokens = _tokens(request, row)
        case _:
            raise TypeError(row)
    return Choices(provider, list(tokens), _likely_first(models))  # type: ignore[arg-type]


def _likely_first(models: QuerySet[LanguageModel]) -> list[LanguageModel]:
    """First those that are some team's default, then the cheapest."""
    defaults = TeamModel.objects.filter(model=OuterRef("pk"), is_default=True)
    cheapest = F("input_price").asc(nulls_last=True)
    rows = models.annotate(is_default_=Exists(defaults))
    return list(rows.order_by("-is_enabled", "-is_default_", cheapest, "display_name"))


def _tokens(request: HttpRequest, provider: Provider) -> QuerySet[ProviderToken]:
    rows = authority(request).visible(ProviderToken).filter(provider=provider).select_related("team")
    return rows.order_by("-is_enabled", F("team__name").asc(nulls_first=True), "priority")  # type: ignore[return-value]


def _chosen_token(request: HttpRequest, choices: Choices) -> ProviderToken:
    chosen = request.POST.get("token", "")
    found = next((token for token in choices.tokens if token.pk == chosen), None)
    if found is None:
        raise NotTestable("Choose a token. If there is none, add one under Tokens.")
    return found


def _chosen_model(request: HttpRequest, choices: Choices) -> str:
    chosen = request.POST.get("model", "").strip()
    if choices.models and chosen not in {model.model_id for model in choices.models}:
        raise NotTestable("Choose a model.")
    if not chosen or len(chosen) > LONGEST_MODEL_ID or not chosen.isprintable():
        raise NotTestable("Write a model's id, as the provider writes it.")
    return chosen


def _prompt(request: HttpRequest) -> str:
    prompt = request.POST.get("prompt", "").strip()
    if not prompt or len(prompt) > connection_test.LONGEST_PROMPT:
        raise NotTestable(f"Write a message of at most {connection_test.LONGEST_PROMPT} characters.")
    return prompt


async def _lines(steps: AsyncIterator[connection_test.Step]) -> AsyncIterator[bytes]:
    async for step in steps:
        yield orjson.dumps(connection_test.as_json(step)) + b"\n"

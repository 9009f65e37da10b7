"""A provider's catalogue: compare it with a source, read what would change, apply what is ticked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from ai_studio import catalogue_sync
from ai_studio.admin import display as written
from ai_studio.admin.base import signed_in
from ai_studio.catalogue_diff import PRICES, Kind, Proposal
from ai_studio.llm import LLMError
from ai_studio.llm.advice import ADVICE
from ai_studio.llm.catalogue import Unreadable
from ai_studio.llm.redaction import redact
from ai_studio.models import CatalogueReview, Provider, ProviderToken

TITLES = {
    Kind.NEW: "New",
    Kind.CHANGED: "Changed",
    Kind.ARCHIVED: "Gone: to be archived",
    Kind.RESTORED: "Back again: archived here",
}
ABOUT = {
    Kind.NEW: "Teams can use one only after it is enabled for them.",
    Kind.CHANGED: "What was written by hand stays in force; the catalogue's word is kept beside it.",
    Kind.ARCHIVED: "Nobody can choose an archived model any more; what it wrote stays. An id that is only a short name for another may be missing from the provider's list although it works.",
    Kind.RESTORED: "It stays disabled until somebody enables it.",
}
TICKED = frozenset({Kind.CHANGED})
"""What a sync is mostly for. New ones are many, and archiving takes something away: these are for a person to tick."""
NAMES = {
    "context_window": "context",
    "max_output_tokens": "longest answer",
    "input_price": "input $/M",
    "output_price": "output $/M",
    "cached_input_price": "cached input $/M",
    "capabilities": "capabilities",
    "efforts": "thinking efforts",
}


class CatalogueSynced:
    """For the ModelAdmin of Provider, left of it. Whoever may change a provider may bring its catalogue up to date."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view  # type: ignore[attr-defined]
        own = [
            path("<path:object_id>/catalogue/", wrap(self.compare_view), name="ai_studio_provider_catalogue"),
            path(
                "<path:object_id>/catalogue/<str:review_id>/", wrap(self.review_view), name="ai_studio_provider_review"
            ),
        ]
        return [*own, *super().get_urls()]  # type: ignore[misc]

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Chooses a source; POST compares with it."""
        provider = self._provider(request, object_id)
        tokens = (
            ProviderToken.objects.filter(provider=provider).select_related("team").order_by("-is_enabled", "priority")
        )
        context: dict[str, Any] = {"provider": provider, "tokens": list(tokens)}
        if request.method == "POST":
            source = request.POST.get("source", "")
            context["chosen"] = source
            token = next((each for each in context["tokens"] if each.pk == source), None)
            if token is None and source != CatalogueReview.Source.LITELLM:
                context["problem"] = "Choose what to compare with."
            else:
                try:
                    review = catalogue_sync.review(provider=provider, token=token, by=signed_in(request))
                    return redirect("admin:ai_studio_provider_review", provider.pk, review.pk)
                except LLMError as error:
                    context |= {"problem": ADVICE[error.code], "code": error.code, "detail": redact(error.detail)}
                except Unreadable as error:
                    context |= {"problem": str(error)}
        return self._page(request, "compare", f"Catalogue of {provider}", context)

    def review_view(self, request: HttpRequest, object_id: str, review_id: str) -> HttpResponseBase:
        """What would change; POST applies what is ticked."""
        provider = self._provider(request, object_id)
        review = get_object_or_404(CatalogueReview, pk=review_id, provider=provider)
        if request.method == "POST":
            return self._apply(request, provider, review)
        proposals = [Proposal.from_json(each) for each in review.proposals]
        groups = [
            {"title": TITLES[kind], "about": ABOUT[kind], "kind": kind.value, "lines": lines, "ticked": kind in TICKED}
            for kind in Kind
            if (lines := [_line(each) for each in proposals if each.kind is kind])
        ]
        context = {"provider": provider, "review": review, "groups": groups}
        return self._page(request, "review", f"Catalogue of {provider}", context)

    def _apply(self, request: HttpRequest, provider: Provider, review: CatalogueReview) -> HttpResponse:
        chosen = set(request.POST.getlist("model"))
        if not chosen:
            messages.warning(request, "Nothing was ticked, so nothing has been changed.")
            return redirect("admin:ai_studio_provider_review", provider.pk, review.pk)
        try:
            applied = catalogue_sync.apply(review_id=review.pk, chosen=chosen)
        except catalogue_sync.AlreadyApplied:
            messages.error(request, "This comparison has been applied already. Compare again.")
        except catalogue_sync.Outdated as error:
            text = f"Nothing has been applied: {error.model_id} was changed since this comparison. Compare again."
            messages.error(request, text)
        else:
            messages.success(request, f"Models brought up to date: {applied}.")
        return redirect("admin:ai_studio_provider_catalogue", provider.pk)

    def _provider(self, request: HttpRequest, object_id: str) -> Provider:
        provider = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if provider is None:
            raise Http404
        if not self.has_change_permission(request, provider):  # type: ignore[attr-defined]
            raise PermissionDenied
        found: Provider = provider
        return found

    def _page(self, request: HttpRequest, name: str, title: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "title": title, "opts": Provider._meta}  # type: ignore[attr-defined]
        return TemplateResponse(request, f"ai_studio/catalogue_{name}.html", shared | context)


def _line(proposal: Proposal) -> dict[str, Any]:
    facts = [
        {
            "name": NAMES[name],
            "before": _written(name, proposal.before[name]) if name in proposal.before else "",
            "after": _written(name, value),
        }
        for name, value in proposal.after.items()
    ]
    return {
        "id": proposal.model_id,
        "name": proposal.name,
        "facts": facts,
        "is_known": proposal.is_catalogued or proposal.kind is not Kind.NEW,
    }


def _written(name: str, value: Any) -> str:
    if value is None or value == []:
        return written.UNKNOWN
    if name in ("capabilities", "efforts"):
        return ", ".join(value)
    return f"${value}" if name in PRICES else written.tokens(value)

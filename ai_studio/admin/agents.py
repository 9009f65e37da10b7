"""Agents, each a team's own."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from ai_studio import revisions
from ai_studio.admin import trials
from ai_studio.admin.base import StudioModelAdmin, authority, signed_in
from ai_studio.admin.fallbacks import FallbacksField
from ai_studio.admin.filters import LimitedRelatedFilter
from ai_studio.admin.forms import LinesField, ParametersForm
from ai_studio.admin.revisions import RevisedAdmin, RevisedForm
from ai_studio.admin.writing import WritingAdmin
from ai_studio.models import Agent, LanguageModel, Library, TeamModel
from ai_studio.tools.registry import BUILTIN
from ai_studio.validators import validate_starters


class AgentForm(RevisedForm, ParametersForm):
    starters = LinesField(
        rows=4,
        validators=[validate_starters],
        help_text="First messages to choose from, one a line. Three or four are enough.",
    )
    fallbacks = FallbacksField()
    tools = forms.MultipleChoiceField(
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="What the agent may do besides speaking. Models that can't call tools answer without them.",
    )
    blamed = {"agent_name_once_per_team": "name"}
    blamed_when_stale = "instructions"

    class Meta:
        model = Agent
        fields = (
            "team",
            "name",
            "icon",
            "description",
            "instructions",
            "library",
            "model",
            "starters",
            "parameters",
            "fallbacks",
            "tools",
            "visibility",
            "is_enabled",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = "Who the agent is and how it works. Type { to put in a variable."
        self.fields["instructions"].help_text = help_text

        self.fields["visibility"].required = False
        # One that this version does not know is kept, not lost on the first save.
        others = [(name, f"{name}: unknown here") for name in self.instance.tools if name not in BUILTIN]
        known = [(name, f"{tool.title}: {tool.summary}") for name, tool in BUILTIN.items()]
        cast("forms.MultipleChoiceField", self.fields["tools"]).choices = [*known, *others]

    def clean_visibility(self) -> str:
        return self.cleaned_data["visibility"] or Agent.Visibility.TEAM

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        team = self.instance.team if self.instance.team_id else cleaned.get("team")
        chosen = {"model": [cleaned.get("model")], "fallbacks": cleaned.get("fallbacks") or []}
        enabled = set(TeamModel.objects.filter(team=team, is_enabled=True).values_list("model_id", flat=True))
        for field, models in chosen.items():
            for model in models:
                if team and model and model.pk not in enabled:
                    reason = f"{model} is not enabled for {team}. Enable it on the team's page first."
                    self.add_error(field, ValidationError(reason))
        library = cleaned.get("library")
        if team and library and library.team_id != team.pk:
            self.add_error("library", ValidationError(f"{library} is another team's library."))
        if cleaned.get("fallbacks") is not None:
            cleaned["fallbacks"] = [model.pk for model in cleaned["fallbacks"]]
        return cleaned


def _offered(request: HttpRequest, agent: Agent | None) -> QuerySet[LanguageModel]:
    """The models that the agent's team can use, and those that it has: what is not offered would be lost by a save."""
    usable, stored = authority(request).choosable(LanguageModel), []
    if agent is not None:
        enabled = TeamModel.objects.filter(team=agent.team_id, is_enabled=True).values("model")
        usable, stored = usable.filter(pk__in=enabled), [agent.model_id, *agent.fallbacks]
    return (
        LanguageModel.objects.filter(Q(pk__in=usable.values("pk")) | Q(pk__in=stored))
        .select_related("provider")
        .order_by("provider__name", "display_name")
    )


@admin.register(Agent)
class AgentAdmin(RevisedAdmin, WritingAdmin, StudioModelAdmin):
    form = AgentForm
    written = ("instructions",)
    list_display = ("title", "team", "answers_with", "visibility", "is_enabled", "updated_at")
    list_filter = (("team", LimitedRelatedFilter), ("is_enabled", BooleanRadioFilter))
    list_filter_submit = True
    list_select_related = ("team", "model")
    search_fields = ("name", "description", "team__name")
    ordering = ("team__name", "name")
    fieldsets = (
        (None, {"fields": ("team", "name", "icon", "description", "visibility", "is_enabled")}),
        ("What it is told", {"fields": ("instructions", "library", "starters")}),
        ("Model", {"fields": ("model", "fallbacks", "temperature", "max_tokens", "reasoning_effort", "parameters")}),
        ("Tools", {"fields": ("tools",)}),
        ("This change", {"fields": ("reason", "opened")}),
    )

    change_form_outer_before_template = "admin/ai_studio/agent_links.html"

    def get_urls(self) -> list[URLPattern]:
        own = {"clone": self.clone_view, "trial": self.trial_view}
        paths = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=f"ai_studio_agent_{name}")
            for name, view in own.items()
        ]
        return [*paths, *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Agent | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "fallbacks" in form.base_fields:
            # A copy: the declared field belongs to every request, and choices to this one.
            fallbacks = form.base_fields["fallbacks"] = deepcopy(form.base_fields["fallbacks"])
            models = form.base_fields["model"].queryset = _offered(request, obj)
            fallbacks.offer(list(models))
            if obj is not None:
                own = authority(request).visible(Library).filter(team=obj.team_id)
                form.base_fields["library"].queryset = own.select_related("team").order_by("name")
        return form

    def clone_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A draft with the same content, for a change that is to be tried beside the original."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        copy = revisions.clone(self._own(request, object_id), by=signed_in(request))
        text = f"{copy.name} is a draft: the team's other members see it when its visibility says so."
        messages.success(request, text)
        return redirect(reverse("admin:ai_studio_agent_change", args=[copy.pk]))

    def trial_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        return trials.view(request, self.admin_site, self._own(request, object_id))

    def _own(self, request: HttpRequest, object_id: str) -> Agent:
        agent: Agent | None = self.get_object(request, unquote(object_id))
        if agent is None:
            raise Http404
        if not self.has_change_permission(request, agent):
            raise PermissionDenied
        return agent

    def get_readonly_fields(self, request: HttpRequest, obj: Agent | None = None) -> tuple[str, ...]:
        # Sessions of the team refer to the agent: in another team they could not use it any more.
        return ("team",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Agent, form: ModelForm[Any], change: bool) -> None:
        if not change:
            obj.created_by = signed_in(request)
        super().save_model(request, obj, form, change)

    @display(description="agent", ordering="name", header=True)
    def title(self, agent: Agent) -> tuple[str, str]:
        return f"{agent.icon} {agent.name}".strip(), agent.description

    @display(description="model", ordering="model__display_name")
    def answers_with(self, agent: Agent) -> str:
        return str(agent.model) if agent.model else "The team's default"

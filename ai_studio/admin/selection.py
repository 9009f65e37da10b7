"""What the inspector looks at: a person, a team, an agent, a model, and perhaps a switch. Read from the address."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from ai_studio import selectors
from ai_studio.authorization import Authority
from ai_studio.llm import EFFORTS, Message, Role
from ai_studio.models import Agent, Membership, Team, User
from ai_studio.planning import Wanted
from ai_studio.resolution import Verdict, in_team_order
from ai_studio.verdicts import VERDICTS

SUGGESTED_PEOPLE = 50
NOBODY = "none"
"""As the agent before: there was none, and an agent takes over."""
GONE = "gone:"
"""Before the name of an agent that answered and was deleted since."""
QUESTION = "Hello!"


class SelectionForm(forms.Form):
    """Every choice is the team's own, so a posted id of another team is refused like one that does not exist."""

    team = forms.ChoiceField(widget=UnfoldAdminSelectWidget())
    person = forms.CharField(max_length=254, widget=UnfoldAdminTextInputWidget())
    agent = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget())
    model = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget())
    effort = forms.ChoiceField(
        required=False,
        label="Thinking chosen",
        choices=[("", "Automatic"), *((effort, effort.capitalize()) for effort in EFFORTS)],
        widget=UnfoldAdminSelectWidget(),
    )
    previous = forms.ChoiceField(required=False, label="Just switched from", widget=UnfoldAdminSelectWidget())
    message = forms.CharField(required=False, max_length=2_000, widget=UnfoldAdminTextInputWidget())

    def __init__(self, data: Mapping[str, str], *, prefix: str, viewer: User, authority: Authority) -> None:
        self.viewer = viewer
        given = {name: data[f"{prefix}-{name}"] for name in self.base_fields if f"{prefix}-{name}" in data}
        teams = list(Team.objects.filter(pk__in=authority.visible(Team).values("pk")).order_by("name"))
        team = self.chosen_team = _chosen(teams, given.get("team"), viewer.active_team_id)
        self.people = _people(team)
        if team is None or data.get(f"{prefix}-offered") not in (None, team.pk):
            given = {}  # the choices on the page were another team's
        given["team"] = team.pk if team else ""
        given["person"] = given.get("person") or self._first_person(viewer)
        given.setdefault("message", QUESTION)
        super().__init__({f"{prefix}-{name}": value for name, value in given.items()}, prefix=prefix)
        self._offer(teams)

    def clean_person(self) -> User:
        email = self.cleaned_data["person"].strip()
        found = self.people.filter(user__email__iexact=email).first()
        if found is None:
            raise ValidationError(f"Nobody with this address is in {self.chosen_team or 'the team'}.")
        return found.user

    def wanted(self) -> Wanted:
        """Of a valid form. A model is the session's, as the picker of the chat page sets it."""
        chosen = self.cleaned_data
        return Wanted(
            user_id=chosen["person"].pk,
            team_id=chosen["team"],
            session_model_id=chosen["model"] or None,
            agent_id=chosen["agent"] or None,
            effort=chosen["effort"] or None,
            previous_agent=self._previous(chosen["previous"]),
            uses_memory=True,
        )

    def messages(self) -> tuple[Message, ...]:
        return (Message(Role.USER, self.cleaned_data["message"] or QUESTION),)

    @property
    def suggested(self) -> list[User]:
        return [membership.user for membership in self.people[:SUGGESTED_PEOPLE]]

    def _previous(self, chosen: str) -> tuple[str | None, str | None] | None:
        if not chosen:
            return None
        if chosen.startswith(GONE):
            return None, chosen.removeprefix(GONE)
        return (None, None) if chosen == NOBODY else (chosen, self.agents[chosen])

    def _first_person(self, viewer: User) -> str:
        if self.people.filter(user=viewer).exists():
            return viewer.email
        first = self.people.first()
        return first.user.email if first else ""

    def _offer(self, teams: list[Team]) -> None:
        team = self.chosen_team
        rows = Agent.objects.filter(team=team).order_by("name")
        self.agents = {agent.pk: agent.name for agent in rows}
        enabled = [(agent.pk, f"{agent.icon} {agent.name}".strip()) for agent in rows if agent.is_enabled]
        self.fields["person"].widget.attrs |= {"list": f"{self.prefix}-people", "autocomplete": "off"}
        self._choices("team", [(each.pk, each.name) for each in teams])
        self._choices("agent", [("", "No agent"), *enabled])
        before = [("", "No switch"), (NOBODY, "No agent"), *self.agents.items()]
        given = str(self.data.get(f"{self.prefix}-previous", ""))
        gone = [(given, f"{given.removeprefix(GONE)} (deleted)")] if given.startswith(GONE) else []
        self._choices("previous", [*before, *gone])
        self._choices("model", [("", "What is resolved"), *_models(team)])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _chosen(teams: list[Team], asked: str | None, active: str | None) -> Team | None:
    by_id = {team.pk: team for team in teams}
    return by_id.get(asked or "") or by_id.get(active or "") or (teams[0] if teams else None)


def _people(team: Team | None) -> QuerySet[Membership]:
    return Membership.objects.filter(team=team).select_related("user").order_by("user__email")


def _models(team: Team | None) -> list[tuple[str, str]]:
    if team is None:
        return []
    facts = in_team_order(selectors.team_catalogue(team.pk).facts.values())
    verdicts = {each.id: each.verdict() for each in facts}
    reasons = {id: "" if verdict is Verdict.CHOSEN else f" ({VERDICTS[verdict]})" for id, verdict in verdicts.items()}
    return [(each.id, f"{each.name}{reasons[each.id]}") for each in facts]

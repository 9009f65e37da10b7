"""Takes a document in: all of it or nothing. What is there and not in the document stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from ai_studio import revisions, security_log
from ai_studio.library import keeping
from ai_studio.models import (
    Agent,
    Document,
    Instructions,
    LanguageModel,
    Library,
    Provider,
    SavedPrompt,
    SwitchRule,
    Team,
    TeamModel,
    User,
)
from ai_studio.transfer.difference import Change, difference
from ai_studio.transfer.exporting import MARK, SCHEMA, studio_document
from ai_studio.transfer.fields import FALLBACKS, TOOLS, from_file, is_stored, refuse_unknown_tools, travelling
from ai_studio.transfer.text import Parsed, Path, Refused, parse

_MOVED = (
    "a provider of this name is here with stored tokens, and they would be sent elsewhere. "
    "Rename one of the two, or change the address here by hand"
)


def apply_text(text: str, *, by: User | None) -> list[Change]:
    """What is different now. Raises Refused, and then nothing has changed."""
    parsed = _read(text)
    with transaction.atomic():
        changes = _taken_in(parsed, by)
        security_log.record(security_log.Event.IMPORTED, by=by, changes=len(changes))
    return changes


def preview_text(text: str) -> list[Change]:
    """What `apply_text` would change: it is done, looked at, and undone. Raises Refused."""
    parsed = _read(text)
    with transaction.atomic():
        changes = _taken_in(parsed, None)
        transaction.set_rollback(True)
    return changes


def _read(text: str) -> Parsed:
    parsed = parse(text)
    schema = parsed.value.get(MARK) if isinstance(parsed.value, dict) else None
    if not isinstance(schema, int) or isinstance(schema, bool):
        parsed.complain((MARK,), f"This is not a studio's file: it must say “{MARK}: {SCHEMA}”.")
    elif schema > SCHEMA:
        newer = f"The file has schema {schema}; this installation reads up to {SCHEMA}. Update it first."
        parsed.complain((MARK,), newer)
    elif schema < 1:
        parsed.complain((MARK,), f"There is no schema {schema}.")
    if parsed.problems:
        raise Refused(parsed.problems)
    return parsed


def _taken_in(parsed: Parsed, by: User | None) -> list[Change]:
    before = studio_document()
    _Import(parsed, by).run()
    if parsed.problems:
        raise Refused(sorted(parsed.problems, key=lambda problem: problem.line or 0))
    return difference(before, studio_document())


@dataclass
class _Import:
    """Goes on after a fault, so that all of them are told at once; the transaction around it undoes what was done."""

    parsed: Parsed
    by: User | None
    catalogue: dict[tuple[str, str], LanguageModel] = field(default_factory=dict)
    is_catalogue_sound: bool = True
    """Otherwise a model that is missed is one that the file has, with a fault of its own."""

    def run(self) -> None:
        document = self.parsed.value
        self._refuse_unknown(document, (), {MARK, "instructions", "switch_rules", "providers", "teams"})
        stored = LanguageModel.objects.select_related("provider")
        self.catalogue = {(row.provider.name, row.model_id): row for row in stored}
        self._instructions(document.get("instructions"), ("instructions",), level=Instructions.Level.PLATFORM)
        for path, item in self._items(document, (), "switch_rules", SwitchRule, ("provider_key", "model_pattern")):
            family = {name: str(item[name]) for name in ("provider_key", "model_pattern")}
            self._put(SwitchRule.objects.filter(**family).first() or SwitchRule(), item, path)
        for path, item in self._items(document, (), "providers", Provider, ("name",), {"models"}):
            self._provider(item, path)
        self.is_catalogue_sound = not self.parsed.problems
        beside = {"models", "libraries", "agents", "instructions", "saved_prompts"}
        for path, item in self._items(document, (), "teams", Team, ("name",), beside):
            self._team(item, path)

    def _provider(self, item: dict[str, Any], path: Path) -> None:
        provider = Provider.objects.filter(name=item["name"]).first() or Provider()
        old = (provider.provider_key, provider.base_url)
        if not self._set(provider, item, path):
            return
        is_moved = old != (provider.provider_key, provider.base_url)
        if not provider._state.adding and is_moved and provider.tokens.exists():
            self.parsed.complain(path, _MOVED)
        elif self._save(provider, path):
            for inner, model in self._items(item, path, "models", LanguageModel, ("model_id",)):
                known = self.catalogue.get((provider.name, model["model_id"]))
                row = known or LanguageModel(provider=provider)
                if self._put(row, model, inner):
                    self.catalogue[provider.name, row.model_id] = row

    def _team(self, item: dict[str, Any], path: Path) -> None:
        team = Team.objects.filter(name=item["name"]).first() or Team()
        if not self._put(team, item, path):
            return
        self._instructions(item.get("instructions"), (*path, "instructions"), level=Instructions.Level.TEAM, team=team)
        self._team_models(team, item, path)
        for inner, library in self._items(item, path, "libraries", Library, ("name",), {"documents"}):
            self._library(team, library, inner)
        for inner, agent in self._items(item, path, "agents", Agent, ("name",)):
            row = Agent.objects.filter(team=team, name=agent["name"]).first() or Agent(team=team, created_by=self.by)
            self._put(row, agent, inner)
        for inner, prompt in self._items(item, path, "saved_prompts", SavedPrompt, ("name",)):
            known = SavedPrompt.objects.filter(team=team, name=str(prompt["name"])).first()
            self._put(known or SavedPrompt(team=team), prompt, inner)

    def _library(self, team: Team, item: dict[str, Any], path: Path) -> None:
        library = Library.objects.filter(team=team, name=str(item["name"])).first() or Library(team=team)
        if not self._put(library, item, path):
            return
        for inner, wanted in self._items(item, path, "documents", Document, ("name", "media_type")):
            known = Document.objects.filter(library=library, name=str(wanted["name"])).first()
            document = known or Document(library=library)
            if self._set(document, wanted, inner) and self._is_sound(document, inner) and not is_stored(document):
                try:
                    keeping.put(
                        library,
                        **{each.name: getattr(document, each.name) for each in travelling(Document)},
                        by=self.by,
                    )
                except keeping.TooManyDocuments as error:
                    self.parsed.complain(inner, str(error))

    def _team_models(self, team: Team, item: dict[str, Any], path: Path) -> None:
        rows = list(self._items(item, path, "models", TeamModel, ("model",), {"model"}))
        if any(row.get("is_default") is True for _, row in rows):
            # Another one becomes the default: the database allows one at any moment.
            TeamModel.objects.filter(team=team, is_default=True).update(is_default=False)
        for inner, row in rows:
            if (model := self._model(row["model"], (*inner, "model"))) is None:
                continue
            team_model = TeamModel.objects.filter(team=team, model=model).first() or TeamModel(team=team, model=model)
            self._put(team_model, row, inner)

    def _instructions(self, item: Any, path: Path, *, level: str, team: Team | None = None) -> None:
        if item is None:
            return
        allowed = {each.name for each in travelling(Instructions)}
        if level != Instructions.Level.PLATFORM:
            allowed.discard("safety")
        if not self._is_mapping(item, path) or not self._refuse_unknown(item, path, allowed):
            return
        row = Instructions.objects.filter(level=level, team=team).first() or Instructions(level=level, team=team)
        self._put(row, item, path)

    # --- Pieces of the file -------------------------------------------------------------------------------------------

    def _items(
        self,
        owner: dict[str, Any],
        path: Path,
        name: str,
        model: type[models.Model],
        keys: tuple[str, ...],
        beside: set[str] | None = None,
    ) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The sound items of a list: mappings of known fields, each with its own name. `beside`: keys that are no fields."""
        items = owner.get(name)
        if items is None:
            return
        if not isinstance(items, list):
            self.parsed.complain((*path, name), "must be a list")
            return
        seen: dict[str, int | None] = {}
        for index, item in enumerate(items):
            inner = (*path, name, index)
            allowed = {each.name for each in travelling(model)} | (beside or set())
            if not self._is_mapping(item, inner) or not self._refuse_unknown(item, inner, allowed):
                continue
            if missing := [key for key in keys if not item.get(key)]:
                self.parsed.complain(inner, f"has no {missing[0]}")
                continue
            named = str([item[key] for key in keys])
            if named in seen:
                self.parsed.complain((*inner, keys[0]), f"is in the list twice, in line {seen[named]} first")
                continue
            seen[named] = self.parsed.line_of(inner)
            yield inner, item

    def _is_mapping(self, item: Any, path: Path) -> bool:
        if not isinstance(item, dict):
            self.parsed.complain(path, "must have fields, each with its name and a colon")
        return isinstance(item, dict)

    def _refuse_unknown(self, item: dict[str, Any], path: Path, allowed: set[str]) -> bool:
        unknown = [name for name in item if name not in allowed]
        for name in unknown:
            known = ", ".join(sorted(allowed - {MARK}))
            self.parsed.complain((*path, name), f"is unknown here. Known are: {known}.")
        return not unknown

    def _put(self, row: models.Model, item: dict[str, Any], path: Path) -> bool:
        """Whether the row is stored as the file wants it."""
        return self._set(row, item, path) and self._save(row, path)

    def _set(self, row: models.Model, item: dict[str, Any], path: Path) -> bool:
        """Whether all values fit. Fields that the file does not name keep theirs."""
        before = len(self.parsed.problems)
        for each in travelling(type(row)):
            if each.name not in item:
                continue
            value, place = item[each.name], (*path, each.name)
            try:
                if each.name == FALLBACKS:
                    value = self._fallbacks(value, place)
                elif each.related_model is Library:
                    value = None if value is None else self._named_library(row, value, place)
                elif each.related_model is LanguageModel:
                    value = None if value is None else self._model(value, place)
                else:
                    value = from_file(each, value)
                if each.name == TOOLS:
                    refuse_unknown_tools(value)
            except ValidationError as error:
                self.parsed.complain(place, " ".join(error.messages))
            else:
                setattr(row, each.name, value)
        return len(self.parsed.problems) == before

    def _fallbacks(self, value: Any, path: Path) -> list[str]:
        """A row keeps the ids of models, the file their names."""
        if not isinstance(value, list):
            raise ValidationError("must be a list")
        found = (self._model(each, (*path, index)) for index, each in enumerate(value))
        return [model.pk for model in found if model is not None]

    def _model(self, value: Any, path: Path) -> LanguageModel | None:
        is_reference = isinstance(value, dict) and value.keys() == {"provider", "model_id"}
        found = self.catalogue.get((str(value["provider"]), str(value["model_id"]))) if is_reference else None
        if not is_reference:
            self.parsed.complain(path, "must name a model by its provider and model_id")
        elif found is None and self.is_catalogue_sound:
            named = f"{value['provider']} / {value['model_id']}"
            self.parsed.complain(path, f"There is no model {named}, neither in the file nor here.")
        return found

    def _named_library(self, row: models.Model, value: Any, path: Path) -> Library | None:
        """One of the same team as `row`."""
        found = Library.objects.filter(team=getattr(row, "team", None), name=str(value)).first()
        if found is None and self.is_catalogue_sound:
            self.parsed.complain(path, f"There is no library {value} in the team, neither in the file nor here.")
        return found

    def _is_sound(self, row: models.Model, path: Path) -> bool:
        try:
            row.full_clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                place = (*path, name) if name in {each.name for each in travelling(type(row))} else path
                self.parsed.complain(place, " ".join(messages))
            return False
        return True

    def _save(self, row: models.Model, path: Path) -> bool:
        if not self._is_sound(row, path):
            return False
        if not is_stored(row):
            if isinstance(row, Instructions):  # noqa: SIM114  (one type at a time, as the signature wants it)
                revisions.save(row, by=self.by, reason="Imported")
            elif isinstance(row, Agent):  # noqa: SIM114
                revisions.save(row, by=self.by, reason="Imported")
            elif isinstance(row, SavedPrompt):
                revisions.save(row, by=self.by, reason="Imported")
            else:
                row.save()
        return True

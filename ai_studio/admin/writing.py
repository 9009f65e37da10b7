"""The field in which instructions are written: it counts, completes variables and shows what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import Field
from django.forms import Field as FormField
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget

from ai_studio.admin.base import signed_in
from ai_studio.instructions import MAX_CHARACTERS
from ai_studio.planning import variables


class WritingWidget(UnfoldAdminTextareaWidget):
    class Media:
        css = {"all": ["ai_studio/writing.css"]}
        js = ["ai_studio/instructions.js"]

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(attrs={"data-variables": json.dumps(values), "data-most": str(MAX_CHARACTERS), "rows": 14})


class WritingAdmin:
    """For a StudioModelAdmin: the fields of `written` are instructions."""

    written: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> FormField | None:
        if db_field.name in self.written:
            viewer = signed_in(request)
            team = str(viewer.active_team or "your team")
            kwargs["widget"] = WritingWidget(variables(viewer, team_name=team, agent_name="the agent"))
        field: FormField | None = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        return field

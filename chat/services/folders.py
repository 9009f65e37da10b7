"""Folders: make, change, nest and remove. What lies in a removed folder stays, in the folder around it or in none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from channels.db import database_sync_to_async
from django.db import transaction

from ai_studio import gateway
from chat import doorbell, frames, nesting, selectors
from chat.errors import FolderInItself, FolderNotFound, FoldersTooDeep, InvalidCommand, NoTeam
from chat.ids import new_id
from chat.models import Folder
from chat.presentation import folder_json
from chat.services.purging import erase_folders
from chat.services.sessions import require_usable

NAME_CHARACTERS = 100
INSTRUCTIONS_CHARACTERS = 20_000
MOST_FOLDERS = 200


@dataclass(frozen=True, slots=True)
class FolderContent:
    """A folder as its owner wants it."""

    name: str
    model_id: str | None = None
    agent_id: str | None = None
    instructions: str = ""
    parent_id: str | None = None


async def create_folder(*, user_id: str, content: FolderContent) -> dict[str, Any]:
    """The folder's JSON. Raises NoTeam, FolderNotFound, FoldersTooDeep, InvalidCommand, ModelUnavailable, AgentUnavailable."""
    data = await database_sync_to_async(_create)(user_id, content)
    await tell_folders(user_id)
    return data


async def change_folder(*, user_id: str, folder_id: str, content: FolderContent) -> dict[str, Any]:
    """The folder's JSON. Raises FolderNotFound (also of the parent), FolderInItself, FoldersTooDeep, InvalidCommand, ModelUnavailable,
    AgentUnavailable."""
    data = await database_sync_to_async(_save)(user_id, folder_id, content)
    await tell_folders(user_id)
    return data


async def delete_folder(*, user_id: str, folder_id: str) -> None:
    """Raises FolderNotFound."""
    await database_sync_to_async(_delete)(user_id, folder_id)
    await tell_folders(user_id)


async def tell_folders(user_id: str) -> None:
    """Every tab of theirs hears what folders they have now."""
    folders = await database_sync_to_async(_all)(user_id)
    await doorbell.ring_frame(user_id, frames.folders(folders))


def _all(user_id: str) -> list[dict[str, Any]]:
    return [folder_json(folder) for folder in selectors.folders_of(user_id)]


def _create(user_id: str, content: FolderContent) -> dict[str, Any]:
    team_id = gateway.active_team(user_id)
    if team_id is None:
        raise NoTeam
    if selectors.folders_of(user_id).count() >= MOST_FOLDERS:
        raise InvalidCommand("You have {most} folders, which is the most. Delete one first.", {"most": MOST_FOLDERS})
    return _written(Folder(id=new_id(), user_id=user_id, team_id=team_id), content)


def _save(user_id: str, folder_id: str, content: FolderContent) -> dict[str, Any]:
    return _written(selectors.get_folder(user_id, folder_id), content)


def _written(folder: Folder, content: FolderContent) -> dict[str, Any]:
    name = " ".join(content.name.replace("\x00", "").split())
    if not name or len(name) > NAME_CHARACTERS:
        raise InvalidCommand("The name of a folder has 1 to {limit} characters.", {"limit": NAME_CHARACTERS})
    held = (folder.model_id, folder.agent_id)
    require_usable(folder.user_id, folder.team_id, content.model_id, content.agent_id, held=held)
    folder.name, folder.model_id, folder.agent_id = name, content.model_id, content.agent_id
    folder.instructions = content.instructions.replace("\x00", "").strip()
    with transaction.atomic():
        folder.parent_id = _parent_for(folder, content.parent_id)
        folder.save()
    return folder_json(selectors.get_folder(folder.user_id, folder.pk))


def _parent_for(folder: Folder, parent_id: str | None) -> str | None:
    """Within a transaction: two moves at once, each into what the other moves, would make a ring. The second waits here."""
    if parent_id is None:
        return None
    own = Folder.objects.filter(user_id=folder.user_id, team_id=folder.team_id, erased_at=None)
    parents = dict(own.select_for_update().order_by("pk").values_list("pk", "parent_id"))
    if parent_id not in parents:
        raise FolderNotFound
    line = nesting.levels_above(parents, parent_id)
    if folder.pk in line:
        raise FolderInItself
    if len(line) + nesting.levels_of(parents, folder.pk) > nesting.MOST_LEVELS:
        raise FoldersTooDeep
    return parent_id


def _delete(user_id: str, folder_id: str) -> None:
    folder = selectors.get_folder(user_id, folder_id)
    with transaction.atomic():
        folder.sessions.update(folder=folder.parent_id)
        folder.children.update(parent=folder.parent_id)
        erase_folders(Folder.objects.filter(pk=folder.pk))

"""The verbs of chat: what a view, a consumer or a command calls, once, with ids and plain values.

Each authorizes through `chat.selectors`, so that every door keeps the same rule. They raise `ChatError` and nothing else on purpose.
"""

from __future__ import annotations

from chat.services.answers import (
    Answered,
    answer_to_regenerate,
    continue_answer,
    merge,
    parent_for,
    regenerate,
    send_message,
    stop_generation,
    stop_session,
)
from chat.services.branching import fork, revise, show
from chat.services.drafts import draft, write_draft
from chat.services.folders import FolderContent, change_folder, create_folder, delete_folder
from chat.services.going_on import go_on
from chat.services.housekeeping import keep_house
from chat.services.organising import Change, change_sessions, delete_everything, delete_sessions, restore_sessions
from chat.services.preferences import AUTOMATIC, appearance, change_preferences, preferences_of
from chat.services.purging import purge_now
from chat.services.rating import rate
from chat.services.sessions import create_session, switch
from chat.services.unread import mark_read
from chat.services.watching import reap_generations, subscribe, watch, watch_parts

__all__ = [
    "AUTOMATIC",
    "Answered",
    "Change",
    "FolderContent",
    "answer_to_regenerate",
    "appearance",
    "change_folder",
    "change_preferences",
    "change_sessions",
    "continue_answer",
    "create_folder",
    "create_session",
    "delete_everything",
    "delete_folder",
    "delete_sessions",
    "draft",
    "fork",
    "go_on",
    "keep_house",
    "mark_read",
    "merge",
    "parent_for",
    "preferences_of",
    "purge_now",
    "rate",
    "reap_generations",
    "regenerate",
    "restore_sessions",
    "revise",
    "send_message",
    "show",
    "stop_generation",
    "stop_session",
    "subscribe",
    "switch",
    "watch",
    "watch_parts",
    "write_draft",
]

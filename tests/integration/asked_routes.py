"""What can be asked of each route about objects of one person, for the matrix of who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ids:
    """What a request names: Alice's, or what nobody has."""

    session: str
    question: str
    answer: str
    other: str
    generation: str
    deleted: str
    folder: str
    share: str
    prompt: str
    sent: str
    unsent: str
    memory: str
    schedule: str
    guest: str


Call = tuple[str, str, Any]
"""Method, path, body."""

MINE_EACH_MONDAY = {"name": "Mine", "prompt": "Mine", "at": "09:00", "zone": "UTC", "weekdays": [1]}
HELLO = [{"role": "user", "content": "Hello"}]


def calls(ids: Ids) -> dict[str, list[Call]]:
    """For each route, by its name, what can be asked of it about one session."""
    session = f"/api/sessions/{ids.session}"
    again = {"id": ids.session, "trigger": "regenerate-message", "messages": []}
    return {
        "session": [("GET", session, None), ("PATCH", session, {"title": "Mine now"}), ("DELETE", session, None)],
        "changed": [("POST", "/api/sessions/changed", {"sessions": [ids.session], "archived": True})],
        "deleted": [("POST", "/api/sessions/deleted", {"sessions": [ids.session]})],
        "restored": [("POST", "/api/sessions/restored", {"sessions": [ids.deleted]})],
        "exported": [("POST", "/api/sessions/exported", {"sessions": [ids.session], "format": "json"})],
        "shares": [
            ("GET", f"{session}/shares", None),
            ("POST", f"{session}/shares", {"audience": "team", "live": True}),
        ],
        "people": [("GET", f"{session}/people", None), ("POST", f"{session}/people", {"user": ids.guest})],
        "person": [("DELETE", f"{session}/people/{ids.guest}", None)],
        "read": [("POST", f"{session}/read", {"leaf": ids.answer})],
        "draft": [
            ("GET", f"/api/drafts/{ids.session}", None),
            ("PUT", f"/api/drafts/{ids.session}", {"text": "Mine", "version": 0}),
        ],
        "folder_shares": [
            ("GET", f"/api/folders/{ids.folder}/shares", None),
            ("POST", f"/api/folders/{ids.folder}/shares", {"audience": "team", "live": True}),
        ],
        "share": [("DELETE", f"/api/shares/{ids.share}", None)],
        "folder": [
            ("PUT", f"/api/folders/{ids.folder}", {"name": "Mine"}),
            ("DELETE", f"/api/folders/{ids.folder}", None),
        ],
        "attachment": [
            *(("GET", f"/api/attachments/{file}", None) for file in (ids.sent, ids.unsent)),
            ("DELETE", f"/api/attachments/{ids.unsent}", None),
        ],
        "thumbnail": [("GET", f"/api/attachments/{file}/thumbnail", None) for file in (ids.sent, ids.unsent)],
        "origin": [("GET", f"{session}/origin", None)],
        "outline": [("GET", f"{session}/outline", None)],
        "messages": [("GET", f"{session}/messages", None), ("GET", f"{session}/messages?before={ids.answer}", None)],
        "stream": [
            ("POST", "/api/chat/stream", {"chatSessionId": ids.session, "messages": HELLO}),
            ("POST", "/api/chat/stream", again),
            ("POST", "/api/chat/stream", again | {"messageId": ids.answer}),
        ],
        "resume": [("GET", f"/api/chat/{ids.session}/stream", None)],
        "stop": [("POST", f"/api/chat/{ids.session}/stop", None)],
        **_of_a_person(ids),
    }


def _of_a_person(ids: Ids) -> dict[str, list[Call]]:
    """What belongs to nobody's chat."""
    return {
        "prompt": [
            ("PUT", f"/api/prompts/{ids.prompt}", {"name": "mine", "title": "Mine", "text": "Mine"}),
            ("DELETE", f"/api/prompts/{ids.prompt}", None),
        ],
        "memory": [
            ("PUT", f"/api/memories/{ids.memory}", {"text": "Mine"}),
            ("DELETE", f"/api/memories/{ids.memory}", None),
        ],
        "run_schedule": [("POST", f"/api/schedules/{ids.schedule}/run", None)],
        "schedule": [
            ("PUT", f"/api/schedules/{ids.schedule}", MINE_EACH_MONDAY),
            ("DELETE", f"/api/schedules/{ids.schedule}", None),
        ],
    }

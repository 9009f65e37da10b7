"""Sessions as files that others can read: Markdown for people, in the language that is active, JSON for programs. Pure but for the rows that it is given."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urlsplit

import orjson
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from ai_studio.gateway import SavedText
from chat import access, authors, branches, parts, selectors
from chat.models import Message, Session
from chat.presentation import moment, prompt_json, summary_json

FORMAT = "chat-studio"
VERSION = 1
WHOLE_BRANCH = 1_000_000
_MARKS, _ESCAPED = r"([\\`*_\[\]<>#!|])", r"\\\1"
"""What Markdown would take for more than a letter in the name of a file or a source."""


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer rests on. `host` and `url` are empty for a document."""

    title: str
    host: str
    url: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What readers see of a message: its text, the names of its files and its sources, without reasoning, tools, costs and instructions."""

    role: str
    text: str
    created_at: str
    files: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    author: str = ""
    """Who wrote it, where that is not who takes it along; a page under a link does not say."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """What a person has here beside chats, as JSON values but for the prompts. `instructions`: `{"text", "enabled"}`; `memory`: `{"enabled",
    "memories"}`, each as `memory_json` has it; `schedules`: as `schedule_json`; `drafts`: `{"session", "text", "updated_at"}`;
    `devices`: `{"browser", "signed_in_at", "last_used_at"}`."""

    prompts: Sequence[SavedText]
    instructions: dict[str, Any]
    memory: dict[str, Any]
    preferences: dict[str, Any]
    schedules: Sequence[dict[str, Any]]
    drafts: Sequence[dict[str, Any]]
    devices: Sequence[dict[str, Any]]

    def rest(self) -> dict[str, Any]:
        """All but the prompts."""
        return {
            "instructions": self.instructions,
            "memory": self.memory,
            "preferences": self.preferences,
            "schedules": self.schedules,
            "drafts": self.drafts,
            "devices": self.devices,
        }


def turns_of(session: Session, leaf_id: str | None) -> list[Turn]:
    """The branch that ends at a message, as readers see it."""
    return [
        Turn(
            message.role,
            message.text,
            moment(message.created_at),
            names_of_files(message),
            _sources(message),
            message.author_name,
        )
        for message in _signed(session, read_messages(session, leaf_id))
    ]


def _signed(session: Session, messages: list[Message]) -> list[Message]:
    """For whoever takes it along (`sessions_to_export`), else for its owner."""
    return authors.signed(messages, session.user_id, vars(session).get("taker_id", session.user_id))


def read_messages(session: Session, leaf_id: str | None) -> list[Message]:
    """What others read of the branch that ends at a message: what is not finished and what said nothing is left out."""
    branch = branches.branch(session.pk, leaf_id, limit=WHOLE_BRANCH)
    return [message for message in branch if message.role != Message.Role.TRANSITION and _is_said(message)]


def names_of_files(message: Message) -> tuple[str, ...]:
    return tuple(str(file["filename"]) for file in parts.files_of(message.parts))


def _is_said(message: Message) -> bool:
    generation = selectors.generation_of(message)
    is_finished = generation is None or not generation.is_active
    return is_finished and bool(message.text.strip() or names_of_files(message))


def _sources(message: Message) -> tuple[Source, ...]:
    named = []
    for part in parts.sources_of(message.parts):
        url = part.get("url", "")
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        named.append(Source(part["title"] or host, host, url))
    return tuple(named)


def markdown(session: Session) -> str:
    """The branch on the screen."""
    names = {Message.Role.USER: _("You"), Message.Role.ASSISTANT: _("Answer")}
    turns = turns_of(session, session.leaf_id)
    sections = [f"## {turn.author or names[Message.Role(turn.role)]}\n\n{_section(turn)}" for turn in turns]
    return "\n\n".join([f"# {session.title or _('Chat')}", *sections]) + "\n"


def _section(turn: Turn) -> str:
    files = ["- " + _("File: %(name)s") % {"name": re.sub(_MARKS, _ESCAPED, name)} for name in turn.files]
    sources = [f"{number}. {_source(source)}" for number, source in enumerate(turn.sources, start=1)]
    listed = "\n".join([_("Sources:"), "", *sources]) if sources else ""
    return "\n\n".join(part for part in ("\n".join(files), turn.text.strip(), listed) if part)


def _source(source: Source) -> str:
    """Whoever wrote the title can't end the link: its marks are escaped, and in the address those that would."""
    title = re.sub(_MARKS, _ESCAPED, source.title)
    return f"[{title}](<{source.url.replace('<', '%3C').replace('>', '%3E')}>)" if source.url else title


def as_json(session: Session) -> dict[str, Any]:
    """All branches, and where it came from when `sessions_to_export` has found that. An import takes back all but this."""
    origin_id = vars(session).get("origin_id")
    messages = session.messages.select_related("generation", "summary").order_by("created_at", "id")
    return {
        "id": session.pk,
        "title": session.title,
        "model": session.model.display_name if session.model else None,
        "agent": session.agent.name if session.agent else None,
        "tags": session.tags,
        "leaf": session.leaf_id,
        "forked_from": {"session": origin_id, "message": session.forked_from_id} if origin_id else None,
        "created_at": moment(session.created_at),
        "updated_at": moment(session.updated_at),
        "messages": [_message_json(message) for message in _signed(session, list(messages))],
    }


def prompts_markdown(prompts: Iterable[SavedText]) -> str:
    sections = [f"## /{prompt.name}: {prompt.title}\n\n{prompt.text.strip()}" for prompt in prompts]
    return "\n\n".join(["# " + _("Saved prompts"), *sections]) + "\n"


def write_json(sessions: Iterable[Session], to: IO[bytes], *, belongings: Belongings | None = None) -> None:
    """One document, session by session: it never is in memory as a whole. `prompts` are there when there are any."""
    to.write(b'{"format":"%s","version":%d,"chats":[' % (FORMAT.encode(), VERSION))
    for index, session in enumerate(sessions):
        to.write((b"," if index else b"") + orjson.dumps(as_json(session)))
    to.write(b"]")
    if belongings is not None:
        prompts = {"prompts": [prompt_json(prompt) for prompt in belongings.prompts]} if belongings.prompts else {}
        to.write(b"," + orjson.dumps(prompts | belongings.rest())[1:-1])
    to.write(b"}\n")


def write_markdown(sessions: Iterable[Session], to: IO[bytes], *, belongings: Belongings | None = None) -> None:
    """A zip file with one Markdown file each, one for all prompts when there are any, and the rest as JSON."""
    prompts_file = _("Saved prompts") + ".md"
    taken = {prompts_file}
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        if belongings is not None:
            archive.writestr(
                _("Instructions, memory, schedules, preferences, drafts and devices") + ".json",
                orjson.dumps(belongings.rest(), option=orjson.OPT_INDENT_2),
            )
        if belongings is not None and belongings.prompts:
            archive.writestr(prompts_file, prompts_markdown(belongings.prompts))
        for session in sessions:
            name = file_name(session, ".md")
            if name in taken:
                name = f"{name.removesuffix('.md')} {session.pk[:8]}.md"
            taken.add(name)
            archive.writestr(name, markdown(session))


def file_name(session: Session, suffix: str) -> str:
    """The title as far as every file system takes it: of "café", "cafe"."""
    letters = "".join(one for one in unicodedata.normalize("NFKD", session.title) if not unicodedata.combining(one))
    plain = re.sub(r"[^\w \-]+", " ", letters, flags=re.ASCII)
    return (" ".join(plain.split())[:60].strip() or _("Chat")) + suffix


def _message_json(message: Message) -> dict[str, Any]:
    generation, summary = selectors.generation_of(message), selectors.summary_of(message)
    return {
        "id": message.pk,
        "parent": message.parent_id,
        "role": message.role,
        "author": message.author_name or None,
        "text": message.text,
        "parts": message.parts,
        "model": (generation.model_name or None) if generation else None,
        "merged_from": generation.merged_from if generation else [],
        "guidance": (generation.guidance or None) if generation else None,
        "created_at": moment(message.created_at),
        "summary": summary_json(summary) if summary else None,
    }


def sessions_to_export(user_id: str, session_ids: Sequence[str] | None) -> Iterable[Session]:
    """Those that are there of `session_ids`, which may be such as one is a guest in, else all of one's own, oldest first, a few in memory at a time; `origin_id` of each
    is the session that it was forked from, where that is one of one's own too."""
    own = access.listed_sessions_of(user_id) if session_ids is None else access.searched_sessions_of(user_id)
    origin = Subquery(own.filter(messages=OuterRef("forked_from")).values("pk")[:1])
    sessions = own.select_related("model", "agent").annotate(origin_id=origin).order_by("created_at", "id")
    if session_ids is not None:
        sessions = sessions.filter(pk__in=session_ids)
    for session in sessions.iterator(chunk_size=100):
        if session.user_id != user_id:  # how its owner keeps it in order is not the guest's to know
            session.tags, vars(session)["origin_id"] = [], None
        vars(session)["taker_id"] = user_id
        yield session

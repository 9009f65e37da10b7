"""Names a session after its first answer, with the model that gave it. In the background: nobody waits for it."""

from __future__ import annotations

from channels.db import database_sync_to_async

from chat.generation import aside
from chat.generation.live import Job, LiveGeneration
from chat.generation.telling import tell_session
from chat.models import Session
from chat.parts import plain_text

MAX_CHARACTERS = 80
EXCERPT_CHARACTERS = 1_500
PROMPT = (
    "Write a title for the conversation that the user shows you: at most six words, in the language of the conversation,"
    " without quotation marks and without a full stop. Answer with the title alone."
)


async def name_session(live: LiveGeneration) -> None:
    """Gives the session its title, unless its owner has named it meanwhile. A failure leaves the provisional one."""
    asked = live.job.turns[-1]
    question = asked.text or ", ".join(file.name for file in asked.files)
    answer = plain_text(live.accumulator.stored())
    shown = f"User: {question[:EXCERPT_CHARACTERS]}\n\nAssistant: {answer[:EXCERPT_CHARACTERS]}"
    if title := clean(await aside.ask(live, "title", PROMPT, shown)):
        await _rename(live.job, title)


def clean(text: str) -> str:
    """The first line that says something, without the marks that models like to put around a title."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    return line.strip().strip("#*\"'“”„«»` ").removesuffix(".")[:MAX_CHARACTERS].strip()


async def _rename(job: Job, title: str) -> None:
    if await database_sync_to_async(_store)(job.session_id, title):
        await tell_session(job.session_id)


def _store(session_id: str, title: str) -> int:
    # Conditional: the owner may have named the session while the model was thinking.
    return Session.objects.filter(pk=session_id, is_title_chosen=False).update(title=title)

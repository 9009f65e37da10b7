"""The files of a message that is being sent, and those of the messages before it as models get them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings

from ai_studio import gateway
from ai_studio.llm import Role
from chat import parts, selectors
from chat.branches import Said
from chat.errors import AttachmentNotFound, ModelCannotReadFile, TooManyFiles
from chat.models import Attachment, Generation, Message, Session
from chat.parts import Part
from chat.prompt import File, Summarised, Turn, rounds_of

MOST_READ = 100
"""Files of the messages before, the newest of them: each may hold a book, and no model reads more of these."""


def wanted(user_id: str, session: Session, attachment_ids: Sequence[str]) -> list[Attachment]:
    """The files of somebody's new message, in their order: unsent ones of theirs, or such as the session has already.

    Raises TooManyFiles, AttachmentNotFound.
    """
    if not attachment_ids:
        return []
    if len(attachment_ids) > settings.FILES_PER_MESSAGE:
        raise TooManyFiles(
            "A message takes {count} file. Send several messages."
            "|A message takes {count} files. Take some out, or send several messages.",
            {"count": settings.FILES_PER_MESSAGE},
        )
    usable = selectors.attachments_for(session, user_id)
    found = {one.pk: one for one in usable.filter(pk__in=attachment_ids)}
    if len(found) < len(attachment_ids):
        raise AttachmentNotFound
    return [found[attachment_id] for attachment_id in attachment_ids]


def claim(session: Session, attachments: Sequence[Attachment]) -> None:
    """Makes them the session's, in the transaction that stores the message. Raises AttachmentNotFound: somebody was faster."""
    unsent = [one.pk for one in attachments if one.session_id is None]
    if not unsent:
        return
    ready = Attachment.objects.filter(pk__in=unsent, session=None, state=Attachment.State.READY)
    if ready.update(session=session, state=Attachment.State.SENT) != len(unsent):
        raise AttachmentNotFound


def file_parts(attachments: Sequence[Attachment]) -> list[Part]:
    """The parts that name them in their message."""
    return [parts.file(one.pk, name=one.name, media_type=one.media_type, size=one.size) for one in attachments]


def turns_of(branch: Sequence[Said], new: Sequence[Attachment] = ()) -> list[Turn]:
    """The branch as models may get it. `new`: files of its last message, where that is not stored yet.

    Where the branch was not read from its beginning, it begins with the first summary: that knows what was not read.
    """
    if branch[0].parent_id is not None:
        branch = branch[next((at for at, message in enumerate(branch) if message.summary), 0) :]
    known = {one.pk: one for one in new}
    named = [file["attachment"] for message in branch for file in parts.files_of(message.parts)]
    if missing := set(named[-MOST_READ:]) - known.keys():
        known |= Attachment.objects.in_bulk(missing)
    return [_turn(message, known) for message in branch if message.role != Message.Role.TRANSITION]


def able(plan: gateway.Plan, asked: Turn) -> gateway.Plan:
    """The plan without the routes whose models can't read a file of the message that is answered.

    Raises ModelCannotReadFile when the model that was resolved is one of these: none answers in its place unasked.
    """
    if not asked.files:
        return plan
    resolved = [route for route in plan.routes if route.model_id == plan.resolution.model_id] or plan.routes[:1]
    for file in asked.files:
        if not file.is_readable(resolved[0].capabilities):
            raise _refusal(file, resolved[0].model_name)
    readers = (route for route in plan.routes if all(file.is_readable(route.capabilities) for file in asked.files))
    return replace(plan, routes=tuple(readers))


def _refusal(file: File, model: str) -> ModelCannotReadFile:
    if file.is_image:
        return ModelCannotReadFile(
            "{model} can't see images. Choose a model that can, or take {file} out.",
            {"model": model, "file": file.name},
        )
    return ModelCannotReadFile(
        "There is no text in {file} that a model could read. Take it out, or send its pages as images.",
        {"file": file.name},
    )


def _turn(message: Said, known: dict[str, Attachment]) -> Turn:
    named = [known.get(part["attachment"]) for part in parts.files_of(message.parts)]
    files = tuple(_file(one) for one in named if one is not None)
    rounds = rounds_of(message.parts) if any(map(parts.has_result, message.parts)) else ()
    return Turn(
        Role(message.role),
        message.text,
        is_failed=message.status == Generation.Status.FAILED,
        files=files,
        rounds=rounds,
        id=message.id,
        summary=Summarised(*message.summary) if message.summary else None,
    )


def _file(one: Attachment) -> File:
    return File(
        id=one.pk,
        name=one.name,
        media_type=one.media_type,
        is_image=one.is_image,
        key=one.key,
        text=one.text,
        is_cut=one.is_text_cut,
    )

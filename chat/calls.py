"""Commands of a socket as calls of services, one each."""

from __future__ import annotations

from typing import Any

from chat import commands, services


async def begin_answer(command: commands.Answering, user_id: str, tab: str) -> services.Answered:
    """`tab`: the name of the one that asks, which needs no news of it. Raises ChatError."""
    common = {
        "user_id": user_id,
        "session_id": command.session,
        "client_id": command.id,
        "skip": tab,
    }
    match command:
        case commands.Send():
            return await services.send_message(
                parent_id=command.parent,
                text=command.text,
                attachments=command.attachments,
                beside=command.beside or (),
                **common,
            )
        case commands.Regenerate():
            return await services.regenerate(
                message_id=command.message,
                model_id=command.model,
                beside=command.beside or (),
                guidance=command.guidance,
                **common,
            )
        case commands.Continue():
            return await services.continue_answer(message_id=command.message, **common)
        case commands.Merge():
            return await services.merge(message_ids=command.messages, model_id=command.model, **common)


async def change_session(
    command: commands.Create | commands.Switch | commands.Show | commands.Fork, user_id: str, tab: str
) -> dict[str, Any]:
    common = {"user_id": user_id, "session_id": command.session, "skip": tab}
    match command:
        case commands.Create():
            return await services.create_session(
                model_id=command.model,
                agent_id=command.agent,
                effort=command.effort,
                folder_id=command.folder,
                is_temporary=command.temporary,
                **common,
            )
        case commands.Switch():
            return await services.switch(
                model_id=command.model, agent_id=command.agent, effort=command.effort, **common
            )
        case commands.Show():
            return await services.show(message_id=command.message, **common)
        case commands.Fork():
            return await services.fork(message_id=command.message, target_id=command.target, **common)


async def change_message(command: commands.Revise | commands.Rate, user_id: str, tab: str) -> dict[str, Any]:
    common = {
        "user_id": user_id,
        "session_id": command.session,
        "message_id": command.message,
        "skip": tab,
    }
    match command:
        case commands.Revise():
            return await services.revise(text=command.text, client_id=command.id, **common)
        case commands.Rate():
            return {"message": await services.rate(rating=command.rating, reason=command.reason, **common)}

"""Who wrote a message, in the words of the one who takes it along: what bears no name is their own."""

from __future__ import annotations

from ai_studio import gateway
from chat.models import Message


def signed(messages: list[Message], owner_id: str, taker_id: str) -> list[Message]:
    """`messages` of a session of `owner_id`, where a message without a name is the owner's: as those of `taker_id`. Not saved."""
    if owner_id == taker_id:
        return messages
    owner = ""
    for message in messages:
        if message.role != Message.Role.USER:
            continue
        if message.author_id == taker_id:
            message.author_id, message.author_name = None, ""
        elif not message.author_name:
            owner = owner or gateway.colleagues.name_of(owner_id)
            message.author_id, message.author_name = owner_id, owner
    return messages

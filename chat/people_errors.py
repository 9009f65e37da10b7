"""What a client may be told of the people in a chat, in addition to `chat.errors`."""

from __future__ import annotations

from chat.errors import ChatError


class _PeopleError(ChatError):
    retryable = False


class PersonNotFound(_PeopleError):
    code = "person_not_found"
    text = "There is no such person in the team of this chat."
    http_status = 404


class TooManyPeople(_PeopleError):
    code = "too_many_people"
    text = "As many people write in this chat as can. Take somebody out first."
    http_status = 409

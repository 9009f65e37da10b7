"""One's own saved prompts: written, changed and deleted. What a team has saved is read here and written in the admin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ai_studio import gateway
from chat.errors import InvalidCommand, NotAllowed, PromptNameTaken, PromptNotFound, TooManyPrompts
from chat.ids import is_well_formed


def create_prompt(user_id: str, content: gateway.PromptContent) -> gateway.SavedText:
    """Raises PromptNameTaken, TooManyPrompts, InvalidCommand."""
    with _refusals():
        return gateway.create_prompt(user_id, content)


def change_prompt(user_id: str, prompt_id: str, content: gateway.PromptContent) -> gateway.SavedText:
    """Raises PromptNotFound, NotAllowed for one of the team, PromptNameTaken, InvalidCommand."""
    with _refusals():
        return gateway.change_prompt(user_id, _id(prompt_id), content)


def delete_prompt(user_id: str, prompt_id: str) -> None:
    """Raises PromptNotFound, NotAllowed for one of the team."""
    with _refusals():
        gateway.delete_prompt(user_id, _id(prompt_id))


def _id(prompt_id: str) -> str:
    if not is_well_formed(prompt_id):  # nothing that no id can be goes into a query
        raise PromptNotFound
    return prompt_id


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except gateway.PromptNotFound as error:
        raise PromptNotFound from error
    except gateway.PromptOfTheTeam as error:
        raise NotAllowed("This saved prompt is your team's: its admins change it.") from error
    except gateway.PromptNameTaken as error:
        raise PromptNameTaken from error
    except gateway.TooManyPrompts as error:
        raise TooManyPrompts from error
    except gateway.PromptRefused as error:
        values = {"limit": gateway.PROMPT_CHARACTERS, "most": gateway.PROMPT_VARIABLES}
        raise InvalidCommand(
            "A saved prompt has a text of up to {limit} characters, and asks for {most} values at most.",
            values,
            detail=str(error),
        ) from error

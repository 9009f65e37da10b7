"""What fields of AI Studio's models accept, so that every door refuses the same things with the same words."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from ai_studio import instructions, parameters, placeholders
from ai_studio.llm import EFFORTS
from ai_studio.llm.addresses import Reachable
from ai_studio.llm.types import OPTIONS

# Such as a region, which becomes a part of an address: nothing that could end the host's name.
OPTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
MAX_STARTERS = 6
MAX_STARTER_CHARACTERS = 200


def validate_base_url(value: str) -> None:
    """An address that tokens can be sent to. Host names without a dot are fine: a server beside this one has such a name.

    What a name leads to is looked at when it is called (`ai_studio.llm.addresses`): it may change at any time.
    """
    try:
        address = urlsplit(value)
        address.port  # noqa: B018  (raises for a port that is none)
    except ValueError as error:
        raise ValidationError("This is not an address. Write it like https://models.example.com/v1.") from error
    if (
        address.scheme not in {"http", "https"}
        or not address.hostname
        or any(character.isspace() for character in value)
    ):
        raise ValidationError("Write the whole address, like https://models.example.com/v1.")
    if address.username is not None or address.password is not None:
        raise ValidationError("Leave the name and password out of the address: a token belongs under Tokens.")
    if address.query or address.fragment:
        raise ValidationError("Leave out everything from “?” or “#” on.")
    if not Reachable.parse(settings.PROVIDER_PRIVATE_HOSTS).allows_name(address.hostname):
        raise ValidationError(
            f"{address.hostname} is a private address. Whoever runs this installation may allow it: PROVIDER_PRIVATE_HOSTS."
        )


def validate_options(value: object) -> None:
    """Of a provider: see `ai_studio.llm.types.OPTIONS`."""
    if not isinstance(value, dict):
        raise ValidationError('They are a JSON object, such as {"api_version": "2026-05-01"}.')
    for name, text in value.items():
        if name not in OPTIONS:
            raise ValidationError(f"“{str(name)[:40]}” is none of {', '.join(sorted(OPTIONS))}.")
        if not isinstance(text, str) or not OPTION.fullmatch(text):
            raise ValidationError(f"“{name}” is up to 100 letters, digits and - _ . only.")


def validate_instructions(value: str) -> None:
    if found := instructions.problems(value):
        raise ValidationError(found)


def validate_prompt_text(value: str) -> None:
    if found := placeholders.problems(value):
        raise ValidationError(found)


def validate_parameters(value: object) -> None:
    if found := parameters.problems(value):
        raise ValidationError(found)


def validate_capabilities(value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ValidationError('Capabilities are a list of words, such as ["vision", "tools"].')


def validate_efforts(value: object) -> None:
    if not isinstance(value, list) or not all(item in EFFORTS for item in value):
        raise ValidationError(f"Efforts are a list out of {', '.join(EFFORTS)}.")


def validate_starters(value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ValidationError("Starters are a list of texts, none of them empty.")
    if len(value) > MAX_STARTERS:
        raise ValidationError(f"There are {len(value)} starters; at most {MAX_STARTERS} fit on the page.")
    if too_long := next((item for item in value if len(item) > MAX_STARTER_CHARACTERS), ""):
        raise ValidationError(
            f"A starter has at most {MAX_STARTER_CHARACTERS} characters; “{too_long[:40]}…” has more."
        )


def validate_tools(value: object) -> None:
    """The form alone. Which tools there are, the registry knows, which stands above the models."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ValidationError('Tools are a list of names, such as ["current_time"].')
    if len(set(value)) < len(value):
        raise ValidationError("A tool is in the list twice.")

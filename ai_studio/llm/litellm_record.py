"""LiteLLM's own record of a call, without what it would work out for nobody.

LiteLLM prices each streamed call before its first token: it counts the tokens of the whole prompt, in the event loop. We
have a ledger of our own, which takes what the provider counted.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from litellm.litellm_core_utils.litellm_logging import Logging


class Unpriced(Logging):  # type: ignore[misc] # LiteLLM has no types here
    """A record that knows no price."""

    def response_cost_calculator(self, *_: Any, **__: Any) -> None:
        """Nobody asks for it."""


def unpriced(model: str, messages: list[dict[str, Any]], stream_options: dict[str, bool]) -> Unpriced:
    """For one streamed call, as LiteLLM would make it itself. `model` with its provider, as LiteLLM takes it."""
    record = Unpriced(
        model=model,
        messages=messages,
        stream=True,
        call_type="acompletion",
        litellm_call_id=str(uuid.uuid4()),
        function_id="",
        start_time=datetime.datetime.now(),  # noqa: DTZ005 - as LiteLLM's own, from which it is subtracted
    )
    litellm_params = {"api_base": ""}
    record.update_environment_variables(
        model=model, user="", optional_params={}, litellm_params=litellm_params, stream_options=stream_options
    )
    return record

"""What models say in tests: each a script of batches, pauses and failures."""

from __future__ import annotations

from ai_studio.llm import Finished, FinishReason, ReasoningDelta, TextDelta, ToolCallDelta, Usage
from ai_studio.llm.errors import ServerError
from tests.integration.models import FINISHED, STARTED, Step, text

WORDS = [f"word{number} " for number in range(30)]
ANSWERS: dict[str, list[Step]] = {
    "text": text("Once ", "upon ", "a time."),
    "one token": text("Yes."),
    "no token": [[STARTED], [FINISHED]],
    "reasoning, then text": [[STARTED], [ReasoningDelta("Hm")], [ReasoningDelta("..."), TextDelta("A")], [TextDelta("b")],
                             [FINISHED]],
    "tool calls": [[STARTED, TextDelta("Let me look.")], [ToolCallDelta(0, "call_1", "search", '{"q":')],
                   [ToolCallDelta(1, "call_2", "search", "nonsense"), ToolCallDelta(0, "", "", ' "a"}')],
                   [Finished(FinishReason.TOOL_CALLS, Usage(1, 2))]],
    "text between tools": [[STARTED], [ToolCallDelta(0, "call_1", "search", "{}")], [TextDelta("so")], [FINISHED]],
    "all at once": [[STARTED, TextDelta("a"), TextDelta("b"), FINISHED]],
    "failure in the middle": [[STARTED], [TextDelta("Once upon")], ServerError("gone")],
}  # fmt: skip

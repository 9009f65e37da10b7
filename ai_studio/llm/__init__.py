"""The nouns of a model call. Nothing here knows Django; LiteLLM is imported by `litellm_client` alone, and late."""

from __future__ import annotations

from ai_studio.llm.client import EventBatch, LLMClient
from ai_studio.llm.efforts import EFFORTS
from ai_studio.llm.errors import LLMError
from ai_studio.llm.events import (
    CompletionEvent,
    Finished,
    FinishReason,
    ReasoningDelta,
    SourceCited,
    Started,
    TextDelta,
    ToolCallDelta,
)
from ai_studio.llm.question import Question, question_in
from ai_studio.llm.sources import Sources
from ai_studio.llm.types import (
    SIGNATURE_MARK,
    CompletionRequest,
    Image,
    Message,
    ModelTarget,
    Role,
    Secret,
    Thought,
    Tool,
    ToolCall,
    Usage,
    WireFormat,
)

__all__ = [
    "EFFORTS",
    "SIGNATURE_MARK",
    "CompletionEvent",
    "CompletionRequest",
    "EventBatch",
    "FinishReason",
    "Finished",
    "Image",
    "LLMClient",
    "LLMError",
    "Message",
    "ModelTarget",
    "Question",
    "ReasoningDelta",
    "Role",
    "Secret",
    "SourceCited",
    "Sources",
    "Started",
    "TextDelta",
    "Thought",
    "Tool",
    "ToolCall",
    "ToolCallDelta",
    "Usage",
    "WireFormat",
    "question_in",
]

"""What the emulator says: one function per kind of answer, each a pure function of request and random source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

import orjson

from ai_studio.emulator.completions import Answer, CompletionRequest, FinishReason, Source, ToolCall, ToolSpec
from ai_studio.emulator.summaries import summary_text
from ai_studio.emulator.text import keywords, paragraph, prose, sentence, tokenize
from ai_studio.emulator.titles import title_text
from ai_studio.emulator.topics import showcase_text, story_text
from ai_studio.emulator.unicode import separator_tokens, unicode_tokens

Speech = Callable[[CompletionRequest, Random], Answer]

EXAMPLE = re.compile(r"such as ([^\s,;]+?)[.,;]?(?:\s|$)")

WEATHER = ToolSpec(
    "get_weather",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
"""The tool that is called when the client offers none."""


def story(request: CompletionRequest, random: Random) -> Answer:
    """A friendly, useful-looking answer that says what it is."""
    return Answer(text=tokenize(story_text(request, random)))


def showcase(request: CompletionRequest, random: Random) -> Answer:
    """All of Markdown in one answer."""
    return Answer(text=tokenize(showcase_text(request, random)))


def echo(request: CompletionRequest, random: Random) -> Answer:
    """The last user message, word for word."""
    return Answer(text=tokenize(request.prompt))


def title(request: CompletionRequest, random: Random) -> Answer:
    """A short title made of the prompt's words."""
    return Answer(text=tokenize(title_text(request, random)))


def summary(request: CompletionRequest, random: Random) -> Answer:
    """A list of what the user's messages were about."""
    return Answer(text=tokenize(summary_text(request)))


def unicode(request: CompletionRequest, random: Random) -> Answer:
    """Text in many scripts, cut into tokens in the middle of graphemes."""
    return Answer(text=unicode_tokens(random))


def separators(request: CompletionRequest, random: Random) -> Answer:
    """Text with Unicode's line separators, which LiteLLM's own Anthropic and Gemini iterators stumble over."""
    return Answer(text=separator_tokens())


def nothing(request: CompletionRequest, random: Random) -> Answer:
    """An empty answer."""
    return Answer()


def tokens(count: int) -> Speech:
    """Prose of exactly `count` tokens."""
    return lambda request, random: Answer(text=prose(random, count))


def refusal(request: CompletionRequest, random: Random) -> Answer:
    """The model declines."""
    subject = " ".join(keywords(request.prompt, 2)) or "that"
    text = f"I'm sorry, but I can't help with {subject}. I would gladly help with something else."
    return Answer(text=tokenize(text), finish_reason=FinishReason.REFUSAL)


def filtered(request: CompletionRequest, random: Random) -> Answer:
    """The provider's filter ends the answer within a sentence."""
    text = tokenize(paragraph(random, 3))[:20]
    return Answer(text=text, finish_reason=FinishReason.CONTENT_FILTER)


def tool_calls(count: int) -> Speech:
    """Calls the first `count` tools that the client offers; once their results are there, speaks about them."""

    def say(request: CompletionRequest, random: Random) -> Answer:
        if request.tool_results:
            results = " and ".join(f"`{result[:200]}`" for result in request.tool_results)
            return Answer(text=tokenize(f"The tool answered {results}. {sentence(random)}"))
        offered = request.tools or (WEATHER,)
        chosen = [offered[index % len(offered)] for index in range(count)]
        calls = tuple(tool_call(tool, request, random) for tool in chosen)
        return Answer(tool_calls=calls, finish_reason=FinishReason.TOOL_CALLS)

    return say


def odd_tool_call(request: CompletionRequest, random: Random) -> Answer:
    """One call, each of its arguments a text that stands for nothing."""
    if request.tool_results:
        return tool_calls(1)(request, random)
    tool = (request.tools or (WEATHER,))[0]
    properties = tool.parameters.get("properties")
    arguments = orjson.dumps(dict.fromkeys(properties if isinstance(properties, dict) else (), "nowhere")).decode()
    call = ToolCall(f"call_{random.getrandbits(96):024x}", tool.name, (arguments,))
    return Answer(tool_calls=(call,), finish_reason=FinishReason.TOOL_CALLS)


def tool_call(tool: ToolSpec, request: CompletionRequest, random: Random) -> ToolCall:
    """A call of `tool` with arguments that fit its schema."""
    words = keywords(request.prompt, 8) or ["Lisbon"]
    arguments = orjson.dumps(value_for(tool.parameters, words, random)).decode()
    fragments = tuple(re.findall(r".{1,7}", arguments, re.DOTALL))
    return ToolCall(f"call_{random.getrandbits(96):024x}", tool.name, fragments)


def value_for(schema: Mapping[str, object], words: list[str], random: Random) -> object:
    """A value that fits the JSON schema, as far as the simple keywords go; the one that it gives as its default, or its description as an example."""
    if "default" in schema:
        return schema["default"]
    choices, properties, items = schema.get("enum"), schema.get("properties"), schema.get("items")
    if isinstance(choices, list) and choices:
        return random.choice(choices)
    if example := EXAMPLE.search(str(schema.get("description", ""))):
        return example[1]
    match schema.get("type", "object"):
        case "string":
            return random.choice(words)
        case "integer":
            return random.randint(1, 9)
        case "number":
            return random.randint(1, 99) / 10
        case "boolean":
            return True
        case "null":
            return None
        case "array":
            return [value_for(items, words, random)] if isinstance(items, dict) else []
    named = properties.items() if isinstance(properties, dict) else ()
    return {name: value_for(inner, words, random) for name, inner in named if isinstance(inner, dict)}


def sources(count: int, request: CompletionRequest) -> tuple[Source, ...]:
    """`count` pages, on names that lead nowhere."""
    about = " ".join(keywords(request.prompt, 3)) or "Chat Studio"
    return tuple(
        Source(f"https://www.source{number}.example/read?page={number}", f"About {about}, part {number}")
        for number in range(1, count + 1)
    )


def thoughts(count: int, request: CompletionRequest, random: Random) -> tuple[str, ...]:
    """`count` tokens of reasoning."""
    about = " ".join(keywords(request.prompt, 4)) or "nothing in particular"
    opening = tokenize(f"The question is about {about}. Let me think it through before I answer.\n\n")
    rest = prose(random, count)
    return (*opening, "\n\n" + rest[0], *rest[1:])[:count] if rest else ()

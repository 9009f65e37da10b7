"""A provider to talk to without a key: OpenAI's, Anthropic's and Gemini's APIs over real HTTP, misbehaving on request.

Start it with `manage.py emulate_provider` or `python -m ai_studio.emulator [--host 127.0.0.1] [--port 8081]`; in a test,
with `testing.running_emulator()`. It knows nothing of the product and needs no Django.

    POST /v1/chat/completions                         OpenAI      api_base for LiteLLM: URL/v1
    POST /v1/messages                                 Anthropic   URL
    POST /v1beta/models/MODEL:streamGenerateContent   Gemini      URL/v1beta
    POST /v1beta/models/MODEL:generateContent
    GET  /v1/models, /v1beta/models

Each path is served with and without its version. Any key will do, as long as there is one and it does not start with
`invalid`; otherwise the answer is the one that the real provider gives.

What is said, and how it goes wrong, is read from the end of the model's name: names of the behaviours below, joined by
hyphens, after anything (`story`, `gpt-story-slow`, `tokens-300-rate-77`, `reasoning-40-cut-60`). A name that ends with
none of them is a story. A prompt that contains `/emulate` and such names (`/emulate error 429`) has the last word.
In a name `-N` is a number, and `[-N]` one that may be left out; the summary tells its default.

    story             a friendly answer; Markdown where the prompt asks for it
    showcase          all of Markdown: headings, lists, a table, code, maths, links
    echo              the last user message, word for word
    tokens-N          exactly N tokens of prose, whatever max_tokens says
    unicode           many scripts, emoji and both directions, in tokens that cut graphemes
    line-separators   U+2028, U+2029 and U+0085, which end no line of a stream
    title             a short title made of the prompt's words
    empty             an answer without a single token
    refusal           the model declines, in its format's way
    content-filter    the provider's filter ends the answer after 20 tokens
    tool-call[-N]     calls N of the client's tools (1); speaks once their results came
    tool-call-odd     calls a tool with arguments that no tool takes
    question[-N]      asks the person by the client's tool for it, with N options (3)
    question-several[-N]  the same, where several of N options (4) may be chosen
    sources[-N]       cites N pages (3) after the text, as its format does
    reasoning[-N]     N tokens of reasoning (40) before the rest
    length[-N]        ends for length after N tokens of text (40)
    rate-R            R tokens a second (60); rate-0 is as fast as possible
    slow              8 tokens a second
    first-token[-MS]  the first token comes after MS milliseconds (3000)
    stall[-N][-MS]    silence of MS milliseconds (30000) after N tokens (20)
    error-STATUS      an error with that status, in the provider's words
    fail-STATUS-N     the first N requests of each key, model and prompt get that status
    retry-after-S     the error's Retry-After, in seconds (1 with 429, else none)
    overloaded        503, at Anthropic 529
    quota             the account's money is used up: 429, at Anthropic 400
    context-length    400: the messages do not fit the model's context
    policy            400: the prompt breaks the provider's rules
    html[-STATUS]     a web page in place of an answer (status 200)
    disconnect        the connection is closed before any answer
    cut[-N]           the connection is closed after N tokens (20)
    truncated[-N]     ends after N tokens (20) without saying why
    malformed[-N]     after N tokens (20) one event is not JSON
    error-event[-N]   an error event after N tokens (20)
    split-bytes       writes of 1 to 7 bytes, wherever they fall

A request whose system message or prompt asks for a title gets one of three to six words, at the model's pace and with
the model's faults. An answer depends on model and prompt, and on whether it is the first of its session;
`scripts.expected_text` says what it will be.
A token is a word with the white space before it, and goes over the wire as one event in one write at its own time:
all deadlines are counted from the start, so that no delay adds up. A stream notices at once that its client has gone.

What happened can be asked:

    GET  /_emulator/requests   the last thousand: id, time, path, headers without the key, body, model
    GET  /_emulator/streams    the last thousand: when started, first token, finished or closed by the client, tokens
    GET  /_emulator/wait       the same, once `count` streams came to `moment`: ?moment=closed_by_client&count=1
    POST /_emulator/reset      forgets all that, and how often `fail-STATUS-N` has failed
"""

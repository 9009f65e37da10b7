"""What we know of LiteLLM's providers beyond what LiteLLM knows: which client each takes, which parameters a model may have."""

from __future__ import annotations

# LiteLLM takes a client of ours for a call: an `AsyncOpenAI` for the providers that it reaches through openai's SDK, its
# own HTTP client for these others. A contract test asks LiteLLM about each name. A provider in neither list is called
# without: it works, but through clients that LiteLLM keeps for an hour, with the key in them.
OPENAI_SDK_PROVIDERS = frozenset(
    {
        "ai21_chat",
        "aiml",
        "baseten",
        "cerebras",
        "codestral",
        "custom_openai",
        "dashscope",
        "deepinfra",
        "featherless_ai",
        "friendliai",
        "github",
        "hyperbolic",
        "lambda_ai",
        "litellm_proxy",
        "llamafile",
        "lm_studio",
        "meta_llama",
        "moonshot",
        "nebius",
        "novita",
        "nvidia_nim",
        "openai",
        "perplexity",
        "sambanova",
        "v0",
        "vercel_ai_gateway",
        "volcengine",
        "zai",
    }
)

HTTP_HANDLER_PROVIDERS = frozenset(
    {
        "anthropic",
        "azure_ai",
        "cometapi",
        "databricks",
        "deepseek",
        "fireworks_ai",
        "gemini",
        "groq",
        "hosted_vllm",
        "huggingface",
        "minimax",
        "mistral",
        "ollama",
        "ollama_chat",
        "openrouter",
        "together_ai",
        "vertex_ai",
        "xai",
    }
)

# Their token is the key of a Google service account. LiteLLM keeps it for as long as the process lives, to ask for
# short-lived keys.
SERVICE_ACCOUNT_PROVIDERS = frozenset({"vertex_ai"})

# LiteLLM's names of what may be asked of a model. Everything else that `acompletion` takes decides where a request goes
# and with whose key: none of that may come from a model's or an agent's parameters.
PARAMETERS = frozenset(
    {
        "frequency_penalty",
        "logit_bias",
        "max_completion_tokens",
        "max_tokens",
        "parallel_tool_calls",
        "presence_penalty",
        "reasoning_effort",
        "response_format",
        "seed",
        "service_tier",
        "stop",
        "temperature",
        "thinking",
        "top_k",
        "top_p",
        "user",
        "verbosity",
        "web_search_options",
    }
)

"""How much of a context window a text takes, about: enough to decide what of a history fits, at no cost."""

from __future__ import annotations

BYTES_PER_TOKEN = 3


def count_tokens(text: str) -> int:
    """An estimate of the tokens of `text`, rather too many than too few: a history that is one message short answers, one
    that is one message long fails.

    Tokenizers differ between models, but all of them make tokens of bytes: 4 to 5 for English prose, 3 to 4 for code and
    most other scripts. A third of the UTF-8 length is above what they count for all but runs of rare characters.
    """
    return -(-len(text.encode("utf-8", "surrogatepass")) // BYTES_PER_TOKEN)

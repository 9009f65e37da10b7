"""What an answer rests on, as providers name it: pages of the web and documents. What they send is not trusted."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ai_studio.llm.events import SourceCited

MOST_SOURCES = 50
"""In one answer; what is cited after them is passed over."""

MOST_URL_CHARACTERS = 2_048
MOST_TITLE_CHARACTERS = 300


class Sources:
    """The sources of one answer, each once: a page by its URL, a document by its title."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()

    def new(self, source: SourceCited | None) -> SourceCited | None:
        """`source`, when it is one and was not cited before."""
        if source is None:
            return None
        key = (source.url, "" if source.url else source.title)
        if key in self._known or len(self._known) >= MOST_SOURCES:
            return None
        self._known.add(key)
        return source


def page(url: Any, title: Any = None) -> SourceCited | None:
    """A page of the web; None for what is no http(s) URL."""
    if not isinstance(url, str) or len(url) > MOST_URL_CHARACTERS or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        is_page = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return SourceCited(url, _title(title)) if is_page else None


def document(title: Any) -> SourceCited | None:
    """A document that the model was given; None for one without a title."""
    named = _title(title)
    return SourceCited("", named) if named else None


def of_openai(annotation: Any) -> SourceCited | None:
    """An annotation of a delta; None for one that is no citation."""
    cited = annotation.get("url_citation")
    return page(cited.get("url"), cited.get("title")) if cited else None


def of_anthropic(citation: Any) -> SourceCited | None:
    """A citation of Anthropic's, which LiteLLM passes on as it is."""
    if url := citation.get("url"):
        return page(url, citation.get("title"))
    return document(citation.get("document_title"))


def _title(value: Any) -> str:
    return " ".join(value.split())[:MOST_TITLE_CHARACTERS] if isinstance(value, str) else ""

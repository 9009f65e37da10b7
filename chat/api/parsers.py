"""Reads the bodies of REST requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class BoundedJSONParser(BaseParser):
    """DRF's own reads bodies of any size, and fails on ones that nest deep."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Raises ParseError, and RequestDataTooBig past DATA_UPLOAD_MAX_MEMORY_SIZE."""
        assert parser_context is not None
        try:
            return orjson.loads(parser_context["request"]._request.body)
        except orjson.JSONDecodeError as error:
            raise ParseError from error

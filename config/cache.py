"""The cache that nodes share. What is in it makes things quicker or fairer, never right: without it everything goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

Value = TypeVar("Value")


class ForgivingClient(RedisCacheClient):
    """Finds nothing while Redis is away, and takes nothing in."""

    def get(self, key: Any, default: Any) -> Any:
        get = super().get
        return _or(default, lambda: get(key, default))

    def get_many(self, keys: Iterable[Any]) -> dict[Any, Any]:
        get_many = super().get_many
        return _or({}, lambda: get_many(keys))

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        add = super().add
        return _or(False, lambda: add(key, value, timeout))

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        set_ = super().set
        _or(None, lambda: set_(key, value, timeout))

    def delete(self, key: Any) -> bool:
        delete = super().delete
        return _or(False, lambda: delete(key))

    def incr(self, key: Any, delta: int) -> Any:
        """Counts from 0 while Redis is away, and where the key went with it a moment ago."""
        incr = super().incr
        try:
            return _or(delta, lambda: incr(key, delta))
        except ValueError:
            return delta


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient


def _or(otherwise: Value, call: Callable[[], Value]) -> Value:
    """What `call` gives, `otherwise` when Redis does not answer."""
    try:
        return call()
    except RedisError as error:
        logger.warning("The cache is away: %s", error)
        return otherwise

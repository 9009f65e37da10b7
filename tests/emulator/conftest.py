"""LiteLLM keeps its HTTP clients per event loop: these tests share one loop, and close the clients at its end."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.emulator import asking


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/emulator" in item.nodeid and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="package"), append=False)


@pytest_asyncio.fixture(scope="package", loop_scope="package", autouse=True)
async def _close_clients() -> AsyncIterator[None]:
    yield
    await asking.close_clients()

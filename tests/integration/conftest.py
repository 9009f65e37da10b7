"""The product in this process on a real database: tabs, a model on a leash, and the emulator behind LiteLLM."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.test import AsyncClient, Client
from knox.models import AuthToken

from ai_studio import gateway
from ai_studio.llm.retry import RetryPolicy
from ai_studio.models import LanguageModel, ProviderToken, Team, User
from ai_studio.services import set_provider_token
from chat.generation.registry import registry
from config.asgi import application
from tests import factories
from tests.factories import People
from tests.integration.long_chats import WINDOW
from tests.integration.models import PacedModel
from tests.integration.rest import signed_in
from tests.integration.tabs import Tab, sign_in
from tests.integration.uploads import uploaded

OpenTab = Callable[[User], Awaitable[Tab]]
Bring = Callable[[bytes, str], Awaitable[str]]


@pytest.fixture(autouse=True, scope="session")
def _warm_up_has_ended() -> Iterator[None]:
    """LiteLLM's finalizers import: a process that ends while another thread still imports LiteLLM waits for ever."""
    yield
    for thread in threading.enumerate():
        if thread.name == "warm-up":
            thread.join()


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()  # the counts of sends


@pytest.fixture
def people(transactional_db: None) -> People:
    return factories.make_people()


@pytest.fixture
def alice(people: People) -> User:
    return people.alice


@pytest.fixture
def api(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
async def root(transactional_db: None) -> AsyncClient:
    """A platform admin's browser."""
    client, user = AsyncClient(), await sync_to_async(factories.make_user)("Root", is_superuser=True)
    await sync_to_async(client.force_login)(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def usable_model(team: Team, *, token: str = "sk-a-token-for-tests", **fields) -> LanguageModel:
    """A model that the team may use, with a token; `provider` or `base_url` among the fields."""
    provider = fields.pop("provider", None)
    if provider is None:
        keys = {"provider_key", "base_url"} & set(fields)
        provider = factories.make_provider(**{key: fields.pop(key) for key in keys})
    enabling = {key: fields.pop(key) for key in {"is_default", "priority"} & set(fields)}
    model = factories.make_model(provider, **fields)
    factories.enable(model, team, **enabling)
    if token and not ProviderToken.objects.filter(provider=provider).exists():
        set_provider_token(token=ProviderToken(provider=provider), value=token, by=None)
    return model


@pytest.fixture
def story(people: People) -> LanguageModel:
    """The default model of Alice's team; `model` answers in its place."""
    return usable_model(people.team, display_name="Story", is_default=True)


@pytest.fixture
def small(story: LanguageModel) -> LanguageModel:
    """The default model, with a window that a chat soon outgrows."""
    story.context_window = WINDOW
    story.save()
    return story


@pytest.fixture
def model(story: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> PacedModel:
    """Answers every call in this process; failed attempts are repeated without a wait."""
    paced = PacedModel()
    monkeypatch.setattr(gateway, "_litellm_client", lambda: paced)
    patiently(monkeypatch, base_delay=0.0)
    return paced


@pytest.fixture
def stored(settings: Any, tmp_path: Path) -> Path:
    """Where files are kept in this test."""
    settings.STORAGES = {
        **settings.STORAGES,
        "attachments": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
    return tmp_path / "files"


@pytest.fixture
def seeing(model: PacedModel, story: LanguageModel) -> PacedModel:
    """The team's model sees images."""
    story.capabilities = ["vision"]
    story.save()
    return model


@pytest.fixture
def bring(people: People, stored: Path) -> Bring:
    """Uploads a file of Alice's: its id."""

    @sync_to_async
    def upload(data: bytes, name: str) -> str:
        return str(uploaded(signed_in(people.alice), data, name)["id"])

    return upload


def patiently(monkeypatch: pytest.MonkeyPatch, *, base_delay: float) -> None:
    """Sets the wait between attempts, in seconds."""
    for name in ("LAST_ROUTE", "OTHER_ROUTES_LEFT"):
        policy: RetryPolicy = getattr(gateway, name)
        quick = RetryPolicy(policy.attempts, base_delay, policy.max_delay, policy.longest_wait_asked)
        monkeypatch.setattr(gateway, name, quick)


@asynccontextmanager
async def api_client(user: User) -> AsyncIterator[httpx.AsyncClient]:
    """REST in this process and this event loop, signed in by an API token. Answers come whole: no streams."""
    _, token = await sync_to_async(AuthToken.objects.create)(user)
    headers = {"Authorization": f"Token {token}"}
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
        yield client


@pytest.fixture
async def open_tab() -> AsyncIterator[OpenTab]:
    """Opens tabs, and closes those that are still open at the end."""
    tabs: list[Tab] = []

    async def open_one(user: User) -> Tab:
        tab = await Tab(await sync_to_async(sign_in)(user)).open()
        tabs.append(tab)
        return tab

    yield open_one
    try:
        for tab in tabs:
            await tab.close()
    finally:
        await end_everything()


@pytest.fixture
async def tab(open_tab: OpenTab, alice: User) -> Tab:
    """One of Alice's."""
    return await open_tab(alice)


async def end_everything() -> None:
    """Stops what still runs in this test's event loop, so that nothing writes into the next test's database."""
    for live in list(registry().live.values()):
        live.request_stop()
    for endless in registry()._caring.values():
        endless.cancel()
    await asyncio.gather(*registry()._tasks, return_exceptions=True)
    await gateway._litellm_client().aclose()  # type: ignore[attr-defined]


@pytest.fixture
async def others(people, story) -> list[LanguageModel]:
    """Three more models that the team may use."""
    return [await sync_to_async(usable_model)(people.team, display_name=name) for name in ("Second", "Third", "Fourth")]

"""What becomes of the files of a message: copied, deleted, shared and exported with it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from chat.ids import new_id
from chat.models import Attachment, Generation, Session
from chat.services.file_removal import remove_files_of_nobody
from chat.services.purging import purge_now, remove
from tests.integration.conftest import OpenTab, api_client
from tests.integration.keeping import aged, hold
from tests.integration.rest import post, signed_in
from tests.integration.uploads import picture, send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def asked(people: Any, seeing: Any, bring: Any, open_tab: OpenTab) -> dict[str, Any]:
    """A session of Alice's with a picture and a document in it."""
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    files = [await bring(picture(), "SECRET_[cat].png"), await bring(b"CANARY", "notes.txt")]
    sent = await send(tab, session, "Look", *files)
    return {**sent, "tab": tab, "session": session, "files": files}


def kept(stored: Path) -> set[str]:
    return {path.parent.name for path in stored.rglob("original")}


async def test_a_fork_keeps_its_files_when_the_first_one_is_gone(people, seeing, asked, stored):
    target = "s-Jn6bHv5gCf4dXs3z"
    answer, tab = asked["answer"]["id"], asked["tab"]
    await tab.command("fork", session=asked["session"], message=answer, target=target)
    await sync_to_async(remove)(Session.objects.filter(pk=asked["session"]))
    assert await sync_to_async(remove_files_of_nobody)() == 2
    assert kept(stored) == set(asked["files"])
    async with api_client(people.alice) as api:
        shown = (await api.get(f"/api/sessions/{target}/messages")).json()["messages"]
        part = shown[0]["parts"][0]
        assert part["attachment"] not in asked["files"]
        assert (await api.get(part["url"])).content == picture()
    await send(tab, target, "And now?", parent=shown[-1]["id"])
    assert len(seeing.requests[-1].messages[0].images) == 1
    await sync_to_async(remove)(Session.objects.filter(pk=target))
    assert await sync_to_async(remove_files_of_nobody)() == 2
    assert kept(stored) == set()


async def test_a_deleted_session_s_files_are_absent_and_go_with_it(people, asked, stored, settings):
    async with api_client(people.alice) as api:
        path = f"/api/attachments/{asked['files'][0]}"
        assert (await api.get(path)).status_code == 200
        await api.delete(f"/api/sessions/{asked['session']}")
        assert (await api.get(path)).status_code == 404
        assert await sync_to_async(remove_files_of_nobody)() == 0
        await api.post("/api/sessions/restored", json={"sessions": [asked["session"]]})
        assert (await api.get(path)).status_code == 200
        await api.delete(f"/api/sessions/{asked['session']}")
    settings.DELETED_KEPT_DAYS = -1
    assert (await purge_now())["files"] == 2
    assert kept(stored) == set()
    assert await Attachment.objects.acount() == 0


async def test_all_of_one_s_data_includes_files(people, asked, bring, stored):
    await bring(b"never sent", "draft.txt")
    await sync_to_async(lambda: signed_in(people.alice).post("/settings/delete/", {"sure": "on"}))()
    assert kept(stored) == set()
    assert await Attachment.objects.acount() == 0


async def test_a_legal_hold_keeps_files_with_their_session(people, asked, bring, stored):
    """What is not in a chat yet is held by nobody."""
    await bring(b"never sent", "draft.txt")
    placed = await sync_to_async(hold)(people.alice)
    await sync_to_async(lambda: signed_in(people.alice).post("/settings/delete/", {"sure": "on"}))()
    await purge_now()
    assert kept(stored) == set(asked["files"])
    async with api_client(people.alice) as api:
        assert (await api.get(f"/api/attachments/{asked['files'][0]}")).status_code == 404
    await placed.adelete()
    await purge_now()
    assert kept(stored) == set()


async def test_a_temporary_chat_takes_its_files_with_it(people, seeing, bring, stored, open_tab: OpenTab):
    tab, session = await open_tab(people.alice), new_id()
    await tab.command("create", session=session, model=None, agent=None, folder=None, temporary=True)
    await send(tab, session, "Look", await bring(picture(), "cat.png"))
    await sync_to_async(aged)(await Session.objects.aget(pk=session), days=2)
    await Generation.objects.aupdate(finished_at=timezone.now() - timedelta(days=2))
    assert (await purge_now())["files"] == 1
    assert kept(stored) == set()


async def test_a_link_shows_names_alone(people, asked, stored):
    @sync_to_async
    def read() -> tuple[str, int]:
        made = post(
            signed_in(people.alice), f"/api/sessions/{asked['session']}/shares", {"audience": "anyone", "live": True}
        )
        page = Client().get(made.json()["path"]).content.decode()
        return page, Client().get(f"/api/attachments/{asked['files'][0]}").status_code

    page, status = await read()
    assert "SECRET_[cat].png" in page
    assert "CANARY" not in page
    assert not any(file in page for file in asked["files"])
    assert status == 401


async def test_exports_name_files(people, asked, stored):
    @sync_to_async
    def taken_along() -> bytes:
        response: Any = signed_in(people.alice).post("/settings/export/", {"format": "markdown"})
        return b"".join(response.streaming_content)

    @sync_to_async
    def exported(file_format: str) -> bytes:
        wanted = {"sessions": [asked["session"]], "format": file_format}
        return b"".join(post(signed_in(people.alice), "/api/sessions/exported", wanted).streaming_content)

    assert r"- File: SECRET\_\[cat\].png" in (await exported("markdown")).decode()
    message = json.loads(await exported("json"))["chats"][0]["messages"][0]
    assert [part.get("filename") for part in message["parts"]] == ["SECRET_[cat].png", "notes.txt", None]
    archive = zipfile.ZipFile(io.BytesIO(await taken_along()))
    (chat,) = [name for name in archive.namelist() if name.endswith(".md")]
    assert b"notes.txt" in archive.read(chat)


def test_the_migrations_are_complete():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)

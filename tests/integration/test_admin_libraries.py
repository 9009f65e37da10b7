"""Libraries in the admin: upload, replace, look at, remove, give to an agent; each by who administers the team alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ai_studio import gateway, revisions
from ai_studio.files import problems, storage
from ai_studio.library import keeping
from ai_studio.models import Agent, DiscardedFile, Document, Library
from tests import factories
from tests.integration.admin_world import World, address, client_of, make_world
from tests.integration.libraries import make_document, make_library
from tests.integration.uploads import docx, pdf, picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def library(world: World) -> Library:
    row: Library = world.rows[Library]
    return row


@pytest.fixture
def owner(world: World) -> Client:
    return client_of(world.people["owner"])


def own(page: str, library: Library, *rest: Any) -> str:
    return reverse(f"admin:ai_studio_library_{page}", args=[library.pk, *rest])


def upload(client: Client, library: Library, **files: bytes) -> Any:
    """The names say `__` for a dot."""
    sent = [SimpleUploadedFile(name.replace("__", "."), data) for name, data in files.items()]
    return client.post(own("upload", library), {"files": sent}, follow=True)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_several_documents_at_once_each_by_itself(owner: Client, library: Library, stored: Path):
    page = upload(
        owner,
        library,
        hours__txt=b"Open at nine.",
        leave__pdf=pdf("Thirty days"),
        cv__docx=docx(),
        tool__exe=b"MZ\x00\x01",
    )
    rows = {row.name: row for row in library.documents.all()}
    assert set(rows) == {"hours.txt", "leave.pdf", "cv.docx"}
    assert rows["leave.pdf"].media_type == "application/pdf"
    assert "Thirty days" in rows["leave.pdf"].text
    assert rows["hours.txt"].tokens == 5
    assert (rows["hours.txt"].size, rows["hours.txt"].added_by.name) == (13, "Alice")
    assert storage.read(rows["hours.txt"].key, storage.ORIGINAL) == b"Open at nine."
    assert len(files_in(stored)) == 3
    assert not DiscardedFile.objects.exists()
    content = page.content.decode()
    assert "tool.exe: Files of this kind" in content
    assert "hours.txt is in the library." in content
    assert f"about <strong>{sum(row.tokens for row in rows.values())}</strong> tokens in all" in content


def test_what_has_no_text_is_kept_with_the_reason(owner: Client, library: Library, stored: Path):
    page = upload(owner, library, scan__pdf=pdf(""), photo__png=picture())
    assert {row.name: (row.state, row.reason) for row in library.documents.all()} == {
        "scan.pdf": ("unread", keeping.EMPTY),
        "photo.png": ("unread", keeping.PICTURE),
    }
    assert "No model gets it." in page.content.decode()


def test_a_file_of_the_same_name_takes_its_place(owner: Client, library: Library, stored: Path):
    upload(owner, library, hours__txt=b"Open at nine.")
    first = library.documents.get()
    upload(owner, library, hours__txt=b"Open at ten.")
    second = library.documents.get()
    assert (second.pk, second.text) == (first.pk, "Open at ten.")
    assert second.key != first.key
    assert [path.parent.name for path in files_in(stored)] == [second.key]


def test_it_is_looked_at_downloaded_and_removed(owner: Client, library: Library, stored: Path):
    upload(owner, library, page__html=b"<script>alert(1)</script>")
    document = library.documents.get()
    shown = owner.get(own("document", library, document.pk)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    original = owner.get(own("original", library, document.pk))
    assert original.content == b"<script>alert(1)</script>"
    assert original.headers["Content-Type"] == "application/octet-stream"
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert owner.get(own("remove", library, document.pk)).status_code == 405
    owner.post(own("remove", library, document.pk))
    assert not library.documents.exists()
    assert files_in(stored) == []


def test_its_files_go_with_the_team(stored: Path):
    team = factories.make_team()
    library = make_library(team)
    factories.make_agent(team, library=library)
    keeping.add(library, SimpleUploadedFile("hours.txt", b"Open at nine."), by=None)
    assert len(files_in(stored)) == 1
    team.delete()
    assert not Library.objects.filter(pk=library.pk).exists()
    assert files_in(stored) == []
    assert not DiscardedFile.objects.exists()


def test_a_file_that_can_not_be_removed_now_is_removed_later(
    owner: Client, library: Library, stored: Path, monkeypatch: pytest.MonkeyPatch
):
    upload(owner, library, hours__txt=b"Open at nine.")

    def away(key: str) -> None:
        raise problems.FilesUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(storage, "delete", away)
        owner.post(own("remove", library, library.documents.get().pk))
    assert not library.documents.exists()
    assert len(files_in(stored)) == 1
    assert gateway.remove_discarded_files() == 0  # it may be one that is being taken in
    DiscardedFile.objects.update(discarded_at=timezone.now() - keeping.STORED_AFTER * 2)
    assert gateway.remove_discarded_files() == 1
    assert files_in(stored) == []


def test_a_storage_that_is_away_leaves_no_document(
    owner: Client, library: Library, stored: Path, monkeypatch: pytest.MonkeyPatch
):
    def away(*_: Any) -> None:
        raise problems.FilesUnavailable

    monkeypatch.setattr(storage, "save", away)
    page = upload(owner, library, hours__txt=b"Open at nine.")
    assert "can&#x27;t be stored" in page.content.decode()
    assert not library.documents.exists()


def test_a_full_library_says_so(owner: Client, library: Library, stored: Path, settings: Any):
    settings.LIBRARY_DOCUMENTS = 1
    page = upload(owner, library, a__txt=b"One.", b__txt=b"Two.")
    assert "A library holds 1 documents." in page.content.decode()
    upload(owner, library, a__txt=b"Three.")
    assert [row.text for row in library.documents.all()] == ["Three."]


@pytest.mark.parametrize("person", ["member", "stranger", "anonymous"])
def test_nobody_else_reaches_a_document(world: World, library: Library, stored: Path, person: str):
    document = make_document(library, "Secret words.")
    client = client_of(world.people[person])
    for page in ("document", "original"):
        response = client.get(own(page, library, document.pk))
        assert response.status_code in {302, 403, 404}
        assert b"Secret words" not in response.content
    for response in (
        client.post(own("remove", library, document.pk)),
        client.post(own("upload", library), {"files": [SimpleUploadedFile("x.txt", b"Mine.")]}),
    ):
        assert response.status_code in {302, 403, 404}
    assert [row.text for row in library.documents.all()] == ["Secret words."]


def test_a_document_is_reached_through_its_own_library_alone(world: World, owner: Client, library: Library):
    foreign = make_document(world.foreign[Library], "Secret words.")
    assert owner.get(own("document", library, foreign.pk)).status_code == 404
    assert owner.post(own("remove", library, foreign.pk)).status_code == 404
    assert Document.objects.filter(pk=foreign.pk).exists()


def test_one_that_agents_use_is_not_deleted(world: World, owner: Client, library: Library):
    agent = world.rows[Agent]
    agent.library = library
    agent.save()
    page = owner.post(address("delete", library), {"post": "yes"}, follow=True)
    assert "agents: 1 depend on it. Take it from these agents first." in page.content.decode()
    assert Library.objects.filter(pk=library.pk).exists()
    agent.library = None
    agent.save()
    make_document(library, "word " * 2_000)
    asked = owner.get(address("delete", library)).content.decode()
    assert "Passage:" not in asked  # counted, not listed
    owner.post(address("delete", library), {"post": "yes"})
    assert not Library.objects.filter(pk=library.pk).exists()


def agent_fields(agent: Agent, **fields: str) -> dict[str, str]:
    return {"name": agent.name, "instructions": agent.instructions, "parameters": "{}", "fallbacks": "[]"} | fields


def test_an_agent_takes_a_library_of_its_own_team_alone(world: World, owner: Client, library: Library):
    agent = world.rows[Agent]
    page = owner.post(address("change", agent), agent_fields(agent, library=world.foreign[Library].pk))
    assert "library" in page.context["adminform"].form.errors
    response = owner.post(address("change", agent), agent_fields(agent, library=library.pk, is_enabled="on"))
    assert response.status_code == 302, response.context["adminform"].form.errors
    agent.refresh_from_db()
    assert agent.library == library
    root = client_of(world.people["platform admin"])
    page = root.post(
        address("add", Agent),
        agent_fields(agent, name="New", team=world.team.pk, library=world.foreign[Library].pk),
    )
    assert "another team" in str(page.context["adminform"].form.errors["library"])


def test_a_copy_and_a_restored_revision_have_the_library(world: World, library: Library):
    agent = world.rows[Agent]
    agent.library = library
    revisions.save(agent, by=None)
    assert revisions.clone(agent, by=None).library == library
    first = agent.revision
    agent.library = None
    revisions.save(agent, by=None)
    Agent.objects.exclude(pk=agent.pk).update(library=None)
    assert revisions.restore(agent, first, by=None).library_id == library.pk
    agent.library = None
    revisions.save(agent, by=None)
    library.delete()
    assert revisions.restore(agent, first, by=None).library_id is None


def test_the_history_tells_of_documents_without_their_text(world: World, library: Library):
    make_document(library, "Secret words.", "hours.txt")
    root = client_of(world.people["platform admin"])
    content = root.get(reverse("studio:changes")).content.decode()
    assert "hours.txt" in content
    assert "Secret words" not in content

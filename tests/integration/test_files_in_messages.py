"""Files in messages: how they are sent, and what models get of them."""

from __future__ import annotations

import base64
import json

import pytest
from asgiref.sync import sync_to_async

from ai_studio.files import storage
from ai_studio.llm import Role
from chat.models import Attachment, Generation, Message, Session
from tests.integration.conftest import OpenTab, usable_model
from tests.integration.sse_client import SESSION, SSEClient, submission
from tests.integration.tabs import Refused
from tests.integration.uploads import pdf, picture, send

pytestmark = pytest.mark.django_db(transaction=True)


# --- To the model -----------------------------------------------------------------------------------------------------


async def test_a_model_that_sees_gets_the_picture(people, seeing, bring, open_tab: OpenTab):
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    file = await bring(picture(), "cat.png")
    sent = await send(tab, session, "What is it?", file)
    part, words = sent["message"]["parts"]
    assert part == {
        "type": "file",
        "attachment": file,
        "url": f"/api/attachments/{file}",
        "filename": "cat.png",
        "mediaType": "image/png",
        "size": len(picture()),
    }
    assert words == {"type": "text", "text": "What is it?"}
    (message,) = seeing.requests[0].messages
    assert (message.role, message.text) == (Role.USER, "What is it?")
    stored = base64.b64encode(storage.read(file, storage.PICTURE)).decode()
    assert [image.url for image in message.images] == [f"data:image/png;base64,{stored}"]
    row = await Attachment.objects.aget()
    assert (row.state, row.session_id) == ("sent", session)


async def test_the_next_question_is_asked_about_the_same_picture(people, seeing, bring, open_tab: OpenTab):
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    sent = await send(tab, session, "", await bring(picture(), "cat.png"))
    await send(tab, session, "Sure?", parent=sent["answer"]["id"])
    first, answer, second = seeing.requests[1].messages
    assert (len(first.images), first.text, answer.text, second.images) == (1, "", "Hello.", ())
    row = await Session.objects.aget(pk=session)
    assert row.title == "A title"
    assert seeing.title_requests[0].messages[0].text.startswith("User: cat.png")


async def test_every_model_reads_the_text_of_a_document(people, model, bring, open_tab: OpenTab):
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    file = await bring(pdf("Sales are up."), "report.pdf")
    await send(tab, session, "Is it good?", file)
    (message,) = model.requests[0].messages
    block = f'<file id="{file}" name="report.pdf" type="application/pdf">\nSales are up.\n</file id="{file}">'
    assert message.text == f"{block}\n\nIs it good?"
    stored = await Message.objects.aget(role="user")
    assert (stored.text, "Sales" in json.dumps(stored.parts)) == ("Is it good?", False)


async def test_what_a_model_can_t_read_is_refused_before_anything_is_stored(people, model, bring, open_tab: OpenTab):
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    for data, name, reason in (
        (picture(), "cat.png", "Story can't see images."),
        (pdf(""), "scan.pdf", "There is no text in scan.pdf"),
    ):
        file = await bring(data, name)
        with pytest.raises(Refused) as refused:
            await tab.command("send", session=session, parent=None, text="Look", attachments=[file])
        error = refused.value.args[0]
        assert error["code"] == "model_cannot_read_file"
        assert error["text"].startswith(reason)
        row = await Attachment.objects.aget(pk=file)
        assert (row.state, row.session_id) == ("ready", None)
    assert (await Message.objects.acount(), await Generation.objects.acount(), model.requests) == (0, 0, [])


async def test_no_blind_model_stands_in_for_one_that_sees(people, seeing, bring, open_tab: OpenTab):
    await sync_to_async(usable_model)(people.team, display_name="Blind")
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    sent = await send(tab, session, "Look", await bring(picture(), "cat.png"))
    assert sent["answer"]["generation"]["model"]["name"] == "Story"
    plain = await tab.command("send", session=session, parent=sent["answer"]["id"], text="And now?")
    await tab.until_end(plain["generation"])
    assert len(seeing.requests) == 2


async def test_another_model_that_sees_nothing_is_told_of_the_earlier_picture(people, seeing, bring, open_tab: OpenTab):
    blind = await sync_to_async(usable_model)(people.team, display_name="Blind")
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    sent = await send(tab, session, "Look", await bring(picture(), "cat.png"))
    with pytest.raises(Refused) as refused:
        await tab.command("regenerate", session=session, message=sent["answer"]["id"], model=blind.pk)
    assert refused.value.args[0]["code"] == "model_cannot_read_file"
    switched = await tab.command("switch", session=session, model=blind.pk, agent=None)
    await send(tab, session, "And now?", parent=switched["session"]["leaf"])
    first = seeing.requests[-1].messages[0]
    assert (first.text, first.images) == ('[The image "cat.png" is not shown to you.]\n\nLook', ())


async def test_a_picture_that_is_gone_fails_the_answer_with_its_reason(people, seeing, bring, open_tab: OpenTab):
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    file = await bring(picture(), "cat.png")
    storage.delete(file)
    await send(tab, session, "Look", file)
    generation = await Generation.objects.aget()
    assert generation.error is not None
    assert (generation.status, generation.error["code"]) == ("failed", "files_unavailable")


# --- Sending ----------------------------------------------------------------------------------------------------------


async def test_a_message_sent_again_is_sent_once(people, seeing, bring, open_tab: OpenTab):
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    file = await bring(picture(), "cat.png")
    frame = {"id": "c-Ty6uJk8iOl0pMnBv", "session": session, "parent": None, "text": "", "attachments": [file]}
    first = await tab.command("send", **frame)
    await tab.until_end(first["generation"])
    again = await tab.command("send", **frame)
    assert again["message"]["id"] == first["message"]["id"]
    assert len(seeing.requests) == 1


async def test_an_unsent_file_goes_into_one_session_alone(people, seeing, bring, open_tab: OpenTab):
    tab = await open_tab(people.alice)
    one, two = await tab.new_session(), await tab.new_session()
    file = await bring(picture(), "cat.png")
    await send(tab, one, "Look", file)
    with pytest.raises(Refused) as refused:
        await tab.command("send", session=two, parent=None, text="Look", attachments=[file])
    assert refused.value.args[0]["code"] == "attachment_not_found"
    assert await Message.objects.filter(session=two).acount() == 0


async def test_an_edited_message_keeps_its_file(people, seeing, bring, open_tab: OpenTab):
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    file = await bring(picture(), "cat.png")
    await send(tab, session, "Look", file)
    await send(tab, session, "Look closely", file)
    assert [len(request.messages[0].images) for request in seeing.requests] == [1, 1]


async def test_more_files_than_a_message_takes_are_refused(people, seeing, bring, settings, open_tab: OpenTab):
    settings.FILES_PER_MESSAGE = 1
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    files = [await bring(b"text", "a.txt"), await bring(b"text", "b.txt")]
    with pytest.raises(Refused) as refused:
        await tab.command("send", session=session, parent=None, text="Look", attachments=files)
    assert refused.value.args[0]["code"] == "too_many_files"


async def test_the_other_door_takes_files_too(people, seeing, bring):
    client = await SSEClient.signed_in(people.alice)
    file = await bring(picture(), "cat.png")
    part = {"type": "file", "mediaType": "image/png", "url": f"/api/attachments/{file}"}
    message = {"id": "m-Ty6uJk8iOl0pMnBv", "role": "user", "parts": [part, {"type": "text", "text": "What is it?"}]}
    await client.stream(submission(messages=[message]))
    assert len(seeing.requests[0].messages[0].images) == 1
    for url, status, code in (
        ("data:image/png;base64,iVBORw0KGgo=", 400, "file_not_uploaded"),
        ("/api/attachments/unknown-file-0123456789", 404, "attachment_not_found"),
    ):
        inline = {"id": "m-Ty6uJk8iOl0pMnBw", "role": "user", "parts": [{"type": "file", "url": url}]}
        refused = await client.post(submission(messages=[inline]))
        assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    assert await Message.objects.filter(session=SESSION, role="user").acount() == 1


async def test_a_session_of_one_s_own_takes_no_files_of_others(people, seeing, bring, open_tab: OpenTab):
    mine, unsent = await open_tab(people.alice), await bring(picture(), "cat.png")
    sent = await bring(picture(), "cat.png")
    await send(mine, await mine.new_session(), "Look", sent)
    tab = await open_tab(people.bob)
    session = await tab.new_session()
    answers = []
    for file in (sent, unsent, "unknown-file-0123456789"):
        with pytest.raises(Refused) as refused:
            await tab.command("send", session=session, parent=None, text="Read it", attachments=[file])
        answers.append({**refused.value.args[0], "id": None})
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["code"] == "attachment_not_found"
    assert await Message.objects.filter(session=session).acount() == 0
    assert (await Attachment.objects.aget(pk=unsent)).state == "ready"

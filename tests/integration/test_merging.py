"""One answer out of several: what the model is told, what is kept, and what is refused."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from ai_studio.emulator import testing as emulated
from ai_studio.llm.errors import ServerError
from ai_studio.models import Completion
from chat import exporting
from chat.merging import MERGE, merging
from chat.models import Generation, Message, Session
from chat.parts import fold
from tests.integration.conftest import usable_model
from tests.integration.models import text
from tests.integration.side_by_side import generations, send
from tests.integration.sse_client import SSEClient
from tests.integration.tabs import Refused, Tab

pytestmark = pytest.mark.django_db(transaction=True)


async def two_answers(tab: Tab, model, other, *, words: str = "What is it?") -> tuple[str, list[str]]:
    """A session, and the ids of two finished answers in it that stand side by side."""
    model.will_say(*text("It is one."))
    model.will_say(*text("It is two."))
    session = await tab.new_session()
    sent = await send(tab, session, other, words=words)
    for generation in generations(sent):
        await tab.until_end(generation)
    return session, [sent["answer"]["id"], sent["beside"][0]["id"]]


async def texts_of(*ids: str) -> list[str]:
    found = await Message.objects.ain_bulk(ids)
    return [found[message_id].text for message_id in ids]


async def test_the_merged_answer_is_one_of_its_own(tab, model, others, api):
    session, answers = await two_answers(tab, model, others[0])
    model.will_say(*text("It is ", "both."))
    merged = await tab.command("merge", session=session, messages=answers, model=None)
    assert (await tab.until_end(merged["generation"])).text == "It is both."
    (told,) = model.requests[-1].messages
    assert told.text == f"What is it?\n\n{merging(await texts_of(*answers), merged['generation'])}"
    assert "Second" not in told.text, "no model's name goes along"
    row = await Generation.objects.aget(pk=merged["generation"])
    named = zip(answers, ("Story", "Second"), strict=True)
    assert row.merged_from == [{"message": one, "model": name} for one, name in named]
    assert (row.status, row.beside, row.place) == ("completed", "", 0)
    assert (await Session.objects.aget(pk=session)).leaf_id == merged["answer"]["id"]
    page = (await sync_to_async(api.get)(f"/api/sessions/{session}/messages")).json()
    assert page["messages"][-1]["generation"]["merged_from"] == row.merged_from
    assert page["siblings"][merged["answer"]["id"]] == [*answers, merged["answer"]["id"]]
    assert page["beside"] == []
    paid = await Completion.objects.aget(generation_id=row.pk)
    assert (paid.purpose, paid.input_tokens, paid.output_tokens) == ("answer", 12, 34)
    exported = await sync_to_async(exporting.as_json)(
        await Session.objects.select_related("model", "agent").aget(pk=session)
    )
    assert [one["merged_from"] for one in exported["messages"]] == [[], [], [], row.merged_from]


async def test_the_next_message_knows_the_merged_answer_alone(tab, model, others):
    session, answers = await two_answers(tab, model, others[0])
    model.will_say(*text("It is both."))
    merged = await tab.command("merge", session=session, messages=answers, model=None)
    await tab.until_end(merged["generation"])
    await tab.ask(session, "Sure?", parent=merged["answer"]["id"])
    assert [one.text for one in model.requests[-1].messages] == ["What is it?", "It is both.", "Sure?"]
    again = await tab.command("regenerate", session=session, message=merged["answer"]["id"], model=None)
    await tab.until_end(again["generation"])
    assert [one.text for one in model.requests[-1].messages] == ["What is it?"], "asked again it is an ordinary answer"
    assert again["answer"]["generation"]["merged_from"] == []


async def test_sent_again_it_is_done_once_and_by_the_model_that_is_named(tab, model, others):
    session, answers = await two_answers(tab, model, others[0])
    fields = {"session": session, "messages": answers, "model": others[1].pk}
    command = await tab.send_command("merge", **fields)
    merged = await tab.answer(command)
    await tab.until_end(merged["generation"])
    assert merged["answer"]["generation"]["model"]["name"] == "Third"
    again = await tab.answer(await tab.send_command("merge", id=command, **fields))
    assert again["generation"] == merged["generation"]
    assert len(model.requests) == 3


async def test_one_that_was_stopped_goes_on_out_of_the_same_answers(tab, model, others):
    session, answers = await two_answers(tab, model, others[0])
    model.will_wait("It is")
    merged = await tab.command("merge", session=session, messages=answers, model=None)
    await tab.until_text(merged["generation"], "It is")
    await tab.command("stop", generation=merged["generation"])
    model.will_say(*text(" both."))
    gone_on = await tab.command("continue", session=session, message=merged["answer"]["id"])
    assert (await tab.until_end(gone_on["generation"])).text == "It is both."
    asked, begun, *_ = model.requests[-1].messages
    assert asked.text == f"What is it?\n\n{merging(await texts_of(*answers), gone_on['generation'])}"
    assert begun.text == "It is"
    assert [one["message"] for one in gone_on["answer"]["generation"]["merged_from"]] == answers


async def test_one_written_by_hand_and_a_stopped_one_are_merged_and_a_fork_keeps_the_names(tab, model, others):
    model.will_wait("It is")
    session = await tab.new_session()
    sent = await tab.say(session, "What is it?")
    await tab.until_text(sent["generation"], "It is")
    await tab.command("stop", generation=sent["generation"])
    revised = await tab.command("revise", session=session, message=sent["answer"]["id"], text="It is mine.")
    answers = [sent["answer"]["id"], revised["message"]["id"]]
    model.will_wait("Both")
    merged = await tab.command("merge", session=session, messages=answers, model=None)
    await tab.until_text(merged["generation"], "Both")
    await tab.command("stop", generation=merged["generation"])
    assert merged["answer"]["generation"]["merged_from"] == [{"message": one, "model": "Story"} for one in answers]
    target = "s-Jn6bHv5gCf4dXs3z"
    await tab.command("fork", session=session, message=merged["answer"]["id"], target=target)
    copy = await Generation.objects.aget(session_id=target)
    assert copy.merged_from == [{"message": None, "model": "Story"}] * 2
    # Its sources have stayed behind: there it goes on as an answer to its message.
    gone_on = await tab.command("continue", session=target, message=copy.message_id)
    await tab.until_end(gone_on["generation"])
    assert [one.text for one in model.requests[-1].messages][:2] == ["What is it?", "Both"]
    assert gone_on["answer"]["generation"]["merged_from"] == copy.merged_from


async def test_another_model_takes_over_with_the_same_answers(tab, model, others):
    session, answers = await two_answers(tab, model, others[0])
    model.will_say(ServerError("gone"))
    model.will_say(*text("It is both."))
    merged = await tab.command("merge", session=session, messages=answers, model=None)
    assert (await tab.until_end(merged["generation"])).text == "It is both."
    *_, failed, answered = model.requests
    assert failed.messages == answered.messages
    assert answered.messages[0].text.endswith(MERGE)


async def refused(tab: Tab, session: str, *messages: str, **fields) -> str:
    with pytest.raises(Refused) as refusal:
        await tab.command("merge", session=session, messages=list(messages), **fields)
    return refusal.value.code


async def test_what_cannot_be_merged_is_refused_with_a_code_each(tab, model, others):
    session, (one, two) = await two_answers(tab, model, others[0])
    assert await refused(tab, session) == await refused(tab, session, one) == "nothing_to_merge"
    assert await refused(tab, session, one, one) == "invalid_command"
    assert await refused(tab, session, *(f"msg-{number:016}" for number in range(9))) == "invalid_command"
    question = (await Message.objects.aget(pk=one)).parent_id
    assert await refused(tab, session, question, one) == "invalid_command"
    assert await refused(tab, session, one, "msg-of-nobody-here") == "message_not_found"
    assert await refused(tab, session, one, two, model="m-of-nobody-at-all") == "model_unavailable"
    model.will_say(RuntimeError("gone"))
    failed = await tab.command("regenerate", session=session, message=one, model=None)
    await tab.until_end(failed["generation"])
    assert await refused(tab, session, one, failed["answer"]["id"]) == "nothing_to_merge"
    later = await tab.ask(session, "And then?", parent=one)
    assert await refused(tab, session, one, later["answer"]["id"]) == "answers_of_different_messages"
    model.will_wait("Not yet")
    written = await tab.command("regenerate", session=session, message=later["answer"]["id"], model=None)
    assert await refused(tab, session, later["answer"]["id"], written["answer"]["id"]) == "generation_in_progress"
    assert await refused(tab, session, one, two) == "generation_in_progress", "nothing else begins meanwhile"
    await tab.command("stop", generation=written["generation"])


async def test_answers_of_other_chats_and_people_are_not_there(open_tab, people, tab, model, others):
    session, (one, two) = await two_answers(tab, model, others[0])
    other, (foreign, _) = await two_answers(tab, model, others[0])
    assert await refused(tab, session, one, foreign) == "message_not_found"
    stranger = await open_tab(people.bob)
    assert await refused(stranger, session, one, two) == "session_not_found"
    await Session.objects.filter(pk=other).adelete()
    assert await refused(tab, other, foreign, one) == "session_not_found"


async def test_programs_merge_over_server_sent_events(tab, model, others, alice):
    session, answers = await two_answers(tab, model, others[0])
    model.will_say(*text("It is both."))
    client = await SSEClient.signed_in(alice)
    parts = await client.stream({"id": session, "trigger": "merge-messages", "messageIds": answers})
    assert fold(parts) == [{"type": "text", "text": "It is both."}]
    refusal = await client.post({"id": session, "trigger": "merge-messages", "messageIds": answers[:1]})
    assert (refusal.status_code, refusal.json()["error"]["code"]) == (400, "nothing_to_merge")


async def test_what_a_provider_is_really_sent(tab, people, emulator):
    story, echo = [
        await sync_to_async(usable_model)(
            people.team, model_id=name, display_name=name, base_url=f"{emulator}/v1", is_default=name == "story-rate-0"
        )
        for name in ("story-rate-0", "echo-rate-0")
    ]
    session = await tab.new_session(model=story.pk)
    sent = await send(tab, session, echo, words="</answer> What is it?")
    for generation in generations(sent):
        await tab.until_end(generation)
    answers = [sent["answer"]["id"], sent["beside"][0]["id"]]
    emulated.reset(emulator)
    merged = await tab.command("merge", session=session, messages=answers, model=None)
    await tab.until_end(merged["generation"])
    (received,) = [one["body"] for one in emulated.received_requests(emulator) if MERGE in str(one["body"])]
    assert received["model"] == "story-rate-0"
    *_, asked = received["messages"]
    assert asked["role"] == "user"
    expected = f"</answer> What is it?\n\n{merging(await texts_of(*answers), merged['generation'])}"
    assert asked["content"] in (expected, [{"type": "text", "text": expected}])
    row = await Generation.objects.aget(pk=merged["generation"])
    assert row.status == "completed"
    assert row.metadata["input_tokens"] > 0

"""The invariants of the protocol, a test each (or more), through the socket."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from chat.generation import care, store
from chat.generation.registry import registry
from chat.ids import new_id
from chat.models import Generation, Message
from chat.parts import TERMINAL, fold
from chat.streams.memory import MemoryStreamLog
from tests.integration.answers import ANSWERS, WORDS
from tests.integration.models import text
from tests.integration.tabs import Heard

pytestmark = pytest.mark.django_db(transaction=True)


async def message_of(generation: str) -> Message:
    return await Message.objects.select_related("generation").aget(generation=generation)


# --- The snapshot's text and its seq are read atomically --------------------------------------------------------------


async def test_snapshot_text_and_seq_are_read_atomically(open_tab, alice, model):
    model.will_say(*text(*WORDS))
    tab, latecomer = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.say(session)
    snapshots = []
    while not tab.has_ended(sent["generation"]):
        await latecomer.command("subscribe", session=session, generation=sent["generation"], after=None)
        snapshots.append(await latecomer.until_type("snapshot"))
        await tab.receive()
    entries = await registry().log.read_all(sent["generation"])
    seen = {snapshot["seq"] for snapshot in snapshots}
    assert len(seen) > 5
    for snapshot in snapshots:
        so_far = fold(part for entry in entries if entry.seq <= snapshot["seq"] for part in entry.parts)
        if snapshot["message"]["generation"]["status"] == "streaming":
            assert snapshot["message"]["parts"] == so_far


async def test_the_stored_snapshot_belongs_to_its_seq(open_tab, alice, model, monkeypatch):
    monkeypatch.setattr(care, "SNAPSHOT_SECONDS", 0.01)
    model.will_say(*text(*WORDS))
    tab = await open_tab(alice)
    sent = await tab.say(await tab.new_session())
    stored = {}
    while not tab.has_ended(sent["generation"]):
        await tab.receive()
        row = await message_of(sent["generation"])
        if row.generation.is_active:
            stored[row.generation.seq] = row.parts
    entries = await registry().log.read_all(sent["generation"])
    assert len(stored) > 3
    for seq, parts in stored.items():
        assert parts == fold(part for entry in entries if entry.seq <= seq for part in entry.parts)


# --- seq is contiguous ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_seq_is_contiguous(open_tab, alice, model, answer):
    model.will_say(*answer)
    tab = await open_tab(alice)
    sent = await tab.ask(await tab.new_session())
    frames = [frame for frame in tab.frames if frame["type"] == "parts"]
    assert [frame["after"] for frame in frames] == [0, *(frame["seq"] for frame in frames[:-1])]
    entries = await registry().log.read_all(sent["generation"])
    assert [entry.seq for entry in entries] == list(range(1, frames[-1]["seq"] + 1))


# --- Resuming replaces a partial, never appends to it -----------------------------------------------------------------


@pytest.mark.parametrize("after", [None, 2**31 - 1], ids=["nothing known", "a seq from the future"])
async def test_resuming_replaces_a_partial(open_tab, alice, model, after):
    gate = model.will_wait("Once upon a time.")
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.say(session)
    await tab.until_text(sent["generation"], "Once upon a time.")
    await other.command("subscribe", session=session, generation=sent["generation"], after=after)
    snapshot = await other.until_type("snapshot")
    assert snapshot["message"]["parts"] == [{"type": "text", "text": "Once upon a time."}]
    gate.set()
    heard = await other.until_end(sent["generation"])
    assert heard.text == "Once upon a time. Done."


async def test_a_seq_of_another_generation_is_not_taken_for_one_of_this(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    first = await tab.ask(session)
    gate = model.will_wait("Again.")
    second = await tab.say(session, parent=first["answer"]["id"])
    await tab.until_text(second["generation"], "Again.")
    other = await open_tab(alice)
    await other.command("subscribe", session=session, generation=first["generation"], after=3)
    other.generations[first["generation"]] = Heard(seq=3)
    await other.until_text(second["generation"], "Again.")
    assert other.generations[second["generation"]].snapshots
    gate.set()
    await other.until_end(second["generation"])


# --- Completion is an explicit message, never silence -----------------------------------------------------------------


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_completion_is_an_explicit_message(open_tab, alice, model, answer):
    model.will_say(*answer)
    tab = await open_tab(alice)
    sent = await tab.ask(await tab.new_session())
    await tab.settle()
    said = [part["type"] for part in tab.generations[sent["generation"]].news]
    assert said[:2] == ["start", "start-step"]
    assert [kind for kind in said if kind in TERMINAL] == [said[-1]]
    assert said.index("finish-step") == len(said) - (3 if said[-1] == "error" else 2)


async def test_an_end_that_can_not_be_stored_is_told_all_the_same(open_tab, alice, model, monkeypatch, caplog):
    def fail(*arguments: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(store, "finish", fail)
    tab = await open_tab(alice)
    sent = await tab.say(await tab.new_session())
    heard = await tab.until_end(sent["generation"])
    assert [part["type"] for part in heard.news[-2:]] == ["data-error", "error"]
    assert heard.news[-2]["data"]["code"] == "internal_error"
    assert "disk" not in str(tab.frames)
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["the disk is full"]
    await Generation.objects.all().aupdate(status="failed")


# --- "Unknown generation" clears the client's running mark ------------------------------------------------------------


@pytest.mark.parametrize("after", [None, 0, 17])
async def test_unknown_generation_clears_the_running_mark(open_tab, alice, model, after):
    tab = await open_tab(alice)
    session = await tab.new_session()
    result = await tab.command("subscribe", session=session, generation=new_id(), after=after)
    assert result["generation"] is None
    assert result["session"]["generation"] is None
    error = await tab.until_type("error")
    assert (error["id"], error["code"]) == (None, "generation_not_found")


# --- The row is committed before `finish` is sent, and a stop is answered after the partial is ------------------------


class HeldCommit:
    def __init__(self, commit: Callable[..., Any]) -> None:
        self.reached, self.let_go, self._commit = threading.Event(), threading.Event(), commit

    def __call__(self, *arguments: Any) -> Any:
        self.reached.set()
        assert self.let_go.wait(20)
        return self._commit(*arguments)


@pytest.fixture
def held_commit(monkeypatch):
    """The end of a generation waits in the database until it is let go."""
    commit = HeldCommit(store.finish)
    monkeypatch.setattr(store, "finish", commit)
    yield commit
    commit.let_go.set()


async def test_the_row_is_committed_before_finish_is_sent(open_tab, alice, model, held_commit):
    model.will_say(*text("All of it."))
    tab = await open_tab(alice)
    sent = await tab.say(await tab.new_session())
    assert await asyncio.to_thread(held_commit.reached.wait, 20)
    await tab.pending()
    assert not tab.has_ended(sent["generation"])
    held_commit.let_go.set()
    heard = await tab.until_end(sent["generation"])
    row = await message_of(sent["generation"])
    assert (row.text, row.generation.status) == ("All of it.", "completed")
    assert heard.last_part["messageMetadata"] == row.generation.metadata


async def test_a_stop_is_answered_after_the_partial_is_committed(open_tab, alice, model, held_commit):
    model.will_wait("Once upon")
    tab = await open_tab(alice)
    sent = await tab.say(await tab.new_session())
    await tab.until_text(sent["generation"], "Once upon")
    stop = await tab.send_command("stop", generation=sent["generation"])
    assert await asyncio.to_thread(held_commit.reached.wait, 20)
    await tab.pending()
    assert not tab.has_ended(sent["generation"])
    assert [frame for frame in tab.frames if frame.get("id") == stop] == []
    held_commit.let_go.set()
    assert await tab.answer(stop) == {"generation": sent["generation"], "status": "stopped"}
    row = await message_of(sent["generation"])
    assert (row.text, row.generation.status) == ("Once upon", "stopped")


# --- Only an explicit stop stops a generation -------------------------------------------------------------------------


async def test_only_an_explicit_stop_stops_a_generation(open_tab, alice, model):
    gate = model.will_wait("Once upon")
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.say(session)
    await tab.until_text(sent["generation"], "Once upon")
    live = registry().get(sent["generation"])
    await tab.command("unsubscribe", session=session)
    await tab.close()
    gate.set()
    async with asyncio.timeout(10):
        await live.ended.wait()
    row = await message_of(sent["generation"])
    assert (row.text, row.generation.status) == ("Once upon Done.", "completed")
    assert model.closed == 0


# --- fold(events) equals the stored message, from every seq -----------------------------------------------------------


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_fold_of_the_events_equals_the_stored_message_from_every_seq(open_tab, alice, model, answer):
    model.will_say(*answer)
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    stored = (await message_of(sent["generation"])).parts
    assert tab.generations[sent["generation"]].message == stored
    entries = await registry().log.read_all(sent["generation"])
    for after in range(len(entries)):
        known = [part for entry in entries[:after] for part in entry.parts]
        again = await open_tab(alice)
        again.generations[sent["generation"]] = heard = Heard(seq=after, news=known)
        await again.command("subscribe", session=session, generation=sent["generation"], after=after)
        await again.until_end(sent["generation"])
        assert heard.message == stored
        await again.close()


@pytest.mark.parametrize("after", [0, 1, 2, 3, 5, 8, 13, 20])
async def test_a_tab_that_comes_back_in_the_middle_ends_with_the_stored_message(open_tab, alice, model, after):
    model.will_say(*text(*WORDS))
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.say(session)
    await tab.until(lambda frame: frame["type"] == "parts" and frame["seq"] >= after)
    back = await open_tab(alice)
    entries = await registry().log.read_all(sent["generation"])
    known = [part for entry in entries[:after] for part in entry.parts]
    back.generations[sent["generation"]] = heard = Heard(seq=after, news=known)
    await back.command("subscribe", session=session, generation=sent["generation"], after=after)
    await back.until_end(sent["generation"])
    assert heard.snapshots == []
    assert heard.message == [{"type": "text", "text": "".join(WORDS)}]


async def test_who_comes_when_all_is_over_and_forgotten_gets_what_is_stored(open_tab, alice, model):
    model.will_say(*ANSWERS["tool calls"])
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    log = registry().log
    assert isinstance(log, MemoryStreamLog)
    log._logs.clear()  # as a minute later
    late = await open_tab(alice)
    result = await late.command("subscribe", session=session, generation=sent["generation"], after=2)
    assert result["generation"] is None
    snapshot = await late.until_type("snapshot")
    row = await message_of(sent["generation"])
    assert snapshot["message"]["parts"] == row.parts
    assert snapshot["message"]["generation"]["metadata"] == row.generation.metadata
    assert snapshot["message"]["generation"]["finish_reason"] == "tool-calls"

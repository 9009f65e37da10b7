"""What becomes of an answer whose process is gone, and of the snapshots on the way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO

import pytest
from asgiref.sync import sync_to_async
from django.core.management import call_command
from django.utils import timezone

from chat import parts
from chat.frames import encode_parts
from chat.generation import store
from chat.generation.registry import registry
from chat.ids import new_id
from chat.models import Generation, Message, Session
from chat.streams.base import Entry, StreamLogUnavailable
from tests import factories
from tests.integration.conftest import api_client
from tests.integration.models import text

pytestmark = pytest.mark.django_db(transaction=True)

HALF = [{"type": "reasoning", "text": "Hm"}, {"type": "text", "text": "Once upon"}]
LONG_AGO = timedelta(minutes=5)


@pytest.fixture
def abandoned(alice) -> Generation:
    """An answer that a process, gone since, had begun; its last snapshot is stored."""
    return make_abandoned(factories.make_session(alice, title="A story", is_title_chosen=True))


def make_abandoned(session: Session, *, silent_for: timedelta = LONG_AGO, **fields) -> Generation:
    question = factories.make_message(session, "Tell me a story.")
    answer = factories.make_message(session, "", role="assistant", parts=HALF, parent=question)
    return Generation.objects.create(
        id=new_id(),
        session=session,
        message=answer,
        user=session.user,
        seq=7,
        owner="a-process-that-is-gone",
        heartbeat_at=timezone.now() - silent_for,
        **{"status": "streaming", "model_name": "Story"} | fields,
    )


async def reloaded(generation: Generation) -> Generation:
    return await Generation.objects.select_related("message").aget(pk=generation.pk)


def assert_interrupted(row: Generation) -> None:
    assert row.error is not None
    assert (row.status, row.error["code"], row.message.parts) == ("interrupted", "generation_interrupted", HALF)
    assert row.message.text == "Once upon"
    assert row.finished_at is not None


# --- Found by whoever is there ----------------------------------------------------------------------------------------


async def test_an_abandoned_answer_is_ended_with_its_last_snapshot(open_tab, alice, abandoned):
    tab = await open_tab(alice)
    frame = await tab.until_type("session")
    assert (frame["session"]["id"], frame["session"]["generation"]) == (abandoned.session_id, None)
    assert_interrupted(await reloaded(abandoned))


async def test_who_subscribes_hears_how_it_ended(open_tab, alice, abandoned):
    tab = await open_tab(alice)
    command = {"session": abandoned.session_id, "generation": abandoned.pk, "after": 5}
    assert (await tab.command("subscribe", **command))["generation"] is None
    snapshot = await tab.until_type("snapshot")
    assert snapshot["message"]["parts"] == HALF
    assert snapshot["message"]["generation"]["status"] == "interrupted"
    assert snapshot["message"]["generation"]["error"]["code"] == "generation_interrupted"


@pytest.mark.parametrize("status", ["pending", "streaming"])
async def test_every_active_status_may_be_abandoned(open_tab, alice, abandoned, status):
    await Generation.objects.aupdate(status=status)
    tab = await open_tab(alice)
    await tab.until_type("session")
    assert_interrupted(await reloaded(abandoned))


async def test_who_showed_itself_a_moment_ago_is_left_alone(open_tab, alice):
    session = await sync_to_async(factories.make_session)(alice)
    other = await sync_to_async(make_abandoned)(session, silent_for=timedelta(seconds=3))
    tab = await open_tab(alice)
    result = await tab.command("subscribe", session=session.pk, generation=None, after=None)
    assert result["generation"] == other.pk
    assert (await reloaded(other)).status == "streaming"


async def test_what_this_process_produces_is_never_taken_for_abandoned(open_tab, alice, model):
    """As after the machine slept: the heartbeat is old, and the answer goes on."""
    gate = model.will_wait("Once upon")
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.say(session)
    await tab.until_text(sent["generation"], "Once upon")
    await Generation.objects.aupdate(heartbeat_at=timezone.now() - LONG_AGO)
    other = await open_tab(alice)
    result = await other.command("subscribe", session=session, generation=None, after=None)
    assert result["generation"] == sent["generation"]
    gate.set()
    assert (await other.until_end(sent["generation"])).text == "Once upon Done."
    assert (await Generation.objects.aget()).status == "completed"


def test_the_command_ends_them_where_no_node_runs(alice, abandoned):
    said = StringIO()
    call_command("reap_generations", stdout=said)
    assert_interrupted(Generation.objects.select_related("message").get(pk=abandoned.pk))
    call_command("reap_generations", stdout=said)
    assert said.getvalue() == "Ended: 1\nEnded: 0\n"


# --- What the log says after the last snapshot ------------------------------------------------------------------------


async def test_what_was_said_last_is_waited_for_while_the_log_is_away(alice, log):
    session = await sync_to_async(factories.make_session)(alice)
    silent = await sync_to_async(make_abandoned)(session, silent_for=timedelta(seconds=20))
    log.fail = True
    assert await reap() == 0
    assert (await reloaded(silent)).status == "streaming"
    log.fail = False
    log.entries = [Entry(silent.pk, seq, encode_parts([parts.text_delta("t2", f" {seq}")])) for seq in range(6, 10)]
    assert await reap() == 1
    row = await reloaded(silent)
    assert (row.status, row.seq, row.message.text) == ("interrupted", 9, "Once upon 8 9")


async def test_a_log_that_stays_away_is_not_waited_for_for_ever(alice, abandoned, log):
    log.fail = True
    assert await reap() == 1
    assert_interrupted(await reloaded(abandoned))


@dataclass
class Log:
    """A stream log of which only the reading goes its own way."""

    fail: bool = False
    entries: list[Entry] = field(default_factory=list)

    async def read_all(self, generation: str) -> list[Entry]:
        if self.fail:
            raise StreamLogUnavailable("Redis is away")
        return self.entries


@pytest.fixture
async def log(monkeypatch) -> Log:
    made = Log()
    monkeypatch.setattr(registry().log, "read_all", made.read_all)
    return made


async def reap() -> int:
    return await registry().reaper.end_silent()


# --- And life goes on -------------------------------------------------------------------------------------------------


async def test_an_abandoned_answer_does_not_lock_its_session(open_tab, alice, abandoned, model):
    tab = await open_tab(alice)
    sent = await tab.ask(abandoned.session_id, "Go on", parent=abandoned.message_id)
    assert [message.text for message in model.requests[0].messages] == ["Tell me a story.", "Once upon", "Go on"]
    assert_interrupted(await reloaded(abandoned))
    assert (await Generation.objects.aget(pk=sent["generation"])).status == "completed"


async def test_an_interrupted_answer_can_be_continued(open_tab, alice, abandoned, model):
    model.will_say(*text(" a time."))
    tab = await open_tab(alice)
    await tab.until_type("session")
    result = await tab.command("continue", session=abandoned.session_id, message=abandoned.message_id)
    heard = await tab.until_end(result["generation"])
    assert heard.message == [HALF[0], {"type": "text", "text": "Once upon a time."}]


async def test_a_stop_ends_what_nobody_produces_any_more(open_tab, alice, abandoned):
    tab = await open_tab(alice)
    result = await tab.command("stop", generation=abandoned.pk)
    assert result["status"] in ("stopped", "interrupted")
    row = await reloaded(abandoned)
    assert (row.status, row.message.text) == (result["status"], "Once upon")


async def test_a_stop_that_nobody_could_carry_out_was_a_stop(open_tab, alice, abandoned):
    await Generation.objects.aupdate(status="stopping")
    tab = await open_tab(alice)
    await tab.until_type("session")
    row = await reloaded(abandoned)
    assert (row.status, row.error, row.message.text) == ("stopped", None, "Once upon")


async def test_an_abandoned_session_can_be_deleted(open_tab, alice, abandoned):
    async with api_client(alice) as api:
        assert (await api.delete(f"/api/sessions/{abandoned.session_id}")).status_code == 204
        assert (await api.get(f"/api/sessions/{abandoned.session_id}")).status_code == 404
    assert (await reloaded(abandoned)).status == "stopped"


# --- Snapshots --------------------------------------------------------------------------------------------------------


async def test_what_was_said_is_stored_within_about_a_second(open_tab, alice, model):
    model.will_wait("Once upon")
    tab = await open_tab(alice)
    sent = await tab.say(await tab.new_session())
    heard = await tab.until_text(sent["generation"], "Once upon")
    begun = asyncio.get_running_loop().time()
    async with asyncio.timeout(10):
        while not (row := await Message.objects.select_related("generation").aget(generation=sent["generation"])).parts:
            await asyncio.sleep(0.02)
    assert asyncio.get_running_loop().time() - begun < 3
    assert row.parts == [{"type": "text", "text": "Once upon"}]
    assert (row.generation.status, row.generation.seq) == ("streaming", heard.seq)


async def test_a_heartbeat_goes_on_while_the_provider_is_silent(open_tab, alice, model):
    model.will_wait("Once upon")
    tab = await open_tab(alice)
    sent = await tab.say(await tab.new_session())
    await tab.until_text(sent["generation"], "Once upon")
    beats: set[datetime] = set()
    async with asyncio.timeout(10):
        while len(beats) < 3:
            beats.add((await Generation.objects.aget(pk=sent["generation"])).heartbeat_at)
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("status", ["completed", "stopped", "failed", "interrupted"])
async def test_a_late_snapshot_changes_nothing_that_is_final(abandoned, status):
    await Generation.objects.aupdate(status=status)
    late = [(abandoned.pk, abandoned.message_id, 99, [{"type": "text", "text": "late"}])]
    await sync_to_async(store.save_snapshots)(late, [abandoned.pk])
    row = await reloaded(abandoned)
    assert (row.status, row.seq, row.message.parts) == (status, 7, HALF)


@pytest.mark.parametrize(("seq", "is_newer"), [(6, False), (7, False), (8, True)])
async def test_an_old_snapshot_changes_nothing_that_is_newer(abandoned, seq, is_newer):
    rows = [(abandoned.pk, abandoned.message_id, seq, [{"type": "text", "text": "a snapshot"}])]
    await sync_to_async(store.save_snapshots)(rows, [abandoned.pk])
    row = await reloaded(abandoned)
    assert row.message.parts == ([{"type": "text", "text": "a snapshot"}] if is_newer else HALF)
    assert row.seq == (8 if is_newer else 7)
    assert row.heartbeat_at > timezone.now() - timedelta(seconds=10)


async def test_the_first_snapshot_says_that_it_streams(abandoned):
    await Generation.objects.aupdate(status="pending")
    rows = [(abandoned.pk, abandoned.message_id, 8, HALF)]
    await sync_to_async(store.save_snapshots)(rows, [abandoned.pk])
    assert (await reloaded(abandoned)).status == "streaming"


async def test_a_process_that_goes_marks_what_it_leaves(open_tab, alice, model, settings):
    """As on SIGTERM: what is not done in time is kept, marked, and told."""
    settings.DRAIN_SECONDS = 0.05
    model.will_wait("Once upon")
    tab = await open_tab(alice)
    sent = await tab.say(await tab.new_session())
    await tab.until_text(sent["generation"], "Once upon")
    await registry().finish()
    heard = await tab.until_end(sent["generation"])
    assert heard.last_part == {"type": "abort", "reason": "interrupted"}
    row = await Generation.objects.select_related("message").aget(pk=sent["generation"])
    assert row.error is not None
    assert (row.status, row.error["code"], row.message.text) == ("interrupted", "generation_interrupted", "Once upon")
    assert model.closed == 1

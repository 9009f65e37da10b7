"""The socket: what is gone, faults of our own, and people who may no longer be here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session as SignIn

from ai_studio.models import Membership, ProviderToken, User
from chat import consumers, services
from chat.ids import new_id
from chat.models import Message
from tests import factories
from tests.integration.conftest import usable_model
from tests.integration.tabs import Closed, Refused, Tab
from tests.integration.test_consumer_bad_input import assert_error

pytestmark = pytest.mark.django_db(transaction=True)

# --- What is not there (any more) -------------------------------------------------------------------------------------


async def test_without_a_model_the_message_is_refused_and_not_stored(open_tab, alice):
    tab = await open_tab(alice)
    session = await tab.new_session()
    with pytest.raises(Refused) as refused:
        await tab.say(session)
    assert refused.value.code == "no_model_available"
    assert await Message.objects.acount() == 0


async def test_a_model_that_vanished_between_choice_and_send_gives_way_to_the_next(
    open_tab, people, alice, model, story
):
    chosen = await sync_to_async(usable_model)(people.team, display_name="Chosen")
    tab = await open_tab(alice)
    session = await tab.new_session(model=chosen.pk)
    first = await tab.ask(session)
    assert first["answer"]["generation"]["model"]["name"] == "Chosen"
    await sync_to_async(chosen.delete)()
    second = await tab.ask(session, parent=first["answer"]["id"])
    assert second["answer"]["generation"]["model"]["name"] == "Story"
    assert second["session"]["model"] is None


async def test_an_agent_that_was_retired_is_told(open_tab, people, alice, model):
    agent = await sync_to_async(factories.make_agent)(people.team)
    tab = await open_tab(alice)
    session = await tab.new_session(agent=agent.pk)
    agent.is_enabled = False
    await sync_to_async(agent.save)()
    with pytest.raises(Refused) as refused:
        await tab.say(session)
    assert refused.value.code == "agent_unavailable"
    await tab.command("switch", session=session, model=None, agent=None)
    await tab.ask(session)


async def test_a_token_that_can_not_be_opened_fails_the_answer_with_a_code(open_tab, alice, model, caplog):
    await ProviderToken.objects.aupdate(ciphertext="gAAAAABnonsense")
    tab = await open_tab(alice)
    sent = await tab.ask(await tab.new_session())
    heard = tab.generations[sent["generation"]]
    assert heard.news[-2]["data"]["code"] == "provider_token_unreadable"
    assert "gAAAAA" not in str(tab.frames)
    assert [record.levelname for record in caplog.records if record.name.startswith("chat")] == ["WARNING"]


async def test_a_former_member_of_the_team_loses_the_sessions(open_tab, people, model):
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    await Membership.objects.filter(user=people.alice).adelete()
    for kind, fields in {
        "send": {"session": session, "parent": None, "text": "Hi"},
        "subscribe": {"session": session, "generation": None, "after": None},
        "switch": {"session": session, "model": None, "agent": None},
        "regenerate": {"session": session, "message": sent["answer"]["id"]},
        "continue": {"session": session, "message": sent["answer"]["id"]},
    }.items():
        with pytest.raises(Refused) as refused:
            await tab.command(kind, **fields)
        assert refused.value.code == "session_not_found"
    with pytest.raises(Refused) as refused:
        await tab.command("stop", generation=sent["generation"])
    assert refused.value.code == "generation_not_found"
    with pytest.raises(Refused) as refused:
        await tab.new_session()
    assert refused.value.code == "no_team"


# --- Faults of our own ------------------------------------------------------------------------------------------------


async def test_a_fault_of_our_own_is_logged_once_and_never_shown(open_tab, alice, monkeypatch, caplog):
    async def fail(**arguments: object) -> None:
        raise RuntimeError("sk-secret at /srv/app")

    monkeypatch.setattr(services, "create_session", fail)
    tab = await open_tab(alice)
    command = await tab.send_command("create", session=new_id(), model=None, agent=None)
    with pytest.raises(Refused) as refused:
        await tab.answer(command)
    assert_error(refused.value.args[0], "internal_error", command)
    assert "sk-secret" not in str(tab.frames)
    assert [record.levelno for record in caplog.records if record.exc_info] == [logging.ERROR]
    assert await tab.command("ping") == {}


async def test_a_fault_while_watching_closes_the_socket_so_that_the_page_asks_again(
    open_tab, alice, model, monkeypatch, caplog
):
    async def fail(**arguments: object):
        raise RuntimeError("the database is gone")
        yield

    tab = await open_tab(alice)
    session = await tab.new_session()
    monkeypatch.setattr(services, "watch", fail)
    await tab.send_command("send", session=session, parent=None, text="Hello")
    with pytest.raises(Closed) as closed:
        await tab.until(lambda frame: False)
    assert closed.value.args == (4011,)
    assert "database" not in str(tab.frames)
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["the database is gone"]


# --- Signing out elsewhere --------------------------------------------------------------------------------------------


async def sign_out(user: User) -> None:
    await SignIn.objects.all().adelete()


async def change_password(user: User) -> None:
    user.set_password("another-horse-battery")
    await sync_to_async(user.save)()


async def close_account(user: User) -> None:
    await User.objects.filter(pk=user.pk).aupdate(is_active=False)


async def delete_account(user: User) -> None:
    await User.objects.filter(pk=user.pk).adelete()


@pytest.mark.parametrize("leave", [sign_out, change_password, close_account, delete_account], ids=lambda f: f.__name__)
async def test_a_sign_out_elsewhere_closes_the_socket_at_the_next_command(
    open_tab: Callable[[User], Any], alice: User, monkeypatch: pytest.MonkeyPatch, leave: Callable[[User], Any]
):
    tab: Tab = await open_tab(alice)
    await leave(alice)
    assert await tab.command("ping") == {}  # looked up a moment ago
    monkeypatch.setattr(consumers, "RECHECK_SECONDS", -1.0)
    await tab.send_command("ping")
    with pytest.raises(Closed) as closed:
        await tab.receive()
    assert closed.value.args == (4401,)


async def test_who_is_still_signed_in_stays(open_tab, alice, monkeypatch):
    monkeypatch.setattr(consumers, "RECHECK_SECONDS", -1.0)
    tab = await open_tab(alice)
    assert await tab.command("ping") == {}

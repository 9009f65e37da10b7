"""People who write in one chat: each sees at once what the others ask and what is answered, and who asked it."""

from __future__ import annotations

import orjson
import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db.models import ProtectedError
from django.utils import timezone

from ai_studio.models import Completion, LegalHold, Membership, PersonalMemory, Prompt, User
from chat import retention, selectors, services
from chat.models import Draft, Generation, Message, Participant, Session
from chat.services import joining, purging
from tests import factories
from tests.integration.conftest import OpenTab, api_client
from tests.integration.rest import assert_refused, post, put, signed_in
from tests.integration.tabs import Refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def joint(people, story) -> str:
    """Alice's, in which Bob is a guest."""
    session = factories.make_session(people.alice, title="Ours")
    factories.let_in(people.bob, session)
    return session.pk


async def test_what_one_asks_both_see(joint, people, open_tab: OpenTab, model):
    alice, bob = await open_tab(people.alice), await open_tab(people.bob)
    for tab in (alice, bob):
        await tab.command("subscribe", session=joint, generation=None, after=None)
    gate = model.will_wait("Thinking.")
    said = await bob.say(joint, "What do we know?")
    heard = await alice.until_text(said["generation"], "Thinking.")
    asked = next(frame["message"] for frame in alice.frames if frame["type"] == "message")
    assert (asked["parts"][-1]["text"], asked["author"]) == ("What do we know?", {"id": people.bob.pk, "name": "Bob"})
    gate.set()
    await alice.until_end(said["generation"])
    assert heard.text == (await bob.until_end(said["generation"])).text == "Thinking. Done."
    answered = await alice.ask(joint, "And what not?", parent=said["answer"]["id"])
    assert (await bob.until_end(answered["generation"])).text == "Hello."
    assert answered["message"]["author"] is None


async def test_an_answer_is_asked_for_by_who_asks(joint, people, open_tab: OpenTab, model):
    for user, words in ((people.alice, "I am Alice, a botanist."), (people.bob, "I am Bob, a sailor.")):
        await sync_to_async(_instruct)(user, words)
        await User.objects.filter(pk=user.pk).aupdate(has_memory=True)
        await PersonalMemory.objects.acreate(user=user, number=1, text=f"{user.name} has a boat.", by="person")
    tab = await open_tab(people.bob)
    await tab.ask(joint, "Who am I?")
    told = model.requests[-1].instructions
    assert "a sailor" in told
    assert "a botanist" not in told
    assert "has a boat" not in told, "what is remembered about one is not for the other"
    assert [one.user_id async for one in Completion.objects.all()] == [people.bob.pk]
    assert [one.user_id async for one in Generation.objects.all()] == [people.bob.pk]


def _instruct(user: User, words: str) -> None:
    assert put(signed_in(user), "/api/instructions", {"text": words, "enabled": True}).status_code == 200


async def test_either_stops_what_the_other_began(joint, people, open_tab: OpenTab, model):
    alice, bob = await open_tab(people.alice), await open_tab(people.bob)
    model.will_wait("Begun.")
    said = await bob.say(joint)
    await bob.until_text(said["generation"], "Begun.")
    stopped = await alice.command("stop", generation=said["generation"], seen=None)
    assert stopped["status"] == "stopped"
    assert (await bob.until_end(said["generation"])).text == "Begun."


async def test_each_has_read_it_or_not(joint, people, open_tab: OpenTab, model):
    bob = await open_tab(people.bob)
    said = await bob.ask(joint)
    async with api_client(people.alice) as alice_s, api_client(people.bob) as bob_s:
        path = f"/api/sessions/{joint}"
        assert [(await client.get(path)).json()["unread"] for client in (alice_s, bob_s)] == [True, True]
        read = (await bob_s.post(f"{path}/read", json={"leaf": said["answer"]["id"]})).json()
        assert (read["unread"], read["guest"]) == (False, True)
        assert [(await client.get(path)).json()["unread"] for client in (alice_s, bob_s)] == [True, False]


async def test_whoever_is_let_in_and_taken_out_hears_of_it_at_once(people, open_tab: OpenTab, model, story):
    alice, bob = await open_tab(people.alice), await open_tab(people.bob)
    session = await alice.new_session()
    async with api_client(people.alice) as client:
        path = f"/api/sessions/{session}/people"
        offered = (await client.get(path)).json()
        assert [one["name"] for one in offered["people"]] == ["Alice"]
        assert [one["name"] for one in offered["colleagues"]] == ["Bob"]
        added = await client.post(path, json={"user": people.bob.pk})
        assert (added.status_code, [one["name"] for one in added.json()["people"]]) == (201, ["Alice", "Bob"])
        news = await bob.until_type("session")
        assert (news["session"]["id"], news["session"]["guest"]) == (session, True)
        gate = model.will_wait("Heard.")
        said = await alice.say(session)
        await bob.command("subscribe", session=session, generation=None, after=None)
        await bob.until_text(said["generation"], "Heard.")
        assert (await client.delete(f"{path}/{people.bob.pk}")).status_code == 204
        assert (await bob.until_type("session-deleted"))["session"] == session
        gate.set()
        await alice.until_end(said["generation"])
        await bob.settle()
        assert bob.generations[said["generation"]].text == "Heard.", "nothing reached who was taken out"
        with pytest.raises(Refused):
            await bob.say(session)
    assert not (await Session.objects.aget(pk=session)).is_joint


def test_a_guest_leaves_and_what_they_wrote_stays(joint, people):
    bob = signed_in(people.bob)
    put(bob, f"/api/drafts/{joint}", {"text": "Unsent", "version": 0})
    put(signed_in(people.alice), f"/api/drafts/{joint}", {"text": "Alice's", "version": 0})
    assert {one.text for one in Draft.objects.all()} == {"Unsent", "Alice's"}, "a draft is its writer's"
    listed = bob.get(f"/api/sessions/{joint}/people").json()
    assert [(one["name"], one["owner"]) for one in listed["people"]] == [("Alice", True), ("Bob", False)]
    assert listed["colleagues"] == []
    assert bob.delete(f"/api/sessions/{joint}/people/{people.bob.pk}").status_code == 204
    assert_refused(bob.get(f"/api/sessions/{joint}"), 404, "session_not_found")
    assert [one.text for one in Draft.objects.all()] == ["Alice's"]


def test_a_guest_s_name_stays_when_their_account_goes(joint, people):
    session = Session.objects.get(pk=joint)
    factories.make_message(session, "From Bob", author=people.bob, author_name="Bob")
    people.bob.delete()
    assert Message.objects.get().author_name == "Bob"
    messages = signed_in(people.alice).get(f"/api/sessions/{joint}/messages").json()["messages"]
    assert messages[0]["author"] == {"id": "", "name": "Bob"}


async def test_what_a_guest_forks_is_theirs_and_says_who_wrote_what(joint, people, open_tab: OpenTab, model):
    alice, bob = await open_tab(people.alice), await open_tab(people.bob)
    first = await alice.ask(joint, "From Alice")
    second = await bob.ask(joint, "From Bob", parent=first["answer"]["id"])
    made = await bob.command("fork", session=joint, message=second["answer"]["id"], target="a-thread-of-bobs-01")
    assert (made["session"]["guest"], made["session"]["owner"]) == (False, people.bob.pk)
    async with api_client(people.bob) as client:
        messages = (await client.get("/api/sessions/a-thread-of-bobs-01/messages")).json()["messages"]
    written = [(one["parts"][0]["text"], one["author"]) for one in messages if one["role"] == "user"]
    assert written == [("From Alice", {"id": people.alice.pk, "name": "Alice"}), ("From Bob", None)]
    with pytest.raises(Refused):
        await alice.command("subscribe", session="a-thread-of-bobs-01", generation=None, after=None)


def test_who_can_be_let_in(people, api):
    session = factories.make_session(people.alice)
    path = f"/api/sessions/{session.pk}/people"
    for nobody in (people.charlie.pk, people.alice.pk, "nobody-at-all-0123"):
        assert_refused(post(api, path, {"user": nobody}), 404, "person_not_found")
    bodies: list[object] = [{}, {"user": None}, {"user": "x"}, []]
    for nonsense in bodies:
        assert_refused(post(api, path, nonsense), 400, "invalid_command")
    User.objects.filter(pk=people.bob.pk).update(is_active=False)
    assert_refused(post(api, path, {"user": people.bob.pk}), 404, "person_not_found")
    assert api.get(path).json()["colleagues"] == []
    temporary = factories.make_session(people.alice, is_temporary=True)
    User.objects.filter(pk=people.bob.pk).update(is_active=True)
    refused = post(api, f"/api/sessions/{temporary.pk}/people", {"user": people.bob.pk})
    assert_refused(refused, 400, "temporary_session")
    assert not Participant.objects.exists()


def test_not_more_than_can_follow_it(people, api, monkeypatch):
    monkeypatch.setattr(joining, "MOST_PEOPLE", 1)
    session = factories.make_session(people.alice)
    factories.make_guest("Gina", session)
    path = f"/api/sessions/{session.pk}/people"
    assert_refused(post(api, path, {"user": people.bob.pk}), 409, "too_many_people")
    gina = User.objects.get(name="Gina")
    assert post(api, path, {"user": gina.pk}).status_code == 201, "who is in it already is let in again"


def test_only_the_owner_lets_in_and_takes_out(joint, people):
    gina = factories.make_guest("Gina", Session.objects.get(pk=joint))
    bob, path = signed_in(people.bob), f"/api/sessions/{joint}/people"
    assert_refused(post(bob, path, {"user": gina.pk}), 404, "session_not_found")
    for other in (gina.pk, people.alice.pk):
        assert_refused(bob.delete(f"{path}/{other}"), 404, "person_not_found")
    assert_refused(signed_in(people.alice).delete(f"{path}/{people.alice.pk}"), 404, "person_not_found")
    assert Participant.objects.count() == 2


async def test_when_its_owner_deletes_it_guests_hear_so(joint, people, open_tab: OpenTab):
    bob = await open_tab(people.bob)
    async with api_client(people.alice) as client:
        await client.delete(f"/api/sessions/{joint}")
        assert (await bob.until_type("session-deleted"))["session"] == joint
        await client.post("/api/sessions/restored", json={"sessions": [joint]})
    assert (await bob.until_type("session"))["session"]["guest"] is True


async def test_who_deletes_all_their_data_leaves(joint, people, open_tab: OpenTab):
    alice = await open_tab(people.alice)
    await services.delete_everything(user_id=people.bob.pk)
    news = await alice.until(lambda frame: frame["type"] == "session" and not frame["session"]["joint"])
    assert news["session"]["id"] == joint


async def test_an_owner_who_has_left_the_team_hears_nothing_more(joint, people, open_tab: OpenTab, model):
    alice, bob = await open_tab(people.alice), await open_tab(people.bob)
    await alice.command("subscribe", session=joint, generation=None, after=None)
    await Membership.objects.filter(user=people.alice).adelete()
    await bob.ask(joint, "Behind her back")
    await alice.settle()
    assert "Behind her back" not in str(alice.frames)
    assert [frame["type"] for frame in alice.frames if frame["type"] != "ack"] == ["welcome"]


def test_whoever_leaves_all_comes_back_into_none(joint, people):
    gone = factories.make_session(people.alice, deleted_at=timezone.now())
    factories.let_in(people.bob, gone)
    async_to_sync(services.delete_everything)(user_id=people.bob.pk)
    assert not Participant.objects.exists()
    assert not Session.objects.filter(is_joint=True).exists()


def test_with_the_account_of_the_last_guest_a_chat_is_its_owner_s_alone(joint, people):
    people.bob.delete()
    assert not Session.objects.get(pk=joint).is_joint


def test_the_owner_takes_out_also_who_left_the_team(joint, people, api):
    Membership.objects.filter(user=people.bob).delete()
    path = f"/api/sessions/{joint}/people"
    assert [one["name"] for one in api.get(path).json()["people"]] == ["Alice", "Bob"]
    assert api.delete(f"{path}/{people.bob.pk}").status_code == 204


def test_a_hold_on_a_guest_keeps_what_they_wrote(joint, people):
    factories.make_message(Session.objects.get(pk=joint), "From Bob", author=people.bob, author_name="Bob")
    hold = LegalHold.objects.create(user=people.bob, reason="A case", placed_by="root")
    with pytest.raises(ProtectedError):
        people.alice.delete()
    Session.objects.filter(pk=joint).update(erased_at=timezone.now(), deleted_at=timezone.now())
    assert purging.remove(retention.due()["erased"]) == []
    hold.delete()
    assert [one.id for one in purging.remove(retention.due()["erased"])] == [joint]


async def test_own_words_go_also_where_the_chat_of_another_names_them(joint, people, open_tab: OpenTab, model):
    await sync_to_async(_instruct)(people.bob, "I am Bob, a sailor.")
    bob = await open_tab(people.bob)
    await bob.ask(joint)
    assert await Prompt.objects.filter(text__contains="a sailor").aexists()
    await services.delete_everything(user_id=people.bob.pk)
    assert not await Prompt.objects.filter(text__contains="a sailor").aexists()


def test_what_is_taken_along_says_who_wrote_it(joint, people):
    session = Session.objects.get(pk=joint)
    factories.make_message(session, "From Alice")
    factories.make_message(session, "From Bob", author=people.bob, author_name="Bob")
    authors, headings = {}, {}
    for user in (people.alice, people.bob):
        path, client = "/api/sessions/exported", signed_in(user)
        as_json = b"".join(post(client, path, {"sessions": [joint], "format": "json"}).streaming_content)
        authors[user.name] = [one["author"] for one in orjson.loads(as_json)["chats"][0]["messages"]]
        text = b"".join(post(client, path, {"sessions": [joint], "format": "markdown"}).streaming_content).decode()
        headings[user.name] = [line for line in text.splitlines() if line.startswith("## ")]
    assert authors == {"Alice": [None, "Bob"], "Bob": ["Alice", None]}
    assert headings == {"Alice": ["## You", "## Bob"], "Bob": ["## Alice", "## You"]}


def test_a_guest_does_not_learn_where_a_thread_came_from(joint, people):
    origin = factories.make_message(Session.objects.get(pk=joint))
    thread = factories.make_session(people.alice, forked_from=origin)
    factories.let_in(people.bob, thread)
    answer = signed_in(people.bob).get(f"/api/sessions/{thread.pk}/origin")
    assert answer.json() == {"origin": None}
    assert signed_in(people.alice).get(f"/api/sessions/{thread.pk}/origin").json()["origin"] is not None


def test_adding_to_what_is_being_deleted_is_refused(people, api, monkeypatch):
    session = factories.make_session(people.alice)
    found = selectors.get_own_session

    def deleted_meanwhile(*given: str) -> Session:
        session = found(*given)
        Session.objects.filter(pk=session.pk).update(deleted_at=timezone.now())
        return session

    monkeypatch.setattr(selectors, "get_own_session", deleted_meanwhile)
    assert_refused(post(api, f"/api/sessions/{session.pk}/people", {"user": people.bob.pk}), 404, "session_not_found")
    assert not Participant.objects.exists()

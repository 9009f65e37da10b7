"""Folders in folders: what may lie where, what a chat begins with and is told, and what stays when one is deleted."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import Client

from chat import nesting
from chat.models import Folder, Generation
from tests import factories
from tests.integration.conftest import usable_model
from tests.integration.rest import assert_refused, post, put, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def line(user: Any, *names: str) -> list[Folder]:
    """Folders in each other, the outermost first."""
    made: list[Folder] = []
    for name in names:
        made.append(factories.make_folder(user, name=name, parent=made[-1] if made else None))
    return made


def move(api: Client, folder: Folder, parent: Folder | None) -> Any:
    return put(api, f"/api/folders/{folder.pk}", {"name": folder.name, "parent": parent.pk if parent else None})


def parents(api: Client) -> dict[str, str | None]:
    return {one["id"]: one["parent"] for one in api.get("/api/folders").json()["folders"]}


def test_a_folder_is_made_in_another_and_moved_out_again(api, alice):
    outer = factories.make_folder(alice, name="Outer")
    made = post(api, "/api/folders", {"name": "Inner", "parent": outer.pk}).json()
    assert made["parent"] == outer.pk
    assert parents(api) == {outer.pk: None, made["id"]: outer.pk}
    assert put(api, f"/api/folders/{made['id']}", {"name": "Inner"}).json()["parent"] is None


def test_no_folder_lies_in_itself(api, alice):
    a, b, c = line(alice, "A", "B", "C")
    for inner in (a, b, c):
        assert_refused(move(api, a, inner), 409, "folder_in_itself")
    assert parents(api) == {a.pk: None, b.pk: a.pk, c.pk: b.pk}


def test_folders_lie_five_deep_and_no_deeper_whatever_is_moved(api, alice):
    deep = line(alice, *"ABCDE")
    assert_refused(post(api, "/api/folders", {"name": "F", "parent": deep[-1].pk}), 409, "folders_too_deep")
    x, _y = line(alice, "X", "Y")
    assert_refused(move(api, x, deep[3]), 409, "folders_too_deep")
    assert move(api, x, deep[2]).status_code == 200
    assert move(api, x, None).status_code == 200


@pytest.mark.parametrize("whose", ["foreign", "team", "erased", "nobody's", "malformed"])
def test_what_one_may_not_see_is_no_place_for_a_folder(api, people, whose):
    own = factories.make_folder(people.alice)
    team = people.team
    factories.join(people.alice, people.other_team)
    people.alice.active_team = team
    people.alice.save()
    target = {
        "foreign": lambda: factories.make_folder(people.bob).pk,
        "team": lambda: factories.make_folder(people.alice, team=people.other_team).pk,
        "erased": lambda: factories.make_folder(people.alice, erased_at="2026-01-01T00:00Z").pk,
        "nobody's": lambda: "f-Qz8nMw3xKp5vBt1L",
        "malformed": lambda: "x\x00",
    }[whose]()
    body = {"name": "Inner", "parent": target}
    for answer in (post(api, "/api/folders", body), put(api, f"/api/folders/{own.pk}", body)):
        if whose == "malformed":
            assert_refused(answer, 400, "invalid_command")
        else:
            assert_refused(answer, 404, "folder_not_found")


def test_two_moves_at_once_make_no_ring(people):
    a, b = (factories.make_folder(people.alice, name=name) for name in "AB")
    answers = []
    start = threading.Barrier(2)

    def mover(folder: Folder, parent: Folder) -> None:
        start.wait()
        answers.append(move(signed_in(people.alice), folder, parent).status_code)
        connection.close()

    threads = [threading.Thread(target=mover, args=pair) for pair in ((a, b), (b, a))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409]


def test_a_chat_begins_with_what_the_nearest_folder_says(api, people, story):
    model = usable_model(people.team, display_name="Second")
    agent, other = (factories.make_agent(people.team, name=name) for name in ("Coder", "Writer"))
    outer, middle, inner = line(people.alice, "Outer", "Middle", "Inner")
    Folder.objects.filter(pk=outer.pk).update(model=model, agent=agent)
    Folder.objects.filter(pk=middle.pk).update(agent=other)
    begun = post(api, "/api/sessions", {"folder": inner.pk}).json()
    assert (begun["model"]["name"], begun["agent"]["name"], begun["folder"]) == ("Second", "Writer", inner.pk)
    chosen = post(api, "/api/sessions", {"folder": inner.pk, "agent": agent.pk}).json()
    assert (chosen["model"]["name"], chosen["agent"]["name"]) == ("Second", "Coder")


async def test_the_prompt_holds_the_instructions_of_all_of_them_and_says_whose(tab, alice, model):
    outer, _middle, inner = await sync_to_async(line)(alice, "Outer", "Middle", "Inner")
    await Folder.objects.filter(pk=outer.pk).aupdate(instructions="Say OUTER.")
    await Folder.objects.filter(pk=inner.pk).aupdate(instructions="Say INNER.")
    session = "s-Wk3vP9dZq7LmXc2A"
    await tab.command("create", session=session, model=None, agent=None, folder=inner.pk)
    await tab.ask(session)
    prompt = model.requests[0].instructions
    assert prompt.index("Say OUTER.") < prompt.index("Say INNER.")
    provenance = (await Generation.objects.aget(session=session)).provenance
    assert [part["source"] for part in provenance] == [f"folder:{outer.pk}", f"folder:{inner.pk}"]


def test_what_lay_in_a_deleted_folder_lies_in_the_one_around_it(api, alice):
    outer, middle, inner = line(alice, "Outer", "Middle", "Inner")
    session = factories.make_session(alice, folder=middle)
    assert api.delete(f"/api/folders/{middle.pk}").status_code == 204
    assert parents(api) == {outer.pk: None, inner.pk: outer.pk}
    assert api.get(f"/api/sessions/{session.pk}").json()["folder"] == outer.pk
    api.delete(f"/api/folders/{outer.pk}")
    assert parents(api) == {inner.pk: None}
    assert api.get(f"/api/sessions/{session.pk}").json()["folder"] is None


def test_a_ring_that_should_not_be_ends_nobody_s_patience(api, alice):
    a, b = line(alice, "A", "B")
    Folder.objects.filter(pk=a.pk).update(parent=b)
    assert len(nesting.around(a.pk)) == nesting.MOST_LEVELS
    assert nesting.within({a.pk: b.pk, b.pk: a.pk}, a.pk) == {a.pk, b.pk}
    assert move(api, a, None).status_code == 200


def test_levels_are_counted():
    tree = {"a": None, "b": "a", "c": "b", "d": "a", "lost": "gone"}
    assert nesting.levels_above(tree, "c") == ["c", "b", "a"]
    assert nesting.levels_above(tree, None) == []
    assert nesting.levels_above(tree, "lost") == ["lost"]
    assert nesting.within(tree, "a") == {"a", "b", "c", "d"}
    assert [nesting.levels_of(tree, one) for one in ("a", "b", "c", "new")] == [3, 2, 1, 1]
    assert nesting.begins_with([]) == (None, None)

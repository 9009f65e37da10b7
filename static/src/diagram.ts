// Draws a Mermaid diagram, in a frame of its own: what a model wrote reaches the library there, and nothing else.

import mermaid from "mermaid";

/** What the chat page posts, once. */
interface Asked {
  code: string;
  dark: boolean;
  /** What is said of code that is none, in the page's language. */
  refusal: string;
}

function say(text: string): void {
  const words = document.createElement("pre");
  words.textContent = text;
  document.body.replaceChildren(words);
}

async function draw({ code, dark, refusal }: Asked): Promise<void> {
  document.documentElement.classList.toggle("dark", dark);
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", suppressErrorRendering: true, theme: dark ? "dark" : "neutral" });
  try {
    const { svg } = await mermaid.render("diagram", code);
    document.body.innerHTML = svg;
  } catch (error) {
    say(`${refusal}\n\n${error instanceof Error ? error.message : ""}`);
  }
}

addEventListener("message", ({ source, data }) => {
  if (source === parent) void draw(data as Asked);
});

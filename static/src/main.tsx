import { render } from "preact";
import { useLink } from "./app/commands.ts";
import { Link } from "./app/link.ts";
import { received } from "./app/receiving.ts";
import { startRouting } from "./app/routing.ts";
import { refreshStudio } from "./app/studio.ts";
import { person } from "./transport/own.ts";
import { App } from "./ui/App.tsx";
import { startDrafts } from "./ui/draft.ts";
import { startRarities } from "./ui/rarely.ts";
import { focusComposerUnlessTouched } from "./ui/screen.ts";

function start(): void {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const link = new Link(`${scheme}://${location.host}/ws/chat?person=${person}`, received);
  useLink(link);
  startRouting();
  startDrafts();
  const root = document.querySelector("#app");
  if (root !== null) render(<App />, root);
  link.start();
  void refreshStudio();
  focusComposerUnlessTouched();
  startRarities();
}

start();

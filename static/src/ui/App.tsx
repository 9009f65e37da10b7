import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { busy, session } from "../app/store.ts";
import { stop } from "../app/writing.ts";
import { Composer } from "./Composer.tsx";
import { Icon } from "./Icon.tsx";
import { Banner, Dialogs, NoticeBar, Organiser, Overlay, QuoteButton } from "./rarely.ts";
import { announced, dialog, drawer, focusComposer, menu, picker, searching } from "./screen.ts";
import { titleOf } from "./SessionRow.tsx";
import { newChat, Sidebar } from "./Sidebar.tsx";
import { Thread } from "./Thread.tsx";
import { t } from "../core/t.ts";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.key === "Escape") {
    if (drawer.peek()) drawer.value = false;
    else if (event.shiftKey) focusComposer();
    else if (busy.peek() && picker.peek() === null && menu.peek() === null && !event.isComposing) stop();
  } else if (event.key.toLowerCase() === "o" && event.shiftKey && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    newChat();
  } else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
    event.preventDefault();
    dialog.value = dialog.peek() === "palette" ? null : "palette";
  } else if (event.key === "?" && !isTyping(event.target)) {
    dialog.value = "shortcuts";
  } else if (event.key.toLowerCase() === "f" && event.shiftKey && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    searching.value = true;
  } else if (event.key === "/" && !isTyping(event.target)) {
    event.preventDefault();
    focusComposer();
  }
}

function Announcer(): JSX.Element {
  return (
    <div class="unseen" role="log" aria-live="polite" aria-label={t("News")}>
      {announced.value.map(({ id, text }) => <p key={id}>{text}</p>)}
    </div>
  );
}

function TopBar(): JSX.Element {
  return (
    <header class="topbar">
      <button
        type="button" class="action open-drawer" aria-label={t("Open the list of chats")} aria-expanded={drawer.value} aria-controls="sidebar"
        onClick={() => { drawer.value = true; }}
      >
        <Icon name="menu" />
      </button>
      <p class="topbar-title" dir="auto">{session.value === null ? "" : titleOf(session.value)}</p>
      <button type="button" class="action topbar-new" aria-label={t("New chat")} onClick={() => newChat()}><Icon name="add" /></button>
    </header>
  );
}

export function App(): JSX.Element {
  useEffect(() => {
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  useSignalEffect(() => {
    document.title = session.value === null ? "Chat Studio" : `${titleOf(session.value)} · Chat Studio`;
  });
  return (
    <div class="page">
      <a class="skip" href="#message">{t("Go to the message field")}</a>
      <Sidebar />
      {drawer.value && <div class="backdrop" onClick={() => { drawer.value = false; }} />}
      <main class="main" inert={drawer.value}>
        <TopBar />
        <Banner />
        <Thread />
        <NoticeBar />
        <Composer />
      </main>
      {dialog.value !== null && <Dialogs shown={dialog.value} />}
      <QuoteButton />
      {menu.value !== null && <Overlay shown={menu.value} />}
      <Organiser />
      <Announcer />
    </div>
  );
}

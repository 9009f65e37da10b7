import type { JSX } from "preact";
import { go } from "../app/routing.ts";
import { selected, studio } from "../app/store.ts";
import { t } from "../core/t.ts";
import { csrfToken } from "../transport/rest.ts";
import { Icon } from "./Icon.tsx";
import { Mark } from "./Mark.tsx";
import { KeptFor, SelectionBar } from "./rarely.ts";
import { SessionList } from "./SessionList.tsx";
import { addresses, drawer, focusComposerUnlessTouched, searching } from "./screen.ts";
import { ThemeSwitch } from "./ThemeSwitch.tsx";

export function newChat(): void {
  drawer.value = false;
  go(null);
  focusComposerUnlessTouched();
}

function Foot(): JSX.Element {
  const known = studio.value;
  return (
    <footer class="sidebar-foot">
      <div class="person">
        <span class="person-name">{known?.user.name || known?.user.email || " "}</span>
        <span class="person-team">{known?.team?.name ?? " "}</span>
      </div>
      <ThemeSwitch />
      {known?.user.is_admin === true && (
        <a class="action" href={addresses.admin} aria-label={t("Admin")} title={t("Admin")}><Icon name="tool" /></a>
      )}
      <a class="action" href={addresses.settings} aria-label={t("Settings")} title={t("Settings")}><Icon name="settings" /></a>
      <form method="post" action={addresses.signOut} onSubmit={(event) => {
        const token = event.currentTarget.elements.namedItem("csrfmiddlewaretoken");
        if (token instanceof HTMLInputElement) token.value = csrfToken();
      }}>
        <input type="hidden" name="csrfmiddlewaretoken" />
        <button type="submit" class="action" aria-label={t("Sign out")} title={t("Sign out")}><Icon name="signout" /></button>
      </form>
    </footer>
  );
}

export function Sidebar(): JSX.Element {
  return (
    <aside class={drawer.value ? "sidebar shown" : "sidebar"} id="sidebar" aria-label={t("Chats and settings")}>
      <header class="sidebar-head">
        <a href="/" class="brand" onClick={(event) => { if (!event.metaKey && !event.ctrlKey) { event.preventDefault(); newChat(); } }}>
          <Mark /><span>Chat Studio</span>
        </a>
        <button type="button" class="action close-drawer" aria-label={t("Close the list")} onClick={() => { drawer.value = false; }}>
          <Icon name="close" />
        </button>
      </header>
      <button type="button" class="new-chat" title={t("New chat (Ctrl+Shift+O)")} onClick={() => newChat()}>
        <Icon name="add" /><span>{t("New chat")}</span>
      </button>
      <button type="button" class="search-open" title={t("Search your chats (Ctrl+Shift+F)")} onClick={() => { searching.value = true; }}>
        <Icon name="search" /><span>{t("Search")}</span>
      </button>
      <SessionList />
      {selected.value !== null && <SelectionBar />}
      <KeptFor />
      <Foot />
    </aside>
  );
}

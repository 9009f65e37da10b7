import type { JSX } from "preact";
import { go } from "../app/routing.ts";
import { select } from "../app/folders.ts";
import { openSession, selected } from "../app/store.ts";
import type { Session } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { MenuButton } from "./MenuButton.tsx";
import { Joint, TitleField } from "./rarely.ts";
import { drawer, focusComposerUnlessTouched, renaming } from "./screen.ts";

export function titleOf(session: Session | null): string {
  return session?.temporary === true ? t("Temporary chat") : session?.title || t("New chat");
}

function open(event: MouseEvent, session: Session): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  drawer.value = false;
  go(session.id);
  focusComposerUnlessTouched();
}

function State({ session }: { session: Session }): JSX.Element | null {
  if (session.generation !== null) return <span class="session-running" role="img" aria-label={t("An answer is being written")} />;
  if (session.unread && session.id !== openSession.value) return <span class="session-unread" role="img" aria-label={t("New answer")} />;
  return null;
}

export function SessionRow({ session }: { session: Session }): JSX.Element {
  const isOpen = openSession.value === session.id;
  const title = titleOf(session);
  const chosen = selected.value;
  const isGuest = session.guest === true;
  if (renaming.value === session.id) {
    return <li class="session editing"><TitleField session={session} close={() => { renaming.value = null; }} /></li>;
  }
  if (chosen !== null) {
    return (
      <li class="session" data-session={session.id}>
        <label class="session-choice">
          <input type="checkbox" disabled={isGuest} checked={chosen.has(session.id)} onChange={(event) => select(session.id, event.currentTarget.checked)} />
          <span class="session-title" dir="auto">{title}</span>
        </label>
      </li>
    );
  }
  return (
    <li class={isOpen ? "session open" : "session"} data-session={session.id}>
      <a href={`/c/${session.id}`} aria-current={isOpen ? "page" : undefined} onClick={(event) => open(event, session)} onDblClick={() => { if (!isGuest) renaming.value = session.id; }}>
        {(isGuest || session.joint === true) && <Joint guest={isGuest} />}
        <span class={session.forked_from == null ? "session-title" : "session-title thread-title"} dir="auto">{title}</span>
        <State session={session} />
      </a>
      <span class="session-actions"><MenuButton subject={{ session }} label={t("Options of {name}", { name: title })} /></span>
    </li>
  );
}

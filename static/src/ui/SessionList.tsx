import type { JSX, VNode } from "preact";
import { moreSessions } from "../app/listing.ts";
import { folders, nextSessions, sessions, tags } from "../app/store.ts";
import type { Session } from "../core/protocol.ts";
import { groupByDate, isListed } from "../core/sessions.ts";
import { locale, t } from "../core/t.ts";
import { MenuButton } from "./MenuButton.tsx";
import { useNearing } from "./nearing.ts";
import { Folders } from "./rarely.ts";
import { SessionRow } from "./SessionRow.tsx";
import { shelf } from "./screen.ts";

const rows = new WeakMap<Session, VNode>();

// The same element for the same session: Preact skips it, so a change in a long list costs one row.
function rowOf(session: Session): VNode {
  let row = rows.get(session);
  if (row === undefined) {
    row = <SessionRow key={session.id} session={session} />;
    rows.set(session, row);
  }
  return row;
}

/** So many rows are drawn or left out together: at each frame of a scroll the browser looks at every list, not at every row. */
const RUN = 50;

export function Runs({ of }: { of: readonly Session[] }): JSX.Element {
  const runs = Array.from({ length: Math.ceil(of.length / RUN) }, (_, run) => of.slice(run * RUN, (run + 1) * RUN));
  return <>{runs.map((run, number) => <ul key={number} class={run.length === RUN ? "run" : undefined}>{run.map(rowOf)}</ul>)}</>;
}

function Group({ label, inGroup }: { label: string; inGroup: readonly Session[] }): JSX.Element {
  return (
    <section aria-label={label}>
      <h2>{label}</h2>
      <Runs of={inGroup} />
    </section>
  );
}

function Tags(): JSX.Element | null {
  if (tags.value.length === 0) return null;
  return (
    <section class="tags" aria-label={t("Tags")}>
      {tags.value.map((tag) => (
        <button type="button" class="tag" key={tag} onClick={() => { shelf.value = { tag }; }}>{tag}</button>
      ))}
    </section>
  );
}

/** Reads the next page when the reader comes near the end of what is there. */
function End(): JSX.Element | null {
  const cursor = nextSessions.value;
  const mark = useNearing<HTMLButtonElement>(cursor, ".sessions", "0px 0px 600px", moreSessions);
  if (cursor === null) return null;
  return <button type="button" class="button quiet more" ref={mark} onClick={() => void moreSessions()}>{t("Older chats")}</button>;
}

export function SessionList(): JSX.Element {
  const shown = sessions.value.filter(isListed);
  const pinned = shown.filter((session) => session.pinned);
  const rest = shown.filter((session) => !session.pinned && session.folder === null);
  return (
    <nav class="sessions" aria-label={t("Chats")}>
      <div class="sessions-head">
        <span>{t("Chats")}</span>
        <MenuButton subject={null} label={t("Options of the list")} />
      </div>
      {pinned.length > 0 && <Group label={t("Pinned")} inGroup={pinned} />}
      {folders.value.length > 0 && <Folders filed={shown.filter((session) => session.folder !== null && !session.pinned)} />}
      <Tags />
      {groupByDate(rest, new Date(), locale).map(({ label, sessions: inGroup }) => <Group key={label} label={label} inGroup={inGroup} />)}
      {shown.length === 0 && <p class="sessions-none">{t("Your chats will be listed here.")}</p>}
      <End />
    </nav>
  );
}

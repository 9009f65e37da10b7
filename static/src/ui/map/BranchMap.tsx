import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { show } from "../../app/branching.ts";
import { go } from "../../app/routing.ts";
import { openSession } from "../../app/store.ts";
import { withoutMarks } from "../../core/plain.ts";
import type { Id } from "../../core/protocol.ts";
import { said, t } from "../../core/t.ts";
import { type Row, rowsOf, stepFrom } from "../../core/tree.ts";
import { getOutline } from "../../transport/outline.ts";
import { RequestFailed } from "../../transport/rest.ts";
import { Icon } from "../Icon.tsx";
import { dialog } from "../screen.ts";
import { acrossOf, LANE, Lines, ROW } from "./Lines.tsx";

const AROUND = 12;
const WHO = { user: t("Question"), assistant: t("Answer"), transition: t("Switch") } as const;

/** The rows of the open chat; null until they are read, text when they can't be. */
function useRows(session: Id | null): readonly Row[] | string | null {
  const [read, setRead] = useState<readonly Row[] | string | null>(null);
  useEffect(() => {
    if (session === null) return;
    getOutline(session).then(
      ({ messages, leaf }) => setRead(rowsOf(messages, leaf)),
      (error: unknown) => {
        if (!(error instanceof RequestFailed)) throw error;
        setRead(said(error.problem));
      },
    );
  }, [session]);
  return session === null ? [] : read;
}

/** Of the rows in view alone: it reads Markdown. */
const wordsOf = ({ words }: Row): string => withoutMarks(words).replaceAll(/\s+/g, " ");

function labelOf({ role, versions, shown }: Row, at: number, words: string): string {
  const version = versions.length > 1 ? [t("version {number} of {all}", { number: versions.indexOf(at) + 1, all: versions.length })] : [];
  return `${[WHO[role], ...version, ...(shown ? [t("on the screen")] : [])].join(", ")}: ${words || t("no text")}`;
}

async function choose(row: Row): Promise<void> {
  const session = openSession.peek();
  dialog.value = null;
  // The branch first: aiming alone would read all of the branch on the screen before it looks beside it.
  if (session !== null && (row.shown || await show(row.id))) go(session, row.id);
}

function Item({ row, at, left, active }: { row: Row; at: number; left: number; active: boolean }): JSX.Element {
  const { versions } = row;
  const words = wordsOf(row);
  return (
    <div
      id={`map-row-${at}`} class={`map-row ${row.role}${row.shown ? " shown" : ""}${active ? " active" : ""}`} role="treeitem"
      aria-level={row.lane + 1} aria-posinset={versions.indexOf(at) + 1} aria-setsize={versions.length} aria-selected={active}
      aria-label={labelOf(row, at, words)} style={{ top: `${at * ROW}px`, paddingLeft: `${left}px` }}
      onClick={() => void choose(row)}
    >
      <b>{WHO[row.role]}{versions.length > 1 && ` ${versions.indexOf(at) + 1}/${versions.length}`}</b> <span dir="auto">{words || "…"}</span>
    </div>
  );
}

/** The rows in view and some around them: a chat may have thousands. */
function useWindow(): [{ first: number; last: number }, (frame: HTMLElement) => void] {
  const [view, setView] = useState({ first: 0, last: 40 });
  return [view, (frame) => {
    const first = Math.floor(frame.scrollTop / ROW) - AROUND;
    const last = Math.ceil((frame.scrollTop + frame.clientHeight) / ROW) + AROUND;
    // In steps, so that not every pixel draws anew.
    if (Math.abs(first - view.first) > AROUND / 2 || last > view.last) setView({ first, last });
  }];
}

function Tree({ rows }: { rows: readonly Row[] }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(() => rows.findLastIndex(({ shown }) => shown));
  const [{ first, last }, look] = useWindow();
  const left = acrossOf(Math.max(...rows.map(({ lane }) => lane).slice(0, 5_000))) + LANE;
  useLayoutEffect(() => frame.current?.focus(), []);
  useLayoutEffect(() => {
    const { current } = frame;
    if (current === null) return;
    const [top, bottom] = [active * ROW, (active + 1) * ROW];
    if (top < current.scrollTop) current.scrollTop = top - ROW;
    else if (bottom > current.scrollTop + current.clientHeight) current.scrollTop = bottom - current.clientHeight + ROW;
    look(current);
  }, [active]);
  function onKeyDown(event: KeyboardEvent): void {
    const row = rows[active];
    const to = stepFrom(rows, active, event.key);
    if (to !== null) setActive(to);
    else if ((event.key === "Enter" || event.key === " ") && row !== undefined) void choose(row);
    else return;
    event.preventDefault();
  }
  return (
    <div
      ref={frame} class="map-tree" role="tree" aria-label={t("Messages of this chat")} tabIndex={0} aria-activedescendant={`map-row-${active}`}
      onKeyDown={onKeyDown} onScroll={({ currentTarget }) => look(currentTarget)}
    >
      <div class="map-rows" role="none" style={{ height: `${rows.length * ROW}px` }}>
        <Lines rows={rows} first={first} last={last} width={left} />
        {rows.map((row, at) => (at >= first && at <= last) || at === active
          ? <Item key={row.id} row={row} at={at} left={left} active={at === active} />
          : null)}
      </div>
    </div>
  );
}

/** All branches of the open chat, drawn; choosing a message shows its branch. */
export function BranchMap(): JSX.Element {
  const rows = useRows(openSession.value);
  const ends = Array.isArray(rows) ? new Set(rows.map(({ from }) => from)) : null;
  const branches = Array.isArray(rows) && ends !== null ? rows.filter((_, at) => !ends.has(at)).length : 0;
  return (
    <>
      <header class="map-head">
        <h2>{t("Map of branches")}</h2>
        {branches > 0 && <p>{t("{count} branch|{count} branches", { count: branches })}</p>}
        <button type="button" class="action" aria-label={t("Close")} onClick={() => { dialog.value = null; }}><Icon name="close" /></button>
      </header>
      {rows === null && <p class="map-said" role="status">{t("Reading the chat…")}</p>}
      {typeof rows === "string" && <p class="map-said problem-text" role="status">{rows}</p>}
      {Array.isArray(rows) && rows.length === 0 && <p class="map-said" role="status">{t("Nothing is written here yet.")}</p>}
      {Array.isArray(rows) && rows.length > 0 && <Tree rows={rows} />}
    </>
  );
}

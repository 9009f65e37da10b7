import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { change, restore } from "../../app/organising.ts";
import { go } from "../../app/routing.ts";
import type { Session } from "../../core/protocol.ts";
import type { SessionPage } from "../../core/sessions.ts";
import { locale, said, t } from "../../core/t.ts";
import { getShelf, RequestFailed, type Shelf } from "../../transport/rest.ts";
import { Icon } from "../Icon.tsx";
import { drawer, shelf } from "../screen.ts";
import { titleOf } from "../SessionRow.tsx";
import { Dialog } from "./Dialog.tsx";
import { remove } from "./entries.ts";

const dates = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });

function titleOfShelf({ scope, tag }: Shelf): string {
  if (scope === "archived") return t("Archived chats");
  return scope === "deleted" ? t("Recently deleted") : t("Tagged “{tag}”", { tag: tag ?? "" });
}

function close(): void {
  shelf.value = null;
}

function visit(session: Session): void {
  close();
  drawer.value = false;
  go(session.id);
}

function Row({ session, scope, gone }: { session: Session; scope: Shelf["scope"]; gone(): void }): JSX.Element {
  const title = titleOf(session);
  async function back(): Promise<void> {
    const done = scope === "deleted" ? restore([session.id]) : change([session.id], { archived: false });
    if (await done) gone();
  }
  return (
    <li class="shelf-row">
      {scope === "deleted"
        ? <span class="shelf-title">{title}</span>
        : <a class="shelf-title" href={`/c/${session.id}`} onClick={(event) => { event.preventDefault(); visit(session); }}>{title}</a>}
      <time dateTime={session.updated_at}>{dates.format(new Date(session.updated_at))}</time>
      {scope !== undefined && <button type="button" class="button quiet" onClick={() => void back()}>{scope === "deleted" ? t("Bring back") : t("Unarchive")}</button>}
      {scope !== "deleted" && (
        <button type="button" class="action" aria-label={t("Delete {name}", { name: title })} title={t("Delete")} onClick={() => { remove([session.id]); gone(); }}>
          <Icon name="trash" />
        </button>
      )}
    </li>
  );
}

/** Chats that are not in the list: archived ones, deleted ones, or those with a tag wherever they are. */
export function ShelfDialog({ shelf: shown }: { shelf: Shelf }): JSX.Element {
  const [page, setPage] = useState<Pick<SessionPage, "sessions" | "next"> | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  async function read(before: string | null): Promise<void> {
    try {
      const { sessions, next } = await getShelf(shown, before);
      setPage((known) => ({ sessions: before === null || known === null ? sessions : [...known.sessions, ...sessions], next }));
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      setProblem(said(error.problem));
    }
  }
  useEffect(() => void read(null), [shown]);
  const gone = (id: string): void => setPage((known) => known && { ...known, sessions: known.sessions.filter((one) => one.id !== id) });
  return (
    <Dialog title={titleOfShelf(shown)} close={close}>
      {shown.scope === "deleted" && <p class="dialog-about">{t("After some days they are gone for good.")}</p>}
      <div class="dialog-body" aria-busy={page === null && problem === null}>
        <ul class="shelf">{page?.sessions.map((one) => <Row key={one.id} session={one} scope={shown.scope} gone={() => gone(one.id)} />)}</ul>
        {page?.sessions.length === 0 && <p class="sessions-none">{t("There is nothing here.")}</p>}
        {problem !== null && <p class="field-problem" role="alert">{problem}</p>}
        {page !== null && page.next !== null && <button type="button" class="button quiet more" onClick={() => void read(page.next)}>{t("Older chats")}</button>}
      </div>
    </Dialog>
  );
}

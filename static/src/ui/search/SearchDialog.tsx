import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { go } from "../../app/routing.ts";
import { t } from "../../core/t.ts";
import { Icon } from "../Icon.tsx";
import { drawer, searching } from "../screen.ts";
import { type Chosen, Filters } from "./Filters.tsx";
import { type Hit, hitsOf, useFound } from "./found.ts";
import { Results } from "./Results.tsx";

function close(): void {
  searching.value = false;
}

function visit(hit: Hit | undefined): void {
  if (hit === undefined) return;
  close();
  drawer.value = false;
  go(hit.session.id, hit.message);
}

/** The active option follows the arrows, and begins anew with every answer. */
function useActive(hits: readonly Hit[]): [number, (event: KeyboardEvent) => void] {
  const [active, setActive] = useState(0);
  useEffect(() => setActive(0), [hits[0]?.key]);
  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const last = hits.length - 1;
    const moves: Record<string, () => void> = {
      ArrowDown: () => setActive(active >= last ? 0 : active + 1),
      ArrowUp: () => setActive(active <= 0 ? last : active - 1),
      Enter: () => visit(hits[active]),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  }
  return [active, onKeyDown];
}

/** Looks through all of one's chats. */
export function SearchDialog(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [q, setQ] = useState("");
  const [filters, setFilters] = useState<Chosen>({ agent: null, model: null, since: null, archived: null });
  const { found, waiting, failed, more } = useFound({ q, ...filters });
  const hits = hitsOf(found);
  const [active, onKeyDown] = useActive(hits);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    field.current?.focus();
  }, []);
  return (
    <dialog
      class="search" ref={dialog} aria-label={t("Search your chats")} onClose={close}
      onPointerDown={(event) => { if (event.target === dialog.current) close(); }}
      onKeyDown={(event) => { event.stopPropagation(); }}
    >
      <div class="search-head">
        <Icon name="search" />
        <input
          ref={field} type="text" role="combobox" aria-label={t("Search your chats")} placeholder={t("Search your chats")} autocomplete="off" maxLength={200}
          enterkeyhint="search" aria-expanded="true" aria-controls="search-results" aria-autocomplete="list"
          aria-activedescendant={hits.length > 0 ? `search-hit-${active}` : undefined}
          value={q} onInput={(event) => setQ(event.currentTarget.value)} onKeyDown={onKeyDown}
        />
        <button type="button" class="action" aria-label={t("Close")} onClick={close}><Icon name="close" /></button>
      </div>
      <Filters chosen={filters} choose={setFilters} />
      <Results q={q} hits={hits} active={active} waiting={waiting} failed={failed} more={more} visit={visit} />
    </dialog>
  );
}

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Segment } from "../../transport/search.ts";
import type { Hit } from "./found.ts";
import { locale, t } from "../../core/t.ts";

const dates = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });

function Marked({ segments }: { segments: readonly Segment[] }): JSX.Element {
  return <>{segments.map(({ text, hit }, index) => (hit ? <mark key={index}>{text}</mark> : text))}</>;
}

function addressOf({ session, message }: Hit): string {
  return message === null ? `/c/${session.id}` : `/c/${session.id}#${message}`;
}

function Row({ hit, index, active, visit }: { hit: Hit; index: number; active: boolean; visit(hit: Hit): void }): JSX.Element {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => { if (active) row.current?.scrollIntoView({ block: "nearest" }); }, [active]);
  return (
    <li ref={row} id={`search-hit-${index}`} class={active ? "search-hit active" : "search-hit"} role="option" aria-selected={active}>
      <a
        href={addressOf(hit)} tabIndex={-1}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          visit(hit);
        }}
      >
        <span class="search-hit-title"><Marked segments={hit.title} /></span>
        <time dateTime={hit.at}>{dates.format(new Date(hit.at))}</time>
        {hit.message !== null && (
          <span class="search-hit-text" dir="auto"><b><Marked segments={hit.who} /></b> <Marked segments={hit.snippet} /></span>
        )}
      </a>
    </li>
  );
}

function said(q: string, count: number, waiting: boolean, failed: string | null, more: boolean): string {
  if (failed !== null) return failed;
  if (q.trim() === "") return t("Words from a title, a message or a file. Put “words in quotes” to find them together.");
  if (count > 0) return more ? t("More than {count} result|More than {count} results", { count }) : t("{count} result|{count} results", { count });
  return waiting ? t("Searching…") : t("Nothing is found. Try fewer words, or their beginnings.");
}

interface Props {
  q: string;
  hits: readonly Hit[];
  active: number;
  waiting: boolean;
  failed: string | null;
  more: (() => void) | null;
  visit(hit: Hit): void;
}

export function Results({ q, hits, active, waiting, failed, more, visit }: Props): JSX.Element {
  return (
    <div class="search-body" aria-busy={waiting}>
      <ul class="search-results" id="search-results" role="listbox" aria-label={t("Results")}>
        {hits.map((hit, index) => <Row key={hit.key} hit={hit} index={index} active={index === active} visit={visit} />)}
      </ul>
      {more !== null && <button type="button" class="button quiet more" onClick={more}>{t("More results")}</button>}
      <p class={failed === null ? "search-said" : "search-said problem-text"} role="status">{said(q, hits.length, waiting, failed, more !== null)}</p>
    </div>
  );
}

import type { JSX } from "preact";
import type { SourcePart } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { Icon } from "./Icon.tsx";

const WEB = /^https?:\/\//i;

function hostOf(url: string): string {
  return URL.parse(url)?.hostname.replace(/^www\./, "") ?? "";
}

function Source({ source }: { source: SourcePart }): JSX.Element {
  if (source.url === undefined || !WEB.test(source.url)) return <li><bdi>{source.title}</bdi></li>;
  const host = hostOf(source.url);
  return (
    <li>
      <a href={source.url} target="_blank" rel="noopener noreferrer"><bdi>{source.title || host}</bdi></a>
      {source.title !== "" && <> <span class="source-host">{host}</span></>}
    </li>
  );
}

/** What an answer rests on, folded. Nothing of it is loaded until somebody follows a link. */
export function Sources({ sources }: { sources: readonly SourcePart[] }): JSX.Element {
  return (
    <details class="sources">
      <summary>
        <Icon name="quote" />
        <span>{t("{count} source|{count} sources", { count: sources.length })}</span>
        <Icon name="chevron" />
      </summary>
      <ol>{sources.map((source) => <Source key={source.sourceId} source={source} />)}</ol>
    </details>
  );
}

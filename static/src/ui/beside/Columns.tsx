import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { columns, goOnWith, isWritten, merge, mergeable, stopOne } from "../../app/beside.ts";
import { painted, paintedBeside } from "../../app/painting.ts";
import { busy, offered, siblings, thread } from "../../app/store.ts";
import { leading } from "../../core/beside.ts";
import { placeOf } from "../../core/branches.ts";
import { answeredBy } from "../../core/message.ts";
import { t } from "../../core/t.ts";
import type { ShownMessage } from "../../core/thread.ts";
import { Answer } from "../Answer.tsx";
import { Branches } from "../Branches.tsx";
import { Icon } from "../Icon.tsx";
import { MessageMenuButton } from "../MessageMenuButton.tsx";
import { focusComposerUnlessTouched } from "../screen.ts";
import { Waiting } from "../Waiting.tsx";

function Choice({ message, name }: { message: ShownMessage; name: string }): JSX.Element {
  const chosen = thread.value !== null && leading(thread.value)?.id === message.id;
  if (chosen) return <span class="column-chosen"><Icon name="check" />{t("The chat goes on with this one")}</span>;
  return (
    <button
      type="button" class="button quiet column-choose" aria-label={t("Go on with the answer of {model}", { model: name })}
      onClick={() => {
        goOnWith(message);
        focusComposerUnlessTouched();
      }}
    >
      {t("Go on with this one")}
    </button>
  );
}

function Column({ message, alone }: { message: ShownMessage; alone: string | undefined }): JSX.Element {
  const column = useRef<HTMLElement>(null);
  const name = (message.generation === null ? null : answeredBy(message.generation)) ?? t("another model");
  const live = painted.value?.message === message.id ? painted.value : paintedBeside.value.get(message.id);
  const writes = live !== undefined || isWritten(message);
  // One that was asked for a moment ago may stand beyond the edge.
  useLayoutEffect(() => { if (message.id === alone) column.current?.scrollIntoView({ block: "nearest", inline: "nearest" }); }, [alone]);
  return (
    <section class="column" ref={column} aria-label={name}>
      <header class="column-head">
        <h3 class="column-name" dir="auto">{name}</h3>
        {writes && (
          <button
            type="button" class="action" aria-label={t("Stop {model}", { model: name })} title={t("Stop {model}", { model: name })}
            disabled={live?.frozen === true} onClick={() => stopOne(message)}
          >
            <Icon name="stop" />
          </button>
        )}
      </header>
      <Answer message={message} isLast />
      <Choice message={message} name={name} />
    </section>
  );
}

/** Under all of them: one answer is made out of them; and where there are more versions than stand here, the way to these. */
function Foot({ shown }: { shown: readonly (ShownMessage | null)[] }): JSX.Element {
  const first = shown.find((message) => message !== null && thread.value !== null && leading(thread.value)?.id === message.id);
  const hasMore = first != null && (placeOf(siblings.value, first)?.count ?? 0) > shown.length;
  return (
    <div class="columns-foot">
      {hasMore && <Branches message={first} />}
      {(busy.value || mergeable.value.length > 0) && (
        <button
          type="button" class="button quiet" disabled={busy.value} title={t("One answer out of these, by the model of this chat")}
          onClick={() => {
            merge();
            focusComposerUnlessTouched();
          }}
        >
          <Icon name="merge" />{t("Merge into one")}
        </button>
      )}
      {first != null && mergeable.value.length > 0 && (offered.value?.models.length ?? 0) > 1 && (
        <MessageMenuButton kind="merge" message={first} icon="chevron" label={t("Choose the model that writes it")} disabled={busy.value} />
      )}
    </div>
  );
}

/** The answers of several models to the last message, side by side. */
export function Columns(): JSX.Element {
  const shown = columns.value;
  const count = useRef(shown.length);
  const newest = shown.length > count.current ? shown.findLast((message) => message !== null)?.id : undefined;
  useLayoutEffect(() => { count.current = shown.length; });
  return (
    <>
      <div class="columns" role="group" aria-label={t("{count} answers side by side", { count: shown.length })} tabIndex={0} data-stay data-count={shown.length}>
        {shown.map((message) => (message === null
          ? <section class="column" key="awaited"><div class="answer"><Waiting attempt={null} sent={false} model={null} /></div></section>
          : <Column key={message.id} message={message} alone={newest} />))}
      </div>
      <Foot shown={shown} />
    </>
  );
}

import type { JSX, VNode } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { load, loadBefore } from "../app/opening.ts";
import { messages, thread } from "../app/store.ts";
import { newest } from "../app/writing.ts";
import { t } from "../core/t.ts";
import { besideLast, type ShownMessage } from "../core/thread.ts";
import { keyOf, type Run, runsOf, turnsOf } from "../core/turns.ts";
import { useAim } from "./aim.ts";
import { Answer } from "./Answer.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { Icon } from "./Icon.tsx";
import { Columns, Missing, Summarised, Transition } from "./rarely.ts";
import { useNearing } from "./nearing.ts";
import { Scroller } from "./scroll.ts";
import { UserMessage } from "./UserMessage.tsx";
import { Waiting } from "./Waiting.tsx";

const rows = new WeakMap<ShownMessage, { isLast: boolean; row: VNode }>();

// The same element for the same message: Preact skips it, so a change at the end costs nothing for what is above it.
function rowOf(message: ShownMessage, isLast: boolean): VNode {
  const known = rows.get(message);
  if (known?.isLast === isLast) return known.row;
  const key = keyOf(message);
  const row =
    message.role === "user" ? <UserMessage key={key} message={message} />
    : message.role === "transition" ? <Transition key={key} message={message} />
    : <Answer key={key} message={message} isLast={isLast} />;
  rows.set(message, { isLast, row });
  return row;
}

const told = (message: ShownMessage, isLast: boolean) => [rowOf(message, isLast), message.summary && <Summarised {...message.summary} />];

const drawn = new WeakMap<ShownMessage, { run: Run; row: VNode }>();

/** A run that nothing follows up on any more. The same element for the same messages, as above: there may be thousands. */
function settledRun(run: Run): VNode {
  const [head] = run.messages as [ShownMessage];
  const known = drawn.get(head);
  if (known?.run.messages.length === run.messages.length && run.messages.every((message, index) => message === known.run.messages[index])) return known.row;
  const row = (
    <div key={run.key} class="run">
      {run.turns.map(({ key, messages: inTurn }) => <div key={key} class="turn">{inTurn.flatMap((message) => told(message, false))}</div>)}
    </div>
  );
  drawn.set(head, { run, row });
  return row;
}

/** Reads older messages when the reader comes near the beginning. */
function Beginning(): JSX.Element | null {
  const previous = thread.value?.previous ?? null;
  const mark = useNearing<HTMLDivElement>(previous, ".thread", "800px 0px 0px", loadBefore);
  return previous === null ? null : <div class="beginning" ref={mark}>{t("Loading older messages…")}</div>;
}

function Turns({ scroller }: { scroller: Scroller }): JSX.Element {
  const content = useRef<HTMLDivElement>(null);
  const oldest = useRef<ShownMessage | undefined>(undefined);
  const roomy = useRef<string | null>(null);
  const heads = useRef(new Set<string>());
  const shown = messages.value;
  const last = shown.at(-1);
  const answer = shown.findLast(({ role }) => role === "assistant");
  const awaiting = thread.value?.awaiting ?? null;
  const turns = turnsOf(shown);
  const runs = runsOf(turns, heads.current);
  const columns = thread.value !== null && besideLast(thread.value).length > 0 ? <Columns key="columns" /> : null;
  const end = turns.at(-1)?.key;
  const arriving = newest.message !== null && end === newest.message;
  if (arriving) roomy.current = newest.message;
  // Before older messages are put above it. Measured where it is, since what is above it may get its true height at any moment.
  const read = shown[0] === oldest.current ? null : scroller.read();
  oldest.current = shown[0];
  const isSettled = (run: Run): boolean => run !== runs.at(-1) && run.turns.every(({ key }) => key !== roomy.current);

  useLayoutEffect(() => {
    if (read !== null) scroller.hold(read);
    const sent = arriving ? content.current?.querySelector<HTMLElement>(".run:last-child > .turn:last-child") : null;
    if (!sent) return;
    newest.message = null;
    scroller.anchor(sent);
  }, [shown, scroller]);

  useAim(content, scroller);

  return (
    <div class="turns" ref={content}>
      <Beginning />
      {runs.map((run) => (isSettled(run) ? settledRun(run) : (
        <div key={run.key} class="run">
          {run.turns.map(({ key, messages: inTurn }) => (
            <div key={key} class={key === roomy.current ? "turn newest" : "turn"}>
              {inTurn.flatMap((message) => (columns !== null && message === answer && key === end ? columns : told(message, message === last)))}
              {awaiting !== null && key === end && (columns === null
                ? <div class="answer" key="awaiting"><Waiting attempt={null} sent={false} model={null} /></div>
                : !inTurn.includes(answer as ShownMessage) && columns)}
            </div>
          ))}
        </div>
      )))}
    </div>
  );
}

function Following({ scroller }: { scroller: Scroller }): JSX.Element | null {
  if (!scroller.isAway.value) return null;
  return (
    <button type="button" class="to-end" aria-label={t("Go to the latest message")} onClick={() => scroller.toEnd()}>
      <Icon name="down" />
    </button>
  );
}

function Scrolling(): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const scroller = useMemo(() => new Scroller(), []);
  useLayoutEffect(() => {
    const content = frame.current?.firstElementChild;
    if (frame.current === null || !(content instanceof HTMLElement)) return undefined;
    return scroller.attach(frame.current, content);
  }, [scroller]);
  return (
    <div class="thread-area">
      <div class="thread" ref={frame} tabIndex={0} role="region" aria-label={t("Conversation")}>
        <Turns scroller={scroller} />
      </div>
      <Following scroller={scroller} />
    </div>
  );
}

/** The conversation, or what is there in its place. */
export function Thread(): JSX.Element {
  const current = thread.value;
  if (current === null) return <EmptyState />;
  switch (current.phase) {
    case "missing":
      return <Missing />;
    case "failed":
      return (
        <div class="thread-area centred">
          <p>{t("This chat could not be loaded.")}</p>
          <button type="button" class="button" onClick={() => void load(current.session)}>{t("Try again")}</button>
        </div>
      );
    case "loading":
      return <div class="thread-area centred" aria-busy="true"><span class="dots later" role="img" aria-label={t("Loading")}><i /><i /><i /></span></div>;
    case "ready":
      return <Scrolling key={current.session} />;
  }
}

import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { busy, effective, filesReady, lost, openSession, queued, stopping, studio, thread, agent } from "../app/store.ts";
import { send, stop } from "../app/writing.ts";
import { t } from "../core/t.ts";
import { AgentPicker } from "./AgentPicker.tsx";
import { clearDraft, draft, write } from "./draft.ts";
import { excess } from "./excess.ts";
import { useGrowing } from "./growing.ts";
import { Icon } from "./Icon.tsx";
import { ModelPicker } from "./ModelPicker.tsx";
import { AttachButton, Attaching, CompletionList, EffortPicker, Gauge, later, Limit, LostModel, QueueList, Temporary } from "./rarely.ts";
import { sendKey, sends } from "./screen.ts";

const LISTED = 20;

/** Whether the page knows by now who is asked, and what was said before. */
const isLoaded = (): boolean => studio.value !== null && thread.value?.phase !== "loading";

function isReady(text: string): boolean {
  if (busy.value && (openSession.value === null || queued.value.length >= LISTED)) return false;
  const files = filesReady.value;
  return lost.value === null && files !== false && (files || text.trim() !== "") && excess(text) <= 0 && isLoaded();
}

/** Sends what was sent before the page was loaded, unless it has been changed since. */
function submitOnceLoaded(text: string): void {
  const end = effect(() => {
    if (!isLoaded()) return;
    queueMicrotask(() => {
      end();
      if (draft.peek() === text) submit();
    });
  });
}

/** Sends, or, while an answer is written or others wait, puts it behind them. */
function submit(): void {
  const text = draft.peek();
  if (!isLoaded()) submitOnceLoaded(text);
  if (!isReady(text)) return;
  const waits = busy.peek() || queued.peek().length > 0;
  if (waits && !later.enqueue(text)) return;
  clearDraft();
  if (!waits) void send(text, later.takeFiles());
}

function onKeyDown(event: KeyboardEvent): void {
  if (later.onComposerKey(event)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  if (!sends(event)) return;
  event.preventDefault();
  submit();
}

function Buttons(): JSX.Element {
  const writes = busy.value;
  const queues = writes || queued.value.length > 0;
  const ready = isReady(draft.value);
  return (
    <>
      {writes && (
        <button type="button" class="send stop" aria-label={t("Stop")} title={t("Stop (Escape)")} disabled={stopping.value} onClick={stop}>
          <Icon name="stop" />
        </button>
      )}
      {(!writes || ready) && (
        <button
          type="submit" class="send" aria-label={queues ? t("Queue") : t("Send")} disabled={!ready}
          title={queues ? t("Send when the answer ends") : sendKey.value === "enter" ? t("Send (Enter)") : t("Send (Ctrl+Enter)")}
        >
          <Icon name="send" />
        </button>
      )}
    </>
  );
}

export function Composer(): JSX.Element | null {
  const text = draft.value;
  const input = useGrowing(text);
  const name = agent.value?.name ?? effective.value.model?.name;
  if (thread.value?.phase === "missing") return null;
  return (
    <form class="composer" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <CompletionList />
      <Temporary />
      {queued.value.length > 0 && <QueueList />}
      {lost.value !== null && <LostModel />}
      <div class="composer-card">
        <Attaching />
        <textarea
          id="message"
          ref={input}
          rows={1}
          dir="auto"
          value={text}
          placeholder={name === undefined ? t("Write a message") : t("Write to {name}", { name })}
          aria-label={t("Message")}
          aria-describedby={excess(text) > 0 ? "limit" : undefined}
          aria-invalid={excess(text) > 0}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <div class="composer-foot">
          <AttachButton />
          <AgentPicker />
          <ModelPicker />
          <EffortPicker />
          <Gauge />
          <Limit />
          <Buttons />
        </div>
      </div>
    </form>
  );
}

import type { JSX } from "preact";
import { queueState, sendInstead, sendNext, unqueue } from "../app/queueing.ts";
import { putFiles } from "../app/attaching.ts";
import { queued } from "../app/store.ts";
import type { Queued } from "../core/queue.ts";
import { t } from "../core/t.ts";
import { putIntoComposer } from "./draft.ts";
import { Icon } from "./Icon.tsx";

function Row({ message }: { message: Queued }): JSX.Element {
  return (
    <li>
      <span class="queued-text" dir="auto">
        {message.text}
        {message.files.length > 0 && <small> {message.files.map(({ filename }) => filename).join(", ")}</small>}
      </span>
      {queueState.value === "waits" && (
        <button
          type="button" class="action" aria-label={t("Stop the answer and send this now")} title={t("Stop the answer and send this now")}
          onClick={() => sendInstead(message.id)}
        >
          <Icon name="send" />
        </button>
      )}
      <button
        type="button" class="action" aria-label={t("Edit the queued message")} title={t("Edit")}
        onClick={() => {
          unqueue(message.id);
          putIntoComposer(message.text);
          putFiles(message.files);
        }}
      >
        <Icon name="edit" />
      </button>
      <button type="button" class="action" aria-label={t("Remove the queued message")} title={t("Remove")} onClick={() => unqueue(message.id)}>
        <Icon name="close" />
      </button>
    </li>
  );
}

/** What is sent when the answer ends; held when it did not end well. */
export function QueueList(): JSX.Element {
  const held = queueState.value === "held";
  return (
    <section class="queue" aria-label={t("Queued messages")}>
      <p>
        {held ? t("The answer broke off, so these wait.") : t("Sent when the answer ends:")}
        {held && <button type="button" class="note-action" onClick={sendNext}>{t("Send now")}</button>}
      </p>
      <ul>{queued.value.map((message) => <Row key={message.id} message={message} />)}</ul>
    </section>
  );
}

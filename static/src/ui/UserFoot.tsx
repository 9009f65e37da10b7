import type { JSX } from "preact";
import { busy } from "../app/store.ts";
import { t } from "../core/t.ts";
import type { ShownMessage } from "../core/thread.ts";
import { Branches } from "./Branches.tsx";
import { CopyButton } from "./CopyButton.tsx";
import { Icon } from "./Icon.tsx";
import { saveAsPrompt } from "./prompts/tasks.ts";
import { editing } from "./screen.ts";
import { Threads } from "./Threads.tsx";

/** What can be done with a message of one's own. */
export function UserFoot({ message, text }: { message: ShownMessage; text: string }): JSX.Element {
  return (
    <>
      <Branches message={message} />
      <CopyButton text={text} label={t("Copy message")} />
      <button
        type="button" class="action" aria-label={t("Edit message")} title={t("Edit")} disabled={busy.value}
        onClick={() => { editing.value = message.id; }}
      >
        <Icon name="edit" />
      </button>
      <button type="button" class="action" aria-label={t("Save as a prompt")} title={t("Save as a prompt")} onClick={() => saveAsPrompt(text)}>
        <Icon name="bookmark" />
      </button>
      <Threads message={message} />
    </>
  );
}

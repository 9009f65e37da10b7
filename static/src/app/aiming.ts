// Going to one message of a session: its address is "/c/<session>#<message>".

import { effect } from "@preact/signals";
import type { Id } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { show } from "./branching.ts";
import { loadBefore } from "./opening.ts";
import { busy, notice, target, thread } from "./store.ts";

/** Brings the message that is aimed at into the thread: by its branch, and by older pages. The thread then scrolls to it. */
export function startAiming(): void {
  let shown: Id | null = null;
  effect(() => {
    const aimed = target.value;
    const current = thread.value;
    if (aimed === null) shown = null;
    if (aimed === null || current?.session !== aimed.session || current.phase !== "ready") return;
    if (current.messages.some(({ id }) => id === aimed.message)) return;
    if (current.previous !== null) void loadBefore();
    else if (shown !== aimed.message && !busy.peek()) {
      // The whole branch is there and it is not in it.
      shown = aimed.message;
      void show(aimed.message);
    } else {
      target.value = null;
      notice.value = { text: t("This message can't be shown now: it is gone, or on another branch while an answer is being written.") };
    }
  });
}

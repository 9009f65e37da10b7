import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { showProblem } from "../app/listing.ts";
import { follow } from "../app/opening.ts";
import { unqueue } from "../app/queueing.ts";
import { go } from "../app/routing.ts";
import { newIn, notice, openSession, queued, session, studio, temporary } from "../app/store.ts";
import type { Id } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { deleteSessions } from "../transport/organise.ts";
import { RequestFailed } from "../transport/rest.ts";
import { clearDraft } from "./draft.ts";
import { focusComposerUnlessTouched } from "./screen.ts";

const LOOK_EVERY = 600_000;

async function end(id: Id): Promise<void> {
  // What was written and not sent goes with it.
  clearDraft();
  queued.peek().forEach((one) => unqueue(one.id));
  go(null);
  focusComposerUnlessTouched();
  try {
    await deleteSessions([id]);
    notice.value = { text: t("The temporary chat is gone.") };
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    if (openSession.peek() === null) go(id);
    showProblem(error.problem);
  }
}

function Clock(): JSX.Element {
  return <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM10 6.5V10l2.5 1.5" /></svg>;
}

const focus = (button: HTMLButtonElement | null): void => button?.focus();

/** Asks once more: there is no way back. */
function End({ id }: { id: Id }): JSX.Element {
  const [asked, ask] = useState(false);
  if (!asked) return <button type="button" class="note-action" onClick={() => ask(true)}>{t("End")}</button>;
  return (
    <>
      <button type="button" class="note-action danger" ref={focus} onClick={() => void end(id)}>{t("Delete it for good")}</button>
      <button type="button" class="note-action" onClick={() => ask(false)}>{t("Cancel")}</button>
    </>
  );
}

function Told({ open }: { open: Id | null }): JSX.Element {
  const hours = studio.value?.kept.temporary_hours ?? 24;
  // Whoever looks at it keeps it: for the server, following is a sign of life.
  useEffect(() => {
    if (open === null) return undefined;
    const timer = setInterval(() => { if (!document.hidden) follow(open); }, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [open]);
  return (
    <section class="queue temporary" aria-label={t("Temporary chat")}>
      <p>
        <Clock />
        <span><strong>{t("Temporary chat.")}</strong> {t("Not in your list, searches or exports. Deleted {count} hour after you last used it.|Not in your list, searches or exports. Deleted {count} hours after you last used it.", { count: hours })}</span>
        {open !== null && <End key={open} id={open} />}
      </p>
    </section>
  );
}

/** Over the message field: the choice before the first message of a chat, and what was chosen while it lasts. */
export function Temporary(): JSX.Element | null {
  const open = openSession.value;
  if (open !== null) return session.value?.temporary === true ? <Told open={open} /> : null;
  if (newIn.value !== null || studio.value?.team == null) return null;
  const on = temporary.value;
  return (
    <>
      <button
        type="button" class="temporary-choice" aria-pressed={on} title={t("A chat that is not kept")}
        onClick={() => { temporary.value = !on; focusComposerUnlessTouched(); }}
      >
        <Clock />{t("Temporary chat")}
      </button>
      {on && <Told open={null} />}
    </>
  );
}

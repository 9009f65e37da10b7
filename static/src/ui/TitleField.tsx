import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { rename } from "../app/listing.ts";
import type { Session } from "../core/protocol.ts";
import { t } from "../core/t.ts";

const LONGEST = 200;

/** The title of a chat as a field, in its place. */
export function TitleField({ session, close }: { session: Session; close(): void }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useLayoutEffect(() => field.current?.select(), []);
  // Enter and leaving the field both save; Escape and saving twice don't.
  function finish(save: boolean): void {
    if (done.current) return;
    done.current = true;
    const title = field.current?.value.trim() ?? "";
    if (save) void rename(session.id, title);
    close();
  }
  return (
    <input
      ref={field} class="session-title-field" type="text" dir="auto" aria-label={t("Title")} maxLength={LONGEST} defaultValue={session.title}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter" && !event.isComposing) finish(true);
        else if (event.key === "Escape") finish(false);
      }}
    />
  );
}

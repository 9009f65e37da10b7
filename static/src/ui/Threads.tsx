import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { go } from "../app/routing.ts";
import { departure, origin, threads } from "../app/threads.ts";
import type { Message } from "../core/protocol.ts";
import { locale, t } from "../core/t.ts";
import { Icon } from "./Icon.tsx";
import { MessageMenuButton } from "./MessageMenuButton.tsx";
import { Item } from "./MoreMenu.tsx";
import { focusComposerUnlessTouched, menu } from "./screen.ts";
import { titleOf } from "./SessionRow.tsx";

const times = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });

function WayBack(): JSX.Element | null {
  const from = origin.value;
  if (from === null) return null;
  return (
    <a
      class="action way-back" href={`/c/${from.session.id}#${from.message}`} title={t("Go to where this thread departs")}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go(from.session.id, from.message);
      }}
    >
      <Icon name="fork" /><span class="action-label" dir="auto">{t("From: {title}", { title: titleOf(from.session) })}</span>
    </a>
  );
}

/** Under the foot of a message: the chats that step aside from it, and where this one came from. */
export function Threads({ message }: { message: Message }): JSX.Element | null {
  const count = threads.value.get(message.id)?.length ?? 0;
  const departs = departure.value === message.id && origin.value !== null;
  if (count === 0 && !departs) return null;
  const label = t("{count} thread|{count} threads", { count });
  return (
    <div class="threads" data-stay>
      {departs && <WayBack />}
      {count > 0 && <MessageMenuButton kind="threads" message={message} icon="fork" label={label} caption={label} />}
    </div>
  );
}

/** Those of a message, to go to one. */
export function ThreadMenu({ message }: { message: Message }): JSX.Element {
  const listed = threads.value.get(message.id);
  // The last one was deleted in another tab.
  useEffect(() => { if (listed === undefined) menu.value = null; }, [listed]);
  return (
    <>
      {listed?.map((session) => (
        <Item
          key={session.id} icon="fork"
          perform={() => {
            go(session.id);
            focusComposerUnlessTouched();
          }}
        >
          <span dir="auto">{titleOf(session)}</span>
          <small class="below"><time dateTime={session.created_at}>{times.format(new Date(session.created_at))}</time></small>
        </Item>
      ))}
    </>
  );
}

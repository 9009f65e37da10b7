import type { JSX } from "preact";
import { show } from "../app/branching.ts";
import { busy, siblings } from "../app/store.ts";
import { placeOf } from "../core/branches.ts";
import type { Id, Message } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { Icon } from "./Icon.tsx";
import { dialog } from "./screen.ts";

function Arrow({ to, label, turned }: { to: Id | null; label: string; turned: boolean }): JSX.Element {
  return (
    <button
      type="button" class={turned ? "action arrow back" : "action arrow"} aria-label={label} title={label}
      disabled={to === null || busy.value} onClick={() => { if (to !== null) void show(to); }}
    >
      <Icon name="chevron" />
    </button>
  );
}

/** ‹ 2/3 › where a message was edited or answered more than once. */
export function Branches({ message }: { message: Message }): JSX.Element | null {
  const place = placeOf(siblings.value, message);
  if (place === null) return null;
  return (
    <span class="branches" role="group" aria-label={t("Version {number} of {all}", { number: place.number, all: place.count })} data-stay>
      <Arrow to={place.previous} label={t("Previous version")} turned />
      <button type="button" class="action" aria-label={t("Map of branches")} title={t("Map of branches")} onClick={() => { dialog.value = "map"; }}>
        {place.number}/{place.count}
      </button>
      <Arrow to={place.next} label={t("Next version")} turned={false} />
    </span>
  );
}

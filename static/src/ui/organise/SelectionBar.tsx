import type { JSX } from "preact";
import { archive } from "../../app/organising.ts";
import { selected, sessions } from "../../app/store.ts";
import type { Id } from "../../core/protocol.ts";
import { isListed } from "../../core/sessions.ts";
import { t } from "../../core/t.ts";
import type { IconName } from "../../render/icons.ts";
import { Icon } from "../Icon.tsx";
import { task } from "../screen.ts";
import { remove } from "./entries.ts";
import { download } from "./exporting.ts";

function finish(): void {
  selected.value = null;
}

function selectAll(): void {
  selected.value = new Set(sessions.peek().filter((session) => isListed(session) && session.guest !== true).map(({ id }) => id));
}

/** At the foot of the list while chats are being chosen. */
export function SelectionBar(): JSX.Element {
  const ids = [...(selected.value ?? [])];
  const act = (label: string, icon: IconName, perform: (ids: readonly Id[]) => void): JSX.Element => (
    <button type="button" class="action" aria-label={label} title={label} disabled={ids.length === 0} onClick={() => { perform(ids); finish(); }}>
      <Icon name={icon} />
    </button>
  );
  return (
    <div class="selection" role="toolbar" aria-label={t("The chosen chats")} onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); finish(); } }}>
      <p role="status">{t("{count} chosen|{count} chosen", { count: ids.length })}</p>
      <button type="button" class="button quiet" onClick={selectAll}>{t("All")}</button>
      <div class="selection-actions">
        {act(t("Move to a folder"), "folder", (chosen) => { task.value = { moving: chosen }; })}
        {act(t("Export as Markdown"), "download", (chosen) => void download(chosen, "markdown"))}
        {act(t("Archive"), "archive", (chosen) => void archive(chosen))}
        {act(t("Delete"), "trash", remove)}
        <button type="button" class="action" aria-label={t("Done choosing")} title={t("Done")} onClick={finish}><Icon name="close" /></button>
      </div>
    </div>
  );
}

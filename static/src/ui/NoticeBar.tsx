import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { notice } from "../app/store.ts";
import { Icon } from "./Icon.tsx";
import { t } from "../core/t.ts";

const SHOWN_FOR = 7_000;

/** One line at the foot of the page, with a way back where there is one. */
export function NoticeBar(): JSX.Element {
  const shown = notice.value;
  useEffect(() => {
    // What went wrong stays until it is put away.
    if (shown === null || shown.problem !== undefined) return undefined;
    const timer = setTimeout(() => { notice.value = null; }, SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div class="notice-area" role="status">
      {shown !== null && (
        <div class={shown.problem === undefined ? "notice" : "notice problem-notice"}>
          <span>{shown.text}</span>
          {shown.action !== undefined && (
            <button type="button" class="notice-action" onClick={() => { shown.action?.perform(); notice.value = null; }}>{shown.action.label}</button>
          )}
          <button type="button" class="action" aria-label={t("Close")} onClick={() => { notice.value = null; }}><Icon name="close" /></button>
        </div>
      )}
    </div>
  );
}

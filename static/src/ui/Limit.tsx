import type { JSX } from "preact";
import { limits } from "../app/store.ts";
import { t } from "../core/t.ts";
import { draft } from "./draft.ts";
import { excess } from "./excess.ts";

/** How many characters are left, or too many, where the limit is near. */
export function Limit(): JSX.Element | null {
  const over = excess(draft.value);
  if (over === -Infinity) return null;
  const limit = limits.value.message_characters;
  return (
    <p class={over > 0 ? "limit over" : "limit"} id="limit" role={over > 0 ? "alert" : undefined}>
      {over > 0
        ? t("{count} character too many: a message has at most {limit}. Shorten it, or split it into several.|{count} characters too many: a message has at most {limit}. Shorten it, or split it into several.", { count: over, limit })
        : t("{count} character left|{count} characters left", { count: -over })}
    </p>
  );
}

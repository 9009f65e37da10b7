// Who writes in a chat that several people write in.

import type { Id } from "./protocol.ts";
import type { ShownMessage } from "./thread.ts";

/** Who wrote a message, by name; null: the viewer. `owner` is the name of whose chat it is, null where that is the viewer. */
export function writerOf({ author, delivery }: Pick<ShownMessage, "author" | "delivery">, viewer: Id, owner: string | null): string | null {
  // What was just sent has no author until the server says so.
  if (delivery !== undefined || author?.id === viewer) return null;
  return author?.name ?? owner;
}

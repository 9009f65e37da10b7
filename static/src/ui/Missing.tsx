import type { JSX } from "preact";
import { go } from "../app/routing.ts";

/** An address without a chat: a mistyped one, a deleted one, or somebody else's. */
export function Missing(): JSX.Element {
  return (
    <div class="thread-area centred">
      <h2>This chat is not here</h2>
      <p>It may have been deleted, or it belongs to somebody else.</p>
      <button type="button" class="button" onClick={() => go(null)}>Start a new chat</button>
    </div>
  );
}

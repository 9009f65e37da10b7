// What answers side by side need of the modules that know of one answer alone. beside.ts, which is loaded later, puts it in.

import type { Id, Position, ServerFrame } from "../core/protocol.ts";

interface Side {
  /** Whether a frame was about one of them; then it is done with. */
  takes(frame: ServerFrame, length: number): boolean;
  /** What a subscription says of them. The field tells the server that this page shows them. */
  position(): { beside?: readonly Position[] };
  /** The models that are asked beside the chosen one. */
  models(): { beside?: readonly Id[] };
  stop(): void;
}

export const side: Side = { takes: () => false, position: () => ({}), models: () => ({}), stop: () => undefined };

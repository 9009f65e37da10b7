import type { JSX } from "preact";
import type { Attempt } from "../core/protocol.ts";
import { WaitingWords } from "./rarely.ts";

export interface WaitingProps {
  attempt: Attempt | null;
  /** The server has the message. */
  sent: boolean;
  /** The name of the model that is asked, where it is known. */
  model: string | null;
}

/** Three dots at once; the words come when there is something to say. */
export function Waiting(props: WaitingProps): JSX.Element {
  return (
    <p class="waiting">
      <span class="dots" aria-hidden="true"><i /><i /><i /></span>
      <WaitingWords {...props} />
    </p>
  );
}

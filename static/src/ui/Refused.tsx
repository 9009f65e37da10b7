import type { JSX } from "preact";
import { putFiles } from "../app/attaching.ts";
import { resend, takeBack } from "../app/branching.ts";
import { filesOf, plainText } from "../core/message.ts";
import type { Message, Problem } from "../core/protocol.ts";
import { putIntoComposer } from "./draft.ts";
import { ProblemCard } from "./ProblemCard.tsx";

/** Under a message that the server did not take: why, and the ways on. */
export function Refused({ message, problem }: { message: Message; problem: Problem }): JSX.Element {
  function takeItBack(): void {
    takeBack(message.id);
    putIntoComposer(plainText(message.parts));
    putFiles(filesOf(message.parts));
  }
  return <ProblemCard problem={problem} retry={() => resend(message)} edit={takeItBack} trace={message.client_id} />;
}

import type { JSX } from "preact";
import type { Message, TransitionPart } from "../core/protocol.ts";
import { Icon } from "./Icon.tsx";

function sentence({ kind, from, to }: TransitionPart["data"]): string {
  if (kind === "agent") {
    if (to === null) return from === null ? "No agent from here" : `${from} has left`;
    return from === null ? `${to} answers from here` : `${to} takes over from ${from}`;
  }
  if (to === null) return "The team's default model answers from here";
  return from === null ? `${to} answers from here` : `${to} answers from here, in place of ${from}`;
}

/** A change of model or agent, where it happened. No model reads it. */
export function Transition({ message }: { message: Message }): JSX.Element {
  const changes = message.parts.filter((part) => part.type === "data-transition");
  return (
    <div class="transition" role="note" data-message={message.id}>
      {changes.map(({ data }, index) => (
        <p key={index}><Icon name={data.kind} />{sentence(data)}</p>
      ))}
    </div>
  );
}

import type { JSX } from "preact";
import type { Message, TransitionPart } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { Icon } from "./Icon.tsx";

function sentence({ kind, from, to }: TransitionPart["data"]): string {
  if (kind === "agent") {
    if (to === null) return from === null ? t("No agent from here") : t("{agent} has left", { agent: from });
    return from === null ? t("{name} answers from here", { name: to }) : t("{name} takes over from {other}", { name: to, other: from });
  }
  if (to === null) return t("The team's default model answers from here");
  return from === null ? t("{name} answers from here", { name: to }) : t("{name} answers from here, in place of {other}", { name: to, other: from });
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

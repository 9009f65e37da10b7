import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { resend, takeBack } from "../app/writing.ts";
import { plainText } from "../core/message.ts";
import type { ShownMessage } from "../core/thread.ts";
import { putIntoComposer } from "./draft.ts";
import { MessageEditing, ProblemCard, UserFoot } from "./rarely.ts";
import { editing } from "./screen.ts";

const LONG = 1_800;
const MANY_LINES = 24;

function isLong(text: string): boolean {
  return text.length > LONG || text.split("\n", MANY_LINES + 1).length > MANY_LINES;
}

/** A long message is folded: what was pasted is known, the answer is what one wants to see. */
function Bubble({ text }: { text: string }): JSX.Element {
  const [whole, setWhole] = useState(false);
  const long = isLong(text);
  return (
    <div class="bubble">
      <p class={long && !whole ? "folded" : undefined} dir="auto">{text}</p>
      {long && (
        <button type="button" class="unfold" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? "Show less" : "Show all"}
        </button>
      )}
    </div>
  );
}

/** What the reader wrote, as it was written: no Markdown. */
export function UserMessage({ message }: { message: ShownMessage }): JSX.Element {
  const text = plainText(message.parts);
  function takeItBack(): void {
    takeBack(message.id);
    putIntoComposer(text);
  }
  const inPlace = editing.value === message.id;
  return (
    <article class="user-message" data-message={message.id} data-delivery={message.delivery}>
      <h2 class="unseen">You</h2>
      {inPlace
        ? <MessageEditing message={message} />
        : <Bubble text={text} />}
      {!inPlace && message.delivery === undefined && <div class="user-foot" data-stay><UserFoot message={message} text={text} /></div>}
      {message.problem !== undefined && (
        <ProblemCard problem={message.problem} retry={() => resend(message.id, text)} edit={takeItBack} trace={message.client_id} />
      )}
    </article>
  );
}

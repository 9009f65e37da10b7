import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { owner } from "../app/store.ts";
import { plainText } from "../core/message.ts";
import { t } from "../core/t.ts";
import type { ShownMessage } from "../core/thread.ts";
import { writerOf } from "../core/together.ts";
import { person } from "../transport/own.ts";
import { MessageEditing, Refused, SentFiles, UserFoot } from "./rarely.ts";
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
          {whole ? t("Show less") : t("Show all")}
        </button>
      )}
    </div>
  );
}

/** What the reader wrote, or somebody who writes in the same chat, as it was written: no Markdown. */
export function UserMessage({ message }: { message: ShownMessage }): JSX.Element {
  const text = plainText(message.parts);
  const inPlace = editing.value === message.id;
  const writer = writerOf(message, person, owner.value);
  return (
    <article class="user-message" data-message={message.id} data-delivery={message.delivery}>
      <h2 class={writer === null ? "unseen" : "writer"} dir="auto">{writer ?? t("You")}</h2>
      {message.parts[0]?.type === "file" && <SentFiles parts={message.parts} />}
      {inPlace
        ? <MessageEditing message={message} />
        : text !== "" && <Bubble text={text} />}
      {!inPlace && message.delivery === undefined && <div class="user-foot" data-stay><UserFoot message={message} text={text} /></div>}
      {message.problem !== undefined && <Refused message={message} problem={message.problem} />}
    </article>
  );
}

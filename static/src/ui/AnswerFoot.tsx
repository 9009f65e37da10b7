import type { JSX } from "preact";
import { askAgain, isAbreast } from "../app/beside.ts";
import { rate } from "../app/branching.ts";
import { busy } from "../app/store.ts";
import { answeredBy } from "../core/message.ts";
import type { Message, Rating } from "../core/protocol.ts";
import { wordsOf } from "../core/question.ts";
import { t } from "../core/t.ts";
import { Branches } from "./Branches.tsx";
import { CopyButton } from "./CopyButton.tsx";
import { Icon } from "./Icon.tsx";
import { MessageMenuButton } from "./MessageMenuButton.tsx";
import { menu } from "./screen.ts";

function Thumb({ message, rating }: { message: Message; rating: Rating }): JSX.Element {
  const pressed = message.generation?.feedback?.rating === rating;
  const label = rating === "up" ? t("Good answer") : t("Bad answer");
  return (
    <button
      type="button" class={`action thumb ${rating}`} aria-label={label} title={label} aria-pressed={pressed}
      onClick={({ currentTarget }) => {
        rate(message, pressed ? null : { rating, reason: null });
        if (rating === "down" && !pressed) menu.value = { kind: "feedback", message, anchor: currentTarget };
      }}
    >
      <Icon name="thumb" />
    </button>
  );
}

/** What can be done with an answer that has ended. */
export function AnswerFoot({ message }: { message: Message }): JSX.Element {
  const text = wordsOf(message.parts);
  return (
    <>
      {!isAbreast(message) && <Branches message={message} />}
      {text !== "" && <CopyButton text={text} label={t("Copy answer")} />}
      <button
        type="button" class="action" aria-label={t("Answer again")} title={t("Answer again")} disabled={busy.value}
        onClick={() => askAgain(message)}
      >
        <Icon name="again" />
      </button>
      <MessageMenuButton kind="again" message={message} icon="chevron" label={t("Say what should be different")} disabled={busy.value} />
      {message.generation !== null && <><Thumb message={message} rating="up" /><Thumb message={message} rating="down" /></>}
      <MessageMenuButton kind="more" message={message} icon="more" label={t("More")} />
      {message.generation !== null && (
        <MessageMenuButton kind="details" message={message} icon="info" label={t("Details of this answer")} caption={answeredBy(message.generation)} />
      )}
    </>
  );
}

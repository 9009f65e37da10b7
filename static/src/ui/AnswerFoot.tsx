import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { askAgain, isAbreast } from "../app/beside.ts";
import { rate } from "../app/branching.ts";
import { busy } from "../app/store.ts";
import { answeredBy, plainText } from "../core/message.ts";
import type { Message, Rating } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import type { IconName } from "../render/icons.ts";
import { Branches } from "./Branches.tsx";
import { CopyButton } from "./CopyButton.tsx";
import { Icon } from "./Icon.tsx";
import { menu, type MenuKind } from "./screen.ts";

function MenuButton({ kind, message, icon, label, caption }: {
  kind: MenuKind; message: Message; icon: IconName; label: string; caption?: string | null;
}): JSX.Element {
  const wasOpen = useRef(false);
  const open = menu.value?.kind === kind && menu.value.message.id === message.id;
  return (
    <button
      type="button" class="action" aria-label={label} title={caption == null ? label : undefined} aria-expanded={open}
      aria-haspopup={kind === "details" ? "dialog" : "menu"}
      // A press outside of what is open closes it, before the click comes.
      onPointerDown={() => { wasOpen.current = open; }}
      onClick={({ currentTarget }) => {
        menu.value = wasOpen.current ? null : { kind, message, anchor: currentTarget };
        wasOpen.current = false;
      }}
    >
      <Icon name={icon} />
      {caption != null && <span class="action-label">{caption}</span>}
    </button>
  );
}

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
  const text = plainText(message.parts);
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
      {message.generation !== null && <><Thumb message={message} rating="up" /><Thumb message={message} rating="down" /></>}
      <MenuButton kind="more" message={message} icon="more" label={t("More")} />
      {message.generation !== null && (
        <MenuButton kind="details" message={message} icon="info" label={t("Details of this answer")} caption={answeredBy(message.generation)} />
      )}
    </>
  );
}

import type { JSX } from "preact";
import { rate } from "../app/branching.ts";
import { messages, notice } from "../app/store.ts";
import type { Message } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { menu } from "./screen.ts";

const REASONS: readonly (readonly [reason: string, label: string])[] = [
  ["incorrect", t("Not correct")],
  ["incomplete", t("Not complete")],
  ["ignored_instructions", t("Did not do what I asked")],
  ["too_long", t("Too long")],
  ["bad_style", t("Badly written")],
  ["refused", t("Refused without need")],
  ["unsafe", t("Harmful or unsafe")],
  ["other", t("Something else")],
];

/** Why an answer is bad. It is rated already; the reason is a favour. */
export function FeedbackMenu({ message }: { message: Message }): JSX.Element {
  return (
    <>
      <p class="menu-heading" role="presentation">{t("What is wrong with it?")}</p>
      {REASONS.map(([reason, label]) => (
        <button
          key={reason} type="button" role="menuitem" class="menu-item"
          onClick={() => {
            menu.value = null;
            rate(messages.peek().find(({ id }) => id === message.id) ?? message, { rating: "down", reason });
            notice.value = { text: t("Thank you. Your administrators see the reason, not the text.") };
          }}
        >
          {label}
        </button>
      ))}
    </>
  );
}

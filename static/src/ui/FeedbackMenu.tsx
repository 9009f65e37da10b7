import type { JSX } from "preact";
import { rate } from "../app/branching.ts";
import { messages, notice } from "../app/store.ts";
import type { Message } from "../core/protocol.ts";
import { menu } from "./screen.ts";

const REASONS: readonly (readonly [reason: string, label: string])[] = [
  ["incorrect", "Not correct"],
  ["incomplete", "Not complete"],
  ["ignored_instructions", "Did not do what I asked"],
  ["too_long", "Too long"],
  ["bad_style", "Badly written"],
  ["refused", "Refused without need"],
  ["unsafe", "Harmful or unsafe"],
  ["other", "Something else"],
];

/** Why an answer is bad. It is rated already; the reason is a favour. */
export function FeedbackMenu({ message }: { message: Message }): JSX.Element {
  return (
    <>
      <p class="menu-heading" role="presentation">What is wrong with it?</p>
      {REASONS.map(([reason, label]) => (
        <button
          key={reason} type="button" role="menuitem" class="menu-item"
          onClick={() => {
            menu.value = null;
            rate(messages.peek().find(({ id }) => id === message.id) ?? message, { rating: "down", reason });
            notice.value = { text: "Thank you. Your administrators see the reason, not the text." };
          }}
        >
          {label}
        </button>
      ))}
    </>
  );
}

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { isHeard, reply, replyTo } from "../app/replying.ts";
import type { Message } from "../core/protocol.ts";
import { chosenIn, type Option, type Question, replyOf } from "../core/question.ts";
import { t } from "../core/t.ts";
import { Icon } from "./Icon.tsx";
import { focusComposerUnlessTouched } from "./screen.ts";

function Words({ label, description }: Option): JSX.Element {
  return (
    <span class="question-words">
      <span class="question-label" dir="auto">{label}</span>
      {description !== "" && <small dir="auto">{description}</small>}
    </span>
  );
}

/** What was asked once it has been answered: in the words of an option, or in others. */
function Answered({ question, said }: { question: Question; said: string }): JSX.Element {
  const chosen = chosenIn(question, said);
  return (
    <ul class="question-options">
      {question.options.map((option, index) => (
        <li key={index} class={chosen.includes(index) ? "question-option chosen" : "question-option"}>
          <Words {...option} />
          {chosen.includes(index) && <><Icon name="check" /><span class="unseen">{t("Chosen")}</span></>}
        </li>
      ))}
    </ul>
  );
}

function One({ question, choose }: { question: Question; choose: (chosen: readonly number[]) => void }): JSX.Element {
  return (
    <div class="question-options">
      {question.options.map((option, index) => (
        <button key={index} type="button" class="question-option" disabled={!isHeard.value} onClick={() => choose([index])}>
          <Words {...option} />
        </button>
      ))}
    </div>
  );
}

function Several({ question, choose }: { question: Question; choose: (chosen: readonly number[]) => void }): JSX.Element {
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const without = (index: number): readonly number[] => chosen.filter((other) => other !== index);
  return (
    <form
      class="question-options"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.length > 0) choose(chosen);
      }}
    >
      {question.options.map((option, index) => (
        <label key={index} class="question-option">
          <input
            type="checkbox" checked={chosen.includes(index)}
            onChange={({ currentTarget }) => setChosen(currentTarget.checked ? [...without(index), index] : without(index))}
          />
          <Words {...option} />
        </label>
      ))}
      <button type="submit" class="button" disabled={chosen.length === 0 || !isHeard.value}>{t("Send choice")}</button>
    </form>
  );
}

/** A question of the model to the person. `name`: an id that is the page's only one. */
export function QuestionCard({ message, question, name }: { message: Message; question: Question; name: string }): JSX.Element {
  const said = replyTo(message.id);
  const choose = (chosen: readonly number[]): void => {
    // What was pressed is no button any more.
    focusComposerUnlessTouched();
    reply(message, replyOf(question, chosen));
  };
  return (
    <div class={said === null ? "question" : "question answered"} role="group" aria-labelledby={name}>
      <p class="question-text" id={name} dir="auto">{question.text}</p>
      {said !== null ? <Answered question={question} said={said} />
        : question.several ? <Several question={question} choose={choose} /> : <One question={question} choose={choose} />}
      {said === null && (
        <p class="note">{question.several ? t("Choose as many as fit, or write your own answer.") : t("Choose one, or write your own answer.")}</p>
      )}
    </div>
  );
}

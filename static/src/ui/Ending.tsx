import type { JSX } from "preact";
import { askAgain, goOn } from "../app/beside.ts";
import { session } from "../app/store.ts";
import { answeredBy, sourcesOf } from "../core/message.ts";
import type { Generation, Message, Problem } from "../core/protocol.ts";
import { questionsOf } from "../core/question.ts";
import { t } from "../core/t.ts";
import { AnswerFoot } from "./AnswerFoot.tsx";
import { ProblemCard } from "./ProblemCard.tsx";
import { QuestionCard } from "./QuestionCard.tsx";
import { editing } from "./screen.ts";
import { Sources } from "./Sources.tsx";
import { Threads } from "./Threads.tsx";

/** What marks an answer that was written anew by hand. */
function editedNote({ parts }: Message): string | null {
  const mark = parts.find((part) => part.type === "data-edited");
  if (mark === undefined) return null;
  // Of several it is not said who.
  if (session.value?.guest === true || session.value?.joint === true) {
    return mark.data.model === null ? t("Edited by hand.") : t("Edited by hand, after {model}.", { model: mark.data.model });
  }
  return mark.data.model === null ? t("Edited by you.") : t("Edited by you, after {model}.", { model: mark.data.model });
}

const INTERRUPTED: Problem = {
  code: "generation_interrupted",
  text: t("The server was restarted while this answer was being written. What came so far is kept."),
  retryable: true,
  retry_after: null,
};

function problemOf(generation: Generation | null): Problem | null {
  if (generation?.status === "interrupted") return generation.error ?? INTERRUPTED;
  if (generation?.status !== "failed") return null;
  return generation.error ?? { code: "model_call_failed", text: t("The model could not answer."), retryable: true, retry_after: null };
}

function noteOf(message: Message): string | null {
  const { generation, parts } = message;
  if (generation === null) return editedNote(message);
  if (generation.status === "stopped") return t("Stopped.");
  const before = generation.metadata.tried?.[0];
  if (generation.status === "completed" && before !== undefined) {
    return t("{model} could not answer; {other} did.", { model: before.model, other: answeredBy(generation) ?? t("another model") });
  }
  if (generation.finish_reason === "length") return t("The answer has reached its length limit and ends here.");
  if (generation.finish_reason === "tool-calls") return t("The answer ends where the model asked for a tool.");
  if (generation.status === "completed" && parts.length === 0) return t("The model said nothing.");
  if (generation.finish_reason === "content-filter") return t("The provider's content filter ended this answer.");
  return null;
}

/** It broke off, and there is text to go on from. */
function canContinue({ generation, parts }: Message): boolean {
  const brokeOff = generation?.status === "stopped" || generation?.status === "failed" || generation?.status === "interrupted";
  return brokeOff && parts.some((part) => part.type === "text" && part.text !== "");
}

/** How an answer ended, and what can be done with it. */
export function Ending({ message }: { message: Message }): JSX.Element {
  const problem = problemOf(message.generation);
  const note = noteOf(message);
  const further = canContinue(message) ? () => goOn(message) : undefined;
  const sources = sourcesOf(message.parts);
  return (
    <>
      {sources.length > 0 && <Sources sources={sources} />}
      {questionsOf(message.parts).map((question, index) => (
        <QuestionCard key={index} message={message} question={question} name={`question-${message.id}-${index}`} />
      ))}
      {note !== null && (
        <p class="note">
          {note} {further !== undefined && <button type="button" class="note-action" onClick={further}>{t("Continue")}</button>}
        </p>
      )}
      {problem !== null && (
        <ProblemCard
          problem={problem} retry={(model) => askAgain(message, model, message.generation?.guidance)} goOn={further} edit={() => { editing.value = message.parent; }}
          trace={message.generation?.id} failed={message.generation?.metadata.model?.id ?? message.generation?.model?.id}
        />
      )}
      <div class="answer-foot" data-stay><AnswerFoot message={message} /></div>
      <Threads message={message} />
    </>
  );
}

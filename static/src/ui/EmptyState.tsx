import type { JSX } from "preact";
import { agent, newIn, startProblem, studio } from "../app/store.ts";
import { send } from "../app/writing.ts";
import { Icon } from "./Icon.tsx";
import { Mark } from "./Mark.tsx";
import { ProblemCard } from "./rarely.ts";
import { focusComposerUnlessTouched } from "./screen.ts";
import { t } from "../core/t.ts";

const MOST = 4;

function greeting(name: string): string {
  const hour = new Date().getHours();
  const part = hour < 5 ? t("Good night") : hour < 12 ? t("Good morning") : hour < 18 ? t("Good afternoon") : t("Good evening");
  return name === "" ? `${part}.` : `${part}, ${name}.`;
}

function begin(text: string): void {
  void send(text);
  focusComposerUnlessTouched();
}

/** A new chat: who will answer, and a few ways to begin. */
export function EmptyState(): JSX.Element {
  const known = studio.value;
  const face = agent.value;
  const problem = startProblem.value ?? known?.unavailable ?? null;
  const starters = (face !== null && face.starters.length > 0 ? face.starters : (known?.starters ?? [])).slice(0, MOST);
  return (
    <div class="thread-area empty">
      <div class="empty-inner">
        <div class="empty-mark" aria-hidden="true">{face?.icon ? face.icon : <Mark />}</div>
        <h1>{face?.name ?? (known === null ? " " : greeting(known.user.name))}</h1>
        {newIn.value !== null && <p class="empty-folder"><Icon name="folder" />{newIn.value.name}</p>}
        <p class="empty-about">{face?.description ?? t("What would you like to work on?")}</p>
        {problem !== null && <ProblemCard problem={problem} retry={() => location.reload()} />}
        {problem === null && starters.length > 0 && (
          <ul class="starters">
            {starters.map((text) => (
              <li key={text}><button type="button" onClick={() => begin(text)}>{text}</button></li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

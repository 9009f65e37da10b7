import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { adviceFor, type Remedy } from "../core/advice.ts";
import type { Id, Problem } from "../core/protocol.ts";
import { said, t } from "../core/t.ts";
import { go } from "../app/routing.ts";
import { notice, offered, studio } from "../app/store.ts";
import { copy } from "../render/clipboard.ts";
import { Icon } from "./Icon.tsx";
import { addresses, focusComposer, picker } from "./screen.ts";

interface Props {
  problem: Problem;
  /** `model`: asked this once, in place of the chosen one. */
  retry?: ((model?: Id) => void) | undefined;
  edit?: (() => void) | undefined;
  /** Where there is something to go on from. */
  goOn?: (() => void) | undefined;
  /** What an administrator finds it by. */
  trace?: string | null | undefined;
  /** The model that failed: another one is offered. */
  failed?: Id | undefined;
}

interface Action {
  label: string;
  perform?: () => void;
  address?: string;
  /** Only then it helps: in seconds from when the problem was shown. */
  after?: number;
}

function choose(kind: "model" | "agent"): Action {
  return { label: kind === "model" ? t("Choose another model") : t("Choose another agent"), perform: () => { picker.value = kind; } };
}

// One click, where it is clear what it would do: another provider's model rather than one of the same.
function otherModels({ retry, failed }: Props): Action[] {
  const models = offered.value?.models ?? [];
  const provider = models.find(({ id }) => id === failed)?.provider;
  const others = models.filter(({ id }) => id !== failed);
  const other = others.find((model) => model.provider !== provider) ?? others[0];
  if (failed === undefined || other === undefined || retry === undefined) return [choose("model")];
  return [{ label: t("Ask {model}", { model: other.name }), perform: () => retry(other.id) }, choose("model")];
}

function admin({ problem, trace }: Props): Action {
  if (studio.value?.user.is_admin === true) return { label: t("Open the admin"), address: addresses.admin };
  const report = [problem.text, `Code: ${problem.code}`, `Trace id: ${trace ?? "none"}`, `Time: ${new Date().toISOString()}`].join("\n");
  return {
    label: t("Copy for your administrator"),
    perform: () => void copy(report).then((done) => { if (done) notice.value = { text: t("Copied. Send it to your administrator.") }; }),
  };
}

function actionsFor(remedy: Remedy, props: Props): Action[] {
  const { problem, retry, edit, goOn } = props;
  switch (remedy) {
    case "retry":
      return retry === undefined ? [] : [{ label: t("Try again"), perform: () => retry(), after: problem.retry_after ?? 0 }];
    case "continue":
      return goOn === undefined ? [] : [{ label: t("Continue"), perform: goOn }];
    case "edit":
      return edit === undefined ? [] : [{ label: t("Edit the message"), perform: edit }];
    case "choose-model":
      return otherModels(props);
    case "choose-agent":
      return [choose("agent")];
    case "new-chat":
      return [{ label: t("Start a new chat"), perform: () => { go(null); focusComposer(); } }];
    case "admin":
      return [admin(props)];
    case "reload":
      return [{ label: t("Reload"), perform: () => location.reload() }];
    case "sign-in":
      return [{ label: t("Sign in"), address: addresses.signIn }];
  }
}

function useCountdown(seconds: number): number {
  const [left, setLeft] = useState(() => Math.ceil(seconds));
  useEffect(() => {
    if (left <= 0) return undefined;
    const timer = setTimeout(() => setLeft(left - 1), 1_000);
    return () => clearTimeout(timer);
  }, [left]);
  return left;
}

function ActionButton({ action, first }: { action: Action; first: boolean }): JSX.Element {
  const look = first ? "button" : "button quiet";
  const left = useCountdown(action.after ?? 0);
  if (action.address !== undefined) return <a class={look} href={action.address}>{action.label}</a>;
  return (
    <button type="button" class={look} disabled={left > 0} onClick={action.perform}>
      {left > 0 ? t("{action} in {left} s", { action: action.label, left }) : action.label}
    </button>
  );
}

/** What went wrong, in the place where it did, with what helps. */
export function ProblemCard(props: Props): JSX.Element {
  const { title, remedies } = adviceFor(props.problem);
  const actions = remedies.flatMap((remedy) => actionsFor(remedy, props));
  return (
    <div class="problem" role="group" aria-label={title} data-code={props.problem.code}>
      <Icon name="alert" />
      <div>
        <p class="problem-title">{title}</p>
        <p>{said(props.problem)}</p>
        {props.trace != null && <p class="problem-trace">{t("Trace id")} <code>{props.trace}</code></p>}
        {actions.length > 0 && (
          <div class="problem-actions">
            {actions.map((action, index) => <ActionButton key={action.label} action={action} first={index === 0} />)}
          </div>
        )}
      </div>
    </div>
  );
}

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Session } from "../../core/protocol.ts";
import { copy } from "../../render/clipboard.ts";
import { RequestFailed } from "../../transport/rest.ts";
import { endShare, getShares, share, type Share, type Terms } from "../../transport/sharing.ts";
import { Icon } from "../Icon.tsx";

const DAY = 86_400_000;
const COPIED_FOR = 1_600;
const dates = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

function termsOf({ audience, live, expires_at }: Share): string {
  const who = audience === "team" ? "Your team" : "Anyone with the link";
  const what = live ? "with what comes later" : "as it was then";
  const ended = expires_at !== null && new Date(expires_at).getTime() < Date.now();
  const until = expires_at === null ? "" : `${ended ? "ended" : "until"} ${dates.format(new Date(expires_at))}`;
  return [who, what, until].filter((part) => part !== "").join(" · ");
}

function Row({ link, end }: { link: Share; end(): void }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const address = new URL(link.path, location.origin).href;
  async function onCopy(): Promise<void> {
    if (!(await copy(address))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_FOR);
  }
  return (
    <li class="share-row">
      <input class="share-address" type="text" readOnly value={address} aria-label="Address of the link" onFocus={(event) => event.currentTarget.select()} />
      <button type="button" class="action" aria-label={copied ? "Copied" : "Copy the link"} title="Copy" onClick={() => void onCopy()}>
        <Icon name={copied ? "check" : "copy"} />
      </button>
      <button type="button" class="action" aria-label="End the link" title="End the link" onClick={end}><Icon name="trash" /></button>
      <small>{termsOf(link)}</small>
    </li>
  );
}

function Choice({ name, label, options }: { name: string; label: string; options: Readonly<Record<string, string>> }): JSX.Element {
  return (
    <label class="field"><span>{label}</span>
      <select name={name}>{Object.entries(options).map(([value, shown]) => <option key={value} value={value}>{shown}</option>)}</select>
    </label>
  );
}

function termsIn(form: FormData): Terms {
  const days = Number(form.get("days"));
  return {
    audience: form.get("audience") === "anyone" ? "anyone" : "team",
    live: form.get("live") === "yes",
    expires_at: days === 0 ? null : new Date(Date.now() + days * DAY).toISOString(),
  };
}

/** The links to a chat, and a new one. */
export function Sharing({ session }: { session: Session }): JSX.Element {
  const [links, setLinks] = useState<readonly Share[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  async function attempt(request: () => Promise<readonly Share[]>): Promise<void> {
    try {
      setLinks(await request());
      setProblem(null);
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      setProblem(error.problem.text);
    }
  }
  const read = async (): Promise<readonly Share[]> => (await getShares(session.id)).shares;
  useEffect(() => void attempt(read), [session.id]);

  function make(event: SubmitEvent): void {
    event.preventDefault();
    const terms = termsIn(new FormData(event.currentTarget as HTMLFormElement));
    void attempt(async () => {
      await share(session.id, terms);
      return read();
    });
  }
  async function end(link: Share): Promise<readonly Share[]> {
    await endShare(link.id);
    return links.filter((other) => other.id !== link.id);
  }
  return (
    <form class="dialog-form" onSubmit={make}>
      <p class="dialog-note">Others can read what was said: no instructions, no costs, no other branches. They can't answer.</p>
      <ul class="shares">{links.map((link) => <Row key={link.id} link={link} end={() => void attempt(() => end(link))} />)}</ul>
      <div class="field-row">
        <Choice name="audience" label="Who can read it" options={{ team: "Your team", anyone: "Anyone with the link" }} />
        <Choice name="live" label="What they see" options={{ no: "The chat as it is now", yes: "What comes later too" }} />
        <Choice name="days" label="Until" options={{ 0: "I end it", 1: "Tomorrow", 7: "In a week", 30: "In a month" }} />
      </div>
      {problem !== null && <p class="field-problem" role="alert">{problem}</p>}
      <div class="dialog-actions"><button type="submit" class="button">Make a link</button></div>
    </form>
  );
}

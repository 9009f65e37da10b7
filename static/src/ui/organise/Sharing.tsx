import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { locale, said, t } from "../../core/t.ts";
import { copy } from "../../render/clipboard.ts";
import { RequestFailed } from "../../transport/rest.ts";
import { endShare, getShares, share, type Share, type Shared, type Terms } from "../../transport/sharing.ts";
import { Icon } from "../Icon.tsx";

const DAY = 86_400_000;
const COPIED_FOR = 1_600;
const dates = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });

function termsOf({ audience, live, expires_at }: Share, isFolder: boolean): string {
  const who = audience === "team" ? t("Your team") : t("Anyone with the link");
  const what = isFolder ? "" : live ? t("with what comes later") : t("as it was then");
  const ended = expires_at !== null && new Date(expires_at).getTime() < Date.now();
  const date = expires_at === null ? "" : dates.format(new Date(expires_at));
  const until = expires_at === null ? "" : ended ? t("ended {date}", { date }) : t("until {date}", { date });
  return [who, what, until].filter((part) => part !== "").join(" · ");
}

function Row({ link, isFolder, end }: { link: Share; isFolder: boolean; end(): void }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const address = new URL(link.path, location.origin).href;
  async function onCopy(): Promise<void> {
    if (!(await copy(address))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_FOR);
  }
  return (
    <li class="share-row">
      <input class="share-address" type="text" readOnly value={address} aria-label={t("Address of the link")} onFocus={(event) => event.currentTarget.select()} />
      <button type="button" class="action" aria-label={copied ? t("Copied") : t("Copy the link")} title={t("Copy")} onClick={() => void onCopy()}>
        <Icon name={copied ? "check" : "copy"} />
      </button>
      <button type="button" class="action" aria-label={t("End the link")} title={t("End the link")} onClick={end}><Icon name="trash" /></button>
      <small>{termsOf(link, isFolder)}</small>
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

function termsIn(form: FormData, isFolder: boolean): Terms {
  const days = Number(form.get("days"));
  return {
    audience: form.get("audience") === "anyone" ? "anyone" : "team",
    live: isFolder || form.get("live") === "yes",
    expires_at: days === 0 ? null : new Date(Date.now() + days * DAY).toISOString(),
  };
}

/** The links to a chat, or to what lies in a folder, and a new one. */
export function Sharing({ shared }: { shared: Shared }): JSX.Element {
  const isFolder = shared.startsWith("folders/");
  const [links, setLinks] = useState<readonly Share[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  async function attempt(request: () => Promise<readonly Share[]>): Promise<void> {
    try {
      setLinks(await request());
      setProblem(null);
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      setProblem(said(error.problem));
    }
  }
  const read = async (): Promise<readonly Share[]> => (await getShares(shared)).shares;
  useEffect(() => void attempt(read), [shared]);

  function make(event: SubmitEvent): void {
    event.preventDefault();
    const terms = termsIn(new FormData(event.currentTarget as HTMLFormElement), isFolder);
    void attempt(async () => {
      await share(shared, terms);
      return read();
    });
  }
  async function end(link: Share): Promise<readonly Share[]> {
    await endShare(link.id);
    return read();
  }
  return (
    <form class="dialog-form" onSubmit={make}>
      <p class="dialog-note">
        {t("Others can read what was said: no instructions, no costs, no other branches. They can't answer.")}
        {isFolder && ` ${t("Each chat in this folder and in the folders in it is shown, also those that come later; not archived ones.")}`}
      </p>
      <ul class="shares">{links.map((link) => <Row key={link.id} link={link} isFolder={isFolder} end={() => void attempt(() => end(link))} />)}</ul>
      <div class="field-row">
        <Choice name="audience" label={t("Who can read it")} options={{ team: t("Your team"), anyone: t("Anyone with the link") }} />
        {!isFolder && <Choice name="live" label={t("What they see")} options={{ no: t("The chat as it is now"), yes: t("What comes later too") }} />}
        <Choice name="days" label={t("Until")} options={{ 0: t("I end it"), 1: t("Tomorrow"), 7: t("In a week"), 30: t("In a month") }} />
      </div>
      {problem !== null && <p class="field-problem" role="alert">{problem}</p>}
      <div class="dialog-actions"><button type="submit" class="button">{t("Make a link")}</button></div>
    </form>
  );
}

// The settings page works without this: it shows a choice of colours at once, and asks the browser for notifications.

import { t } from "./core/t.ts";


const root = document.documentElement.dataset;

function field(name: string): HTMLSelectElement | null {
  return document.querySelector<HTMLSelectElement>(`#id_preferences-${name}`);
}

for (const name of ["theme", "density"]) {
  const select = field(name);
  select?.addEventListener("change", () => { root[name] = select.value; });
}

const notifications = field("notifications");
const told = document.querySelector<HTMLElement>("#permission");
const allow = document.querySelector<HTMLButtonElement>("#allow");

const SENTENCES: Readonly<Record<string, string>> = {
  denied: t("This browser does not let Chat Studio notify you. Change that in its settings for this site."),
  default: t("This browser has not been asked yet."),
  missing: t("This browser knows no notifications."),
};

function show(): void {
  const state = "Notification" in window ? Notification.permission : "missing";
  const sentence = notifications?.value === "hidden" ? SENTENCES[state] : undefined;
  if (told !== null) {
    told.hidden = sentence === undefined;
    told.textContent = sentence ?? "";
  }
  if (allow !== null) allow.hidden = sentence === undefined || state !== "default";
}

async function ask(): Promise<void> {
  show();
  if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
  show();
}

notifications?.addEventListener("change", () => {
  if (notifications.value === "hidden") void ask();
  else show();
});
allow?.addEventListener("click", () => void ask());
show();

export {};

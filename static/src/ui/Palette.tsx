import type { JSX } from "preact";
import { askAgain, compare, merge, mergeable } from "../app/beside.ts";
import { chooseAgent, chooseEffort, chooseModel } from "../app/choosing.ts";
import { prompts } from "../app/prompts.ts";
import { go } from "../app/routing.ts";
import { busy, effective, messages, notice, offered, openSession, sessions, studio } from "../app/store.ts";
import { stop } from "../app/writing.ts";
import { PRESETS } from "../core/guidance.ts";
import { isListed } from "../core/sessions.ts";
import { wordsOf } from "../core/question.ts";
import { t } from "../core/t.ts";
import { copy } from "../render/clipboard.ts";
import type { IconName } from "../render/icons.ts";
import { draft } from "./draft.ts";
import { efforts } from "./EffortPicker.tsx";
import { aboutEffort, nameOfEffort } from "./efforts.ts";
import { Icon } from "./Icon.tsx";
import { type Option, PickerList } from "./PickerList.tsx";
import { density } from "./preferring.ts";
import { saveAsPrompt, showPrompts, useAtCaret } from "./prompts/tasks.ts";
import { addresses, dialog, focusComposer, searching, sendKey, theme } from "./screen.ts";
import { titleOf } from "./SessionRow.tsx";
import { newChat } from "./Sidebar.tsx";

interface Command extends Option {
  perform(): void;
}

function command(id: string, icon: IconName, name: string, perform: () => void, group = "", about = ""): Command {
  return { id, name, group, about, face: <Icon name={icon} />, notes: [], perform };
}

async function copyLast(text: string): Promise<void> {
  if (await copy(text)) notice.value = { text: t("The last answer is copied.") };
}

function doing(): Command[] {
  const last = messages.value.findLast(({ role }) => role === "assistant");
  const dark = theme.value === "dark";
  return [
    command("new", "add", t("New chat"), () => newChat()),
    command("search", "search", t("Search your chats"), () => { searching.value = true; }),
    ...(busy.value ? [command("stop", "stop", t("Stop the answer"), stop)] : []),
    ...(last === undefined || busy.value ? [] : [
      command("copy", "copy", t("Copy the last answer"), () => void copyLast(wordsOf(last.parts))),
      command("again", "again", t("Answer again"), () => askAgain(last)),
      ...PRESETS.map(({ name, words }) => (
        command(`again ${name}`, "again", t("Answer again: {how}", { how: name.toLowerCase() }), () => askAgain(last, undefined, words))
      )),
      ...(mergeable.value.length === 0 ? [] : [command("merge", "merge", t("Merge into one"), () => merge(), t("Side by side"))]),
    ]),
    ...(openSession.value === null ? [] : [command("map", "fork", t("Map of branches"), () => { dialog.value = "map"; })]),
    command("prompts", "bookmark", t("Saved prompts"), showPrompts),
    ...(draft.value.trim() === "" ? [] : [command("save-prompt", "bookmark", t("Save what is written as a prompt"), () => saveAsPrompt(draft.peek()))]),
    command("theme", dark ? "sun" : "moon", dark ? t("Light colours") : t("Dark colours"), () => { theme.value = dark ? "light" : "dark"; }),
    command("density", "menu", density.value === "compact" ? t("Comfortable spacing") : t("Compact spacing"), () => {
      density.value = density.peek() === "compact" ? "comfortable" : "compact";
    }),
    command("send-key", "send", sendKey.value === "enter" ? t("Send with Ctrl+Enter") : t("Send with Enter"), () => {
      sendKey.value = sendKey.peek() === "enter" ? "ctrl-enter" : "enter";
    }),
    command("shortcuts", "info", t("Keyboard shortcuts"), () => { dialog.value = "shortcuts"; }),
    ...(addresses.schedules === "" ? [] : [command("schedules", "clock", t("Scheduled prompts"), () => { location.href = addresses.schedules; })]),
    command("settings", "settings", t("Settings"), () => { location.href = addresses.settings; }),
    ...(studio.value?.user.is_admin === true ? [command("admin", "tool", t("Admin"), () => { location.href = addresses.admin; })] : []),
  ];
}

function thinking(): Command[] {
  const levels = efforts();
  if (levels.length === 0) return [];
  const toChoose = levels.map((effort) => [effort, nameOfEffort(effort).toLowerCase(), aboutEffort(effort)] as const);
  return [[null, t("Automatic").toLowerCase(), t("As the agent has it, or the model.")] as const, ...toChoose].map(([effort, name, about]) =>
    command(`effort-${effort}`, "thought", t("Thinking: {effort}", { effort: name }), () => chooseEffort(effort), "", about));
}

function commands(): Command[] {
  const { models = [], agents = [] } = offered.value ?? {};
  const chats = sessions.value.filter(isListed);
  return [
    ...doing(),
    ...thinking(),
    ...chats.map((session) => command(session.id, "chat", titleOf(session), () => go(session.id), t("Chats"))),
    ...models.map(({ id, name, provider }) => command(id, "model", name, () => chooseModel(id), t("Models"), provider)),
    ...models.filter(({ id }) => id !== effective.value.model?.id).map(({ id, name, provider }) => (
      command(`beside ${id}`, "add", t("Ask {model} as well, side by side", { model: name }), () => compare(id), t("Side by side"), provider)
    )),
    ...agents.map(({ id, name, description }) => command(id, "agent", name, () => chooseAgent(id), t("Agents"), description)),
    ...prompts.value.map((prompt) => command(prompt.id, "bookmark", `/${prompt.name}`, () => useAtCaret(prompt), t("Saved prompts"), prompt.title)),
  ];
}

/** Everything that can be done from here, by a word of it. */
export function Palette(): JSX.Element {
  const all = commands();
  return (
    <PickerList
      kind="command" label={t("Search commands, chats, models, agents and prompts")} options={all} selected={null}
      choose={(id) => {
        dialog.value = null;
        focusComposer();
        all.find((one) => one.id === id)?.perform();
      }}
      close={() => { if (dialog.peek() === "palette") dialog.value = null; }}
    />
  );
}

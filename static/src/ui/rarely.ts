// The components of rare.ts, for those who show them, and what they do for others once they are there.

import { arriving, lazily } from "./lazily.tsx";
import { addresses } from "./screen.ts";

type Rare = typeof import("./rare.ts");

const rare = arriving<Rare>(() => import("./rare.ts"));

export const AttachButton = lazily(rare, (code) => code.AttachButton);
export const Attaching = lazily(rare, (code) => code.Attaching);
export const AgentList = lazily(rare, (code) => code.AgentList);
export const AnswerEditing = lazily(rare, (code) => code.AnswerEditing);
export const Banner = lazily(rare, (code) => code.Banner);
export const Columns = lazily(rare, (code) => code.Columns);
export const CompletionList = lazily(rare, (code) => code.CompletionList);
export const Dialogs = lazily(rare, (code) => code.Dialogs);
export const EffortPicker = lazily(rare, (code) => code.EffortPicker);
export const Ending = lazily(rare, (code) => code.Ending);
export const Folders = lazily(rare, (code) => code.Folders);
export const Gauge = lazily(rare, (code) => code.Gauge);
export const Joint = lazily(rare, (code) => code.Joint);
export const KeptFor = lazily(rare, (code) => code.KeptFor);
export const Limit = lazily(rare, (code) => code.Limit);
export const LostModel = lazily(rare, (code) => code.LostModel);
export const MessageEditing = lazily(rare, (code) => code.MessageEditing);
export const Missing = lazily(rare, (code) => code.Missing);
export const ModelList = lazily(rare, (code) => code.ModelList);
export const NoticeBar = lazily(rare, (code) => code.NoticeBar);
export const Organiser = lazily(rare, (code) => code.Organiser);
export const Overlay = lazily(rare, (code) => code.Overlay);
export const ProblemCard = lazily(rare, (code) => code.ProblemCard);
export const QueueList = lazily(rare, (code) => code.QueueList);
export const QuoteButton = lazily(rare, (code) => code.QuoteButton);
export const Refused = lazily(rare, (code) => code.Refused);
export const SelectionBar = lazily(rare, (code) => code.SelectionBar);
export const Summarised = lazily(rare, (code) => code.Summarised);
export const Temporary = lazily(rare, (code) => code.Temporary);
export const SentFiles = lazily(rare, (code) => code.SentFiles);
export const TitleField = lazily(rare, (code) => code.TitleField);
export const ToolCall = lazily(rare, (code) => code.ToolCall);
export const Transition = lazily(rare, (code) => code.Transition);
export const UserFoot = lazily(rare, (code) => code.UserFoot);
export const WaitingWords = lazily(rare, (code) => code.WaitingWords);

/** What the composer can do without at first. */
export const later: Pick<Rare, "onComposerKey" | "takeFiles"> & { enqueue: Rare["enqueueMessage"] } = {
  onComposerKey: () => false,
  enqueue: () => false,
  takeFiles: () => [],
};

async function start(): Promise<void> {
  const { enqueueMessage, onComposerKey, startRare, takeFiles } = await rare.load();
  Object.assign(later, { onComposerKey, takeFiles, enqueue: enqueueMessage });
  startRare(addresses.preview);
}

/** Loads them when the page has nothing else to do, so that they are there without a network too. */
export function startRarities(): void {
  const when = window.requestIdleCallback ?? setTimeout;
  when(() => void start().catch(() => window.addEventListener("online", () => void start(), { once: true })));
}

// The components of rare.ts, for those who show them, and what they do for others once they are there.

import { lazily } from "./lazily.tsx";
import { addresses } from "./screen.ts";

type Rare = typeof import("./rare.ts");

const rare = (): Promise<Rare> => import("./rare.ts");

export const AttachButton = lazily(async () => (await rare()).AttachButton);
export const Attaching = lazily(async () => (await rare()).Attaching);
export const AgentList = lazily(async () => (await rare()).AgentList);
export const AnswerEditing = lazily(async () => (await rare()).AnswerEditing);
export const Banner = lazily(async () => (await rare()).Banner);
export const Columns = lazily(async () => (await rare()).Columns);
export const CompletionList = lazily(async () => (await rare()).CompletionList);
export const Dialogs = lazily(async () => (await rare()).Dialogs);
export const EffortPicker = lazily(async () => (await rare()).EffortPicker);
export const Ending = lazily(async () => (await rare()).Ending);
export const Folders = lazily(async () => (await rare()).Folders);
export const Gauge = lazily(async () => (await rare()).Gauge);
export const KeptFor = lazily(async () => (await rare()).KeptFor);
export const Limit = lazily(async () => (await rare()).Limit);
export const LostModel = lazily(async () => (await rare()).LostModel);
export const MessageEditing = lazily(async () => (await rare()).MessageEditing);
export const Missing = lazily(async () => (await rare()).Missing);
export const ModelList = lazily(async () => (await rare()).ModelList);
export const NoticeBar = lazily(async () => (await rare()).NoticeBar);
export const Organiser = lazily(async () => (await rare()).Organiser);
export const Overlay = lazily(async () => (await rare()).Overlay);
export const ProblemCard = lazily(async () => (await rare()).ProblemCard);
export const QueueList = lazily(async () => (await rare()).QueueList);
export const QuoteButton = lazily(async () => (await rare()).QuoteButton);
export const Refused = lazily(async () => (await rare()).Refused);
export const SelectionBar = lazily(async () => (await rare()).SelectionBar);
export const Summarised = lazily(async () => (await rare()).Summarised);
export const Temporary = lazily(async () => (await rare()).Temporary);
export const SentFiles = lazily(async () => (await rare()).SentFiles);
export const TitleField = lazily(async () => (await rare()).TitleField);
export const ToolCall = lazily(async () => (await rare()).ToolCall);
export const Transition = lazily(async () => (await rare()).Transition);
export const UserFoot = lazily(async () => (await rare()).UserFoot);
export const WaitingWords = lazily(async () => (await rare()).WaitingWords);

/** What the composer can do without at first. */
export const later: Pick<Rare, "onComposerKey" | "takeFiles"> & { enqueue: Rare["enqueueMessage"] } = {
  onComposerKey: () => false,
  enqueue: () => false,
  takeFiles: () => [],
};

async function start(): Promise<void> {
  const { enqueueMessage, onComposerKey, startRare, takeFiles } = await rare();
  Object.assign(later, { onComposerKey, takeFiles, enqueue: enqueueMessage });
  startRare(addresses.preview);
}

/** Loads them when the page has nothing else to do, so that they are there without a network too. */
export function startRarities(): void {
  const when = window.requestIdleCallback ?? setTimeout;
  when(() => void start().catch(() => window.addEventListener("online", () => void start(), { once: true })));
}

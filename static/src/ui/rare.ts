// What the first sight of the page does without, in one file that is loaded after it.

export { enqueueMessage } from "../app/queueing.ts";
export { onComposerKey } from "./composerKeys.ts";
export { AgentList, ModelList } from "./choices.tsx";
export { CompletionList } from "./CompletionList.tsx";
export { Dialogs } from "./Dialogs.tsx";
export { AnswerEditing, MessageEditing } from "./editings.tsx";
export { Ending } from "./Ending.tsx";
export { Gauge } from "./Gauge.tsx";
export { KeptFor } from "./KeptFor.tsx";
export { LostModel } from "./LostModel.tsx";
export { NoticeBar } from "./NoticeBar.tsx";
export { Organiser } from "./organise/Organiser.tsx";
export { SelectionBar } from "./organise/SelectionBar.tsx";
export { Overlay } from "./Overlay.tsx";
export { ProblemCard } from "./ProblemCard.tsx";
export { QueueList } from "./QueueList.tsx";
export { QuoteButton } from "./QuoteButton.tsx";
export { startRare } from "./starting.ts";
export { Temporary } from "./Temporary.tsx";
export { TitleField } from "./TitleField.tsx";
export { ToolCall } from "./ToolCall.tsx";
export { UserFoot } from "./UserFoot.tsx";
export { WaitingWords } from "./WaitingWords.tsx";

// What the first sight of the page does without, in one file that is loaded after it.

import "../render/rareIcons.ts";

export { takeFiles } from "../app/attaching.ts";
export { enqueueMessage } from "../app/queueing.ts";
export { onComposerKey } from "./composerKeys.ts";
export { AgentList, ModelList } from "./choices.tsx";
export { Banner } from "./Banner.tsx";
export { CompletionList } from "./CompletionList.tsx";
export { AttachButton } from "./attach/AttachButton.tsx";
export { Attaching } from "./attach/Attaching.tsx";
export { SentFiles } from "./attach/SentFiles.tsx";
export { Dialogs } from "./Dialogs.tsx";
export { AnswerEditing, MessageEditing } from "./editings.tsx";
export { EffortPicker } from "./EffortPicker.tsx";
export { Ending } from "./Ending.tsx";
export { Gauge } from "./Gauge.tsx";
export { KeptFor } from "./KeptFor.tsx";
export { Limit } from "./Limit.tsx";
export { LostModel } from "./LostModel.tsx";
export { Missing } from "./Missing.tsx";
export { NoticeBar } from "./NoticeBar.tsx";
export { Folders } from "./organise/Folders.tsx";
export { Organiser } from "./organise/Organiser.tsx";
export { SelectionBar } from "./organise/SelectionBar.tsx";
export { Overlay } from "./Overlay.tsx";
export { ProblemCard } from "./ProblemCard.tsx";
export { QueueList } from "./QueueList.tsx";
export { QuoteButton } from "./QuoteButton.tsx";
export { startRare } from "./starting.ts";
export { Summarised } from "./Summarised.tsx";
export { Temporary } from "./Temporary.tsx";
export { Refused } from "./Refused.tsx";
export { TitleField } from "./TitleField.tsx";
export { ToolCall } from "./ToolCall.tsx";
export { Transition } from "./Transition.tsx";
export { UserFoot } from "./UserFoot.tsx";
export { WaitingWords } from "./WaitingWords.tsx";

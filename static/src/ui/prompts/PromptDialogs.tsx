import type { JSX } from "preact";
import { FillDialog } from "./FillDialog.tsx";
import { ListDialog } from "./ListDialog.tsx";
import { promptTask } from "./tasks.ts";
import { WriteDialog } from "./WriteDialog.tsx";

/** What is done with saved prompts. */
export function PromptDialogs(): JSX.Element | null {
  const task = promptTask.value;
  if (task === null) return null;
  if ("filling" in task) return <FillDialog prompt={task.filling} place={task.place} />;
  return "writing" in task ? <WriteDialog writing={task.writing} /> : <ListDialog />;
}

import type { JSX } from "preact";
import { PromptDialogs } from "../prompts/PromptDialogs.tsx";
import { listMenu, searching, shelf, task } from "../screen.ts";
import { SearchDialog } from "../search/SearchDialog.tsx";
import { ListMenu } from "./ListMenu.tsx";
import { ShelfDialog } from "./ShelfDialog.tsx";
import { TaskDialog } from "./TaskDialog.tsx";

/** What opens over the page to find chats, to put them in order, and to write prompts. */
export function Organiser(): JSX.Element {
  return (
    <>
      {searching.value && <SearchDialog />}
      {listMenu.value !== null && <ListMenu key={listMenu.value.label} />}
      {shelf.value !== null && <ShelfDialog shelf={shelf.value} />}
      {task.value !== null && <TaskDialog task={task.value} />}
      <PromptDialogs />
    </>
  );
}

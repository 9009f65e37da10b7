// The key that opens the map of branches.

import { openSession } from "../../app/store.ts";
import { dialog } from "../screen.ts";

export function startMapping(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "y" || !event.shiftKey || !(event.ctrlKey || event.metaKey) || openSession.peek() === null) return;
    event.preventDefault();
    dialog.value = "map";
  });
}

// What runs beside the page, started once.

import { startAiming } from "../app/aiming.ts";
import { startAttaching } from "../app/attaching.ts";
import { startBeside } from "../app/beside.ts";
import { startFiling } from "../app/filing.ts";
import { startQueue } from "../app/queueing.ts";
import { startSummarising } from "../app/summarising.ts";
import { startThreads } from "../app/threads.ts";
import { startTogether } from "../app/together.ts";
import { startTools } from "../render/toolUse.ts";
import { startAnnouncing } from "./announcing.ts";
import { startCompleting } from "./completions.ts";
import { startDraftCopy } from "./draftCopy.ts";
import { startForgetting } from "./forgetting.ts";
import { startMapping } from "./map/mapping.ts";
import { startNoticing } from "./noticing.ts";
import { startPreferring } from "./preferring.ts";
import { showPrompts } from "./prompts/tasks.ts";

/** `preview`: the address of the empty frame that shows HTML. */
export function startRare(preview: string): void {
  startBeside();
  startAiming();
  startMapping();
  startAnnouncing();
  startAttaching();
  startCompleting();
  startQueue();
  startTools(preview);
  startPreferring();
  startNoticing();
  startDraftCopy();
  startSummarising();
  startThreads();
  startTogether();
  startForgetting();
  startFiling();
  openNamed();
}

/** What another page's link asks for: the settings lead to the saved prompts. A reload does not open them again. */
function openNamed(): void {
  if (location.hash !== "#prompts") return;
  history.replaceState(history.state, "", location.pathname + location.search);
  showPrompts();
}
